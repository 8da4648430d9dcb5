"""Events come in: checked, counted once, and refused ones counted with their reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from src import days
from src.collection import store
from src.collection.counters import UniqueEvents
from src.collection.model import Event, Fault, check
from src.errors import InvalidEvent
from src.logs import get_logger
from src.messages import N_

log = get_logger(__name__)

TRANSACTION_EVENTS = 20_000
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
    rejected: tuple[tuple[int, tuple[Fault, ...]], ...]
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
        store.count_rejections(Counter([checked[0].reason]), days.today())
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
    remaining = iter(events)
    while some := list(islice(remaining, TRANSACTION_EVENTS)):
        recording.take([check(event) for event in some])
    return recording.finish()


class Recording:
    """Stores events as they are checked, twenty thousand in a transaction, and keeps the account.

    Parameters
    ----------
    from_sender : bool
        Whether a sender sent them now, and not a file.
    """

    def __init__(self, *, from_sender: bool = True) -> None:
        self._from_sender = from_sender
        self._taken = UniqueEvents()
        self._position = self._accepted = self._duplicates = 0
        self._rejected: list[tuple[int, tuple[Fault, ...]]] = []
        self._reasons: Counter[str] = Counter()

    def take(self, checked: Sequence[Event | tuple[Fault, ...]]) -> None:
        """Store the events, and keep what is wrong with the others."""
        valid = [entry for entry in checked if not isinstance(entry, tuple)]
        self._taken.take(valid)
        if len(valid) < len(checked):
            self._reject(checked)
        self._position += len(checked)
        if len(self._taken.rows) >= TRANSACTION_EVENTS:
            self._store()

    def finish(self) -> Recorded:
        """Store what is left, count what was rejected, and return the account."""
        self._store()
        if not self._is_known_file():
            store.count_rejections(self._reasons, days.today(), from_sender=self._from_sender)
        return Recorded(
            self._accepted,
            self._duplicates,
            tuple(self._rejected),
            self._reasons.total(),
            dict(self._reasons.most_common()),
        )

    def _is_known_file(self) -> bool:
        """Whether a file was imported before: its refused events have been counted then."""
        return not self._from_sender and not self._accepted and self._duplicates > 0

    def _reject(self, checked: Sequence[Event | tuple[Fault, ...]]) -> None:
        for position, entry in enumerate(checked, self._position):
            if isinstance(entry, tuple):
                self._reasons[entry[0].reason] += 1
                if len(self._rejected) < REJECTED_KEPT:
                    self._rejected.append((position, entry))

    def _store(self) -> None:
        new = store.add_unique(self._taken, from_sender=self._from_sender)
        self._accepted += new
        self._duplicates += len(self._taken.rows) - new + self._taken.repeated
        self._taken = UniqueEvents()


def count_session(session_id: str) -> int:
    """Return how many events of one session there are."""
    return store.count_of_session(session_id)


def erase_session(session_id: str, *, actor: str = "") -> int:
    """Remove everything of one session (LGPD, art. 18); return how many events that were.

    Who did it is logged, not whose session it was.
    """
    erased = store.erase(session_id)
    log.info("session_erased", events=erased, actor=actor)
    return erased
