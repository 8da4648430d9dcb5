"""Events come in: checked, counted once, and refused ones counted with their reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from src.collection import localdays, store
from src.collection.event import Event, Problem, check
from src.errors import InvalidEvent
from src.logs import get_logger
from src.messages import N_

log = get_logger(__name__)

BATCH_EVENTS = 10_000
"""How many events are stored in one transaction."""


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
    accepted = duplicates = 0
    refused: list[tuple[int, tuple[Problem, ...]]] = []
    batch: list[Event] = []

    def flush() -> None:
        nonlocal accepted, duplicates
        new = store.add(batch)
        accepted += new
        duplicates += len(batch) - new
        batch.clear()

    for position, raw in enumerate(events):
        checked = check(raw)
        if isinstance(checked, Event):
            batch.append(checked)
            if len(batch) == BATCH_EVENTS:
                flush()
        else:
            refused.append((position, checked))
    flush()
    reasons = Counter(problems[0].reason for _position, problems in refused)
    store.count_rejections(reasons, localdays.today())
    return Recorded(accepted, duplicates, tuple(refused), len(refused), dict(reasons.most_common()))


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
