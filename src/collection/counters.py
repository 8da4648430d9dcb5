"""What events add to the counters: pure sums, the same for events that come and that go.

Everything is a whole number, so that adding and taking away in any order ends at exactly what
counting the remaining events gives.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import add
from typing import Any, NamedTuple

from src.collection import moments
from src.collection.model import Event, InteractionType

Row = tuple[str, str, str, str, str, str, str, float, float | None]
"""An event as it is stored: id, session, type, car, moment, preferences, details, score, seconds.

Plain tuples of plain values, because the garbage collector need not follow these.
"""

IMPRESSION = InteractionType.IMPRESSION.value
CLICK = InteractionType.CLICK.value
VIEW = InteractionType.VIEW_DETAILS.value


def row(event: Event) -> Row:
    """Return an event as it is stored."""
    return (
        event.id,
        event.session_id,
        event.interaction_type._value_,
        event.car_id,
        moments.sortable(event.timestamp),
        event.user_preferences.as_json,
        event.car_details.as_json,
        event.match_score,
        event.duration_seconds,
    )


class Session(NamedTuple):
    """A session with an interaction: the day of the first one, and how often it did what."""

    first_day: dt.date
    clicks: int
    views: int
    contacts: int

    def joined(self, other: Session) -> Session:
        """Return this session with more interactions of it."""
        first_day = min(self.first_day, other.first_day)
        return Session(first_day, *map(add, self[1:], other[1:]))

    @property
    def steps(self) -> tuple[int, int, int, int]:
        """1 for each step it reached: any interaction, click, then view, then contact."""
        clicked = self.clicks > 0
        viewed = clicked and self.views > 0
        return (1, int(clicked), int(viewed), int(viewed and self.contacts > 0))


class Car(NamedTuple):
    """A car's events, and its details as the latest of them had them."""

    events: int
    interactions: int
    clicks: int
    latest_at: str
    details: str

    def joined(self, other: Car) -> Car:
        """Return this car with more events of it."""
        events, interactions, clicks = map(add, self[:3], other[:3])
        return Car(events, interactions, clicks, *max(self[3:], other[3:]))


@dataclass
class Counts:
    """Sums over some events.

    Parameters
    ----------
    days : dict
        By day and type: events, milliseconds of the timed ones, how many those are.
    car_days : dict
        By car and day: events, interactions, clicks.
    last_at : str or None
        The moment of the last interaction.
    """

    days: dict[tuple[dt.date, str], list[int]] = field(default_factory=dict)
    car_days: dict[tuple[str, dt.date], list[int]] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    cars: dict[str, Car] = field(default_factory=dict)
    last_at: str | None = None


class Tally:
    """Sums over events as they are added; each must be added once."""

    def __init__(self) -> None:
        self._day_at = moments.Hours()
        self._days: dict[dt.date, tuple[dict[str, list[int]], dict[str, list[Any]]]] = {}
        self._sessions: dict[str, list[Any]] = {}
        self._last_at = ""

    def add(self, rows: Iterable[Row]) -> None:
        """Add events."""
        day_at, days, sessions, last_at = self._day_at, self._days, self._sessions, self._last_at
        for _id, session, kind, car, moment, _preferences, details, _score, seconds in rows:
            day = day_at[moment[:13]] or day_at.precisely(moment)
            if day not in days:
                days[day] = ({}, {})
            kinds, cars = days[day]
            if (of_kind := kinds.get(kind)) is None:
                of_kind = kinds[kind] = [0, 0, 0]
            of_kind[0] += 1
            if seconds is not None:
                of_kind[1] += round(seconds * 1000)
                of_kind[2] += 1
            if (of_car := cars.get(car)) is None:
                of_car = cars[car] = [0, 0, 0, moment, details]
            elif moment >= of_car[3]:
                of_car[3:] = max((moment, details), (of_car[3], of_car[4]))
            of_car[0] += 1
            if kind == IMPRESSION:
                continue
            of_car[1] += 1
            if (of_session := sessions.get(session)) is None:
                of_session = sessions[session] = [day, 0, 0, 0]
            elif day < of_session[0]:
                of_session[0] = day
            if kind == CLICK:
                of_car[2] += 1
                of_session[1] += 1
            elif kind == VIEW:
                of_session[2] += 1
            else:
                of_session[3] += 1
            if moment > last_at:
                last_at = moment
        self._last_at = last_at

    def counts(self) -> Counts:
        """Return the sums."""
        counts = Counts(last_at=self._last_at or None)
        counts.sessions = {key: Session(*sums) for key, sums in self._sessions.items()}
        for day, (kinds, cars) in self._days.items():
            counts.days |= {(day, kind): numbers for kind, numbers in kinds.items()}
            for car, sums in cars.items():
                counts.car_days[car, day] = sums[:3]
                there = Car(*sums)
                known = counts.cars.get(car)
                counts.cars[car] = there if known is None else known.joined(there)
        return counts


def tally(rows: Iterable[Row]) -> Counts:
    """Return the sums over events; each must be there once."""
    sums = Tally()
    sums.add(rows)
    return sums.counts()


class UniqueEvents:
    """Events to be stored together, each once, counted as they are taken.

    Attributes
    ----------
    rows : dict of str to Row
        The events by id; the first of each id.
    repeated : int
        Events left out because their id was there.
    """

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self.repeated = 0
        self._tally = Tally()

    def take(self, events: Iterable[Event]) -> None:
        """Take more events."""
        fresh = []
        for event in events:
            if event.id in self.rows:
                self.repeated += 1
            else:
                self.rows[event.id] = stored = row(event)
                fresh.append(stored)
        self._tally.add(fresh)

    def counts(self) -> Counts:
        """Return the sums over the events."""
        return self._tally.counts()
