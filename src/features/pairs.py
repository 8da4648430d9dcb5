"""Events become pairs of one session and one car: what was known first, and how far it went.

A pair's row is made when its first event is met, from that event and from what the session had done
strictly before, and is never touched again; later events only tell how far the pair went. So no
feature can know an outcome.
"""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from src.collection import InteractionType
from src.features.model import GROUP, ORDER
from src.features.row import row

STAGES = tuple(InteractionType)
"""From being shown to being asked about; a pair at one stage has passed those before it."""

SESSION_PAUSE = dt.timedelta(minutes=30)
"""A session with an event in the last half hour may still go on: what it has not done yet is no
outcome. The usual limit of web analytics."""


@dataclass(slots=True)
class _Session:
    number: int
    moment: str = ""
    pairs: dict[str, int] = field(default_factory=dict)
    clicked: int = 0
    seen_before: int = 0
    clicked_before: int = 0

    def come_to(self, moment: str) -> None:
        """Count what happened before; events of one moment do not see each other."""
        if moment != self.moment:
            self.moment = moment
            self.seen_before, self.clicked_before = len(self.pairs), self.clicked


class Pairs:
    """Every pair met so far, a few bytes each.

    Attributes
    ----------
    first, reached : bytearray
        By pair: the stage of its first event, and the furthest stage of all its events.
    """

    def __init__(self) -> None:
        self.first = bytearray()
        self.reached = bytearray()
        self._session_of = array("l")
        self._sessions: dict[str, _Session] = {}

    def follow(self, events: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
        """Yield the row of each pair in the order in which they begin.

        Parameters
        ----------
        events : iterable of mapping
            In the documented shape, in the order they occurred.
        """
        for event in _in_order(events):
            session = self._sessions.get(event["session_id"])
            if session is None:
                session = self._sessions[event["session_id"]] = _Session(len(self._sessions))
            session.come_to(event["timestamp"])
            stage = _STAGE[event["interaction_type"]]
            pair = session.pairs.get(event["car_id"])
            if pair is None:
                pair = session.pairs[event["car_id"]] = len(self.first)
                self.first.append(stage)
                self.reached.append(0)
                self._session_of.append(session.number)
                yield _row(event, session)
            if self.reached[pair] == 0 < stage:
                session.clicked += 1
            self.reached[pair] = max(self.reached[pair], stage)

    def ended(self, now: dt.datetime) -> list[bool]:
        """Tell for each pair whether its session is over."""
        limit = now - SESSION_PAUSE
        over = [
            dt.datetime.fromisoformat(session.moment) <= limit
            for session in self._sessions.values()
        ]
        return [over[number] for number in self._session_of]


def _row(event: Mapping[str, Any], session: _Session) -> dict[str, Any]:
    at = dt.datetime.fromisoformat(event["timestamp"])
    features = row(
        event["user_preferences"],
        event["car_details"],
        event["match_score"],
        at,
        cars_seen=session.seen_before,
        cars_clicked=session.clicked_before,
    )
    return {GROUP: event["session_id"], ORDER: at, **features}


_STAGE = {kind.value: stage for stage, kind in enumerate(STAGES)}


def _in_order(events: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Put events of one moment into the order in which they must have happened."""
    for _moment, together in groupby(events, key=itemgetter("timestamp")):
        yield from sorted(together, key=lambda event: _STAGE[event["interaction_type"]])
