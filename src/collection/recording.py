"""Events come in: checked, counted once, and refused ones counted with their reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from src.collection import localdays, store
from src.collection.counting import Row, row
from src.collection.event import Event, Problem, check
from src.errors import InvalidEvent
from src.messages import N_

BATCH_EVENTS = 10_000
"""How many events are stored in one transaction."""

REJECTED_KEPT = 1_000
"""Of how many rejected events it is said what was wrong with each."""


@dataclass(frozen=True)
class Recorded:
    """What became of several events.

    Parameters
    ----------
    accepted, duplicates : int
        Stored now; stored before, or twice among these.
    rejected : tuple of (position, problems)
        Positions from 0; the first 1,000.
    refused : int
        How many were rejected in all.
    reasons : mapping of str to int
        The rejected ones by their first reason, the most frequent first.
    """

    accepted: int
    duplicates: int
    rejected: tuple[tuple[int, tuple[Problem, ...]], ...]
    refused: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)


def record(event: Mapping[str, Any]) -> str:
    """Store one event and return its id; the same one twice counts once.

    Raises
    ------
    InvalidEvent
        If a field is missing, unknown, or out of its range; it is counted as rejected.
    StorageError
        If the database does not answer; nothing was stored.
    """
    checked = check(event)
    if not isinstance(checked, Event):
        store.count_rejections(Counter([checked[0].reason]), localdays.today())
        raise InvalidEvent(
            N_("O evento não segue o esquema ({problems}). Nada foi gravado."),
            problems="; ".join(problem.reason for problem in checked),
        )
    store.add([checked])
    return checked.id


def record_many(events: Iterable[Mapping[str, Any]]) -> Recorded:
    """Store the valid ones of several events, in batches; an invalid one harms no other.

    Raises
    ------
    StorageError
        If the database does not answer; earlier batches are stored, and sending all of them again
        counts none twice.
    """
    recording = Recording()
    recording.take(map(check, events))
    return recording.finish()


class Recording:
    """Stores events as they are checked, ten thousand in a transaction, and keeps the account.

    Parameters
    ----------
    received : bool
        Whether a sender sent them now, and not a file.
    """

    def __init__(self, *, received: bool = True) -> None:
        self._received = received
        self._rows: list[Row] = []
        self._position = self._accepted = self._duplicates = 0
        self._rejected: list[tuple[int, tuple[Problem, ...]]] = []
        self._reasons: Counter[str] = Counter()

    def take(self, checked: Iterable[Event | tuple[Problem, ...]]) -> None:
        """Store the events, and keep what is wrong with the others."""
        for entry in checked:
            if isinstance(entry, Event):
                self._rows.append(row(entry))
                if len(self._rows) >= BATCH_EVENTS:
                    self._store()
            else:
                self._reasons[entry[0].reason] += 1
                if len(self._rejected) < REJECTED_KEPT:
                    self._rejected.append((self._position, entry))
            self._position += 1

    def finish(self) -> Recorded:
        """Store what is left, count what was rejected, and return the account."""
        self._store()
        store.count_rejections(self._reasons, localdays.today())
        return Recorded(
            self._accepted,
            self._duplicates,
            tuple(self._rejected),
            self._reasons.total(),
            dict(self._reasons.most_common()),
        )

    def _store(self) -> None:
        new = store.add_rows(self._rows, received=self._received)
        self._accepted += new
        self._duplicates += len(self._rows) - new
        self._rows.clear()


def erase_session(session_id: str) -> int:
    """Remove everything of one session (LGPD, art. 18); return how many events that were."""
    return store.erase(session_id)
