"""Events that arrive one by one are stored together: one commit for all that are waiting.

A commit that reaches the disk takes milliseconds, whatever it holds. One thread stores what has
gathered while it was storing what came before, so many senders share the wait, and each is
answered only when its own events are safe.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import NamedTuple

from src import days
from src.collection import store
from src.collection.model import Event, Fault
from src.errors import IntakeFull, StorageError
from src.logs import get_logger
from src.messages import N_

CAPACITY = 20_000
"""Events that may wait; at some 2 KiB each they take little memory."""

TAKEN = Fault("id", "taken")
"""The id is that of another session's event. Sent again, an event has the session it had."""

log = get_logger(__name__)


class Kept(NamedTuple):
    """What became of the events of one request, once they are safe on disk.

    Parameters
    ----------
    new : int
        How many were stored now.
    taken : tuple of int
        Positions of those that were not stored because another session's event has their id;
        they are counted as refused. All others are stored, now or before.
    """

    new: int
    taken: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Request:
    events: Sequence[Event]
    refused: Counter[str]
    kept: Future[Kept] = field(default_factory=Future)


class Intake:
    """One thread that stores waiting events, with a limit to how many may wait.

    Several processes may each have one on the same database: the database orders their turns.

    Parameters
    ----------
    capacity : int
        How many events may wait, at least 1.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.capacity = capacity
        self._arrived = threading.Condition()
        self._requests: list[_Request] = []
        self._events = 0
        self._closed = False
        self._uncounted: Counter[str] = Counter()
        self._thread = threading.Thread(target=self._work, name="intake", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How many events have not been stored yet."""
        return self._events

    def add(self, event: Event) -> Future[Kept]:
        """Hand over one event; the Future ends when it is safe on disk, or its id is taken.

        The Future raises the StorageError if the database did not take it; it is not stored then.

        Raises
        ------
        IntakeFull
            If too many events are waiting, or the intake has been closed.
        """
        return self._put(_Request((event,), Counter()))

    def add_batch(self, events: Sequence[Event], refused: Counter[str]) -> Future[Kept]:
        """Hand over several events; all of them are stored, or none.

        Parameters
        ----------
        events : sequence of Event
            May hold an id twice.
        refused : Counter of str
            Reasons of the events that came with them and were refused; counted only if these
            are stored, so that a batch sent again is not counted twice.

        Returns
        -------
        Future of Kept
            Or as for ``add``. Where another process stores the same id at the same moment, both may
            be told that theirs was new.

        Raises
        ------
        IntakeFull
            If too many events are waiting, or the intake has been closed.
        """
        return self._put(_Request(events, refused))

    def refuse(self, reasons: Counter[str]) -> Future[Kept]:
        """Count refused events; the Future ends when they are counted.

        If the database does not answer, it raises the StorageError; the count is kept in memory
        and added later.

        Raises
        ------
        IntakeFull
            If the intake has been closed.
        """
        return self._put(_Request((), reasons))

    def close(self) -> None:
        """Store what is waiting and end the thread; nothing is taken any more."""
        with self._arrived:
            self._closed = True
            self._arrived.notify()
        self._thread.join()

    def _put(self, request: _Request) -> Future[Kept]:
        with self._arrived:
            if self._closed or self._events + len(request.events) > self.capacity:
                raise IntakeFull(
                    N_(
                        "Há eventos demais à espera de gravação ({waiting}). Nada foi gravado. "
                        "Envie de novo em alguns segundos."
                    ),
                    waiting=self._events,
                )
            self._events += len(request.events)
            self._requests.append(request)
            self._arrived.notify()
        return request.kept

    def _work(self) -> None:
        while True:
            with self._arrived:
                while not self._requests and not self._closed:
                    self._arrived.wait()
                requests, self._requests = self._requests, []
            if not requests:
                return
            wanted = [entry for entry in requests if entry.kept.set_running_or_notify_cancel()]
            try:
                kept = self._store(wanted)
            except Exception as error:  # noqa: BLE001 - it is raised again in every request
                for request in wanted:
                    request.kept.set_exception(error)
            else:
                for request, outcome in zip(wanted, kept, strict=True):
                    request.kept.set_result(outcome)
            with self._arrived:
                self._events -= sum(len(request.events) for request in requests)

    def _store(self, requests: list[_Request]) -> list[Kept]:
        """Store everything in one commit; return what became of each request's events."""
        events = [event for request in requests for event in request.events]
        self._uncounted += _reasons(request for request in requests if not request.events)
        try:
            kept = _judge(requests)
            if events:
                stored = store.add(events)
                kinds = Counter(event.interaction_type.value for event in events)
                log.info("events_stored", requests=len(requests), new=stored, **kinds)
        except StorageError as error:
            log.warning("events_not_stored", events=len(events), reason=str(error))
            raise
        self._uncounted += _reasons(request for request in requests if request.events)
        self._uncounted += Counter({TAKEN.reason: sum(len(entry.taken) for entry in kept)})
        self._count()
        return kept

    def _count(self) -> None:
        """Count what was refused, now or while the database did not answer."""
        if not self._uncounted:
            return
        try:
            store.count_rejections(self._uncounted, days.today())
        except StorageError as error:
            log.warning("refusals_not_counted_yet", reason=str(error))
            return
        for reason, count in self._uncounted.items():
            log.warning("events_refused", reason=reason, count=count)
        self._uncounted = Counter()


def _reasons(requests: Iterable[_Request]) -> Counter[str]:
    return sum((request.refused for request in requests), Counter())


def _judge(requests: list[_Request]) -> list[Kept]:
    """Say of each request's events which are new, and which have the id of another session's."""
    ids = [event.id for request in requests for event in request.events]
    session_of = store.known(ids) if ids else {}
    found = []
    for request in requests:
        new, taken = 0, []
        for position, event in enumerate(request.events):
            if event.id not in session_of:
                session_of[event.id] = event.session_id
                new += 1
            elif session_of[event.id] != event.session_id:
                taken.append(position)
        found.append(Kept(new, tuple(taken)))
    return found
