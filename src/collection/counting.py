"""What events add to the counters: pure sums, the same for events that come and that go.

Everything is a whole number, so that adding and taking away in any order ends at exactly what
counting the remaining events gives.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from src.collection import localdays
from src.collection.event import Event, InteractionType

Row = tuple[str, str, str, str, str, str, str, float, float | None]
"""An event as it is stored: id, session, type, car, moment, preferences, details, score, seconds.

Plain tuples of plain values, because the garbage collector need not follow these.
"""

IMPRESSION = InteractionType.IMPRESSION.value
CLICK = InteractionType.CLICK.value
VIEW = InteractionType.VIEW_DETAILS.value
CONTACT = InteractionType.WHATSAPP_CONTACT.value


def row(event: Event) -> Row:
    """Return an event as it is stored."""
    return (
        event.id,
        event.session_id,
        event.interaction_type._value_,
        event.car_id,
        event.timestamp.isoformat(" ", "microseconds")[:26],
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
        return Session(
            min(self.first_day, other.first_day),
            self.clicks + other.clicks,
            self.views + other.views,
            self.contacts + other.contacts,
        )

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
        latest_at, details = max(self[3:], other[3:])
        return Car(
            self.events + other.events,
            self.interactions + other.interactions,
            self.clicks + other.clicks,
            latest_at,
            details,
        )


@dataclass
class Counts:
    """Sums over some events.

    Parameters
    ----------
    days : dict
        By day and type: events, milliseconds of the timed ones, how many those are.
    car_days : dict
        By day and car: events, interactions, clicks.
    last_at : str or None
        The moment of the last interaction.
    """

    days: dict[tuple[dt.date, str], list[int]] = field(default_factory=dict)
    car_days: dict[tuple[dt.date, str], list[int]] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    cars: dict[str, Car] = field(default_factory=dict)
    last_at: str | None = None


def tally(rows: Iterable[Row]) -> Counts:
    """Return the sums over events; each must be there once."""
    counts = Counts()
    days, car_days = counts.days, counts.car_days
    first_days: dict[str, dt.date] = {}
    steps: dict[str, list[int]] = {}
    latest: dict[str, tuple[str, str]] = {}
    last_at = ""
    place = {CLICK: 0, VIEW: 1, CONTACT: 2}
    day_of = localdays.reader()
    for _id, session, kind, car, moment, _preferences, details, _score, seconds in rows:
        day = day_of(moment)
        if (of_day := days.get((day, kind))) is None:
            of_day = days[day, kind] = [0, 0, 0]
        of_day[0] += 1
        if seconds is not None:
            of_day[1] += round(seconds * 1000)
            of_day[2] += 1
        if (of_car := car_days.get((day, car))) is None:
            of_car = car_days[day, car] = [0, 0, 0]
        of_car[0] += 1
        if car not in latest or moment >= latest[car][0]:
            latest[car] = max((moment, details), latest.get(car, ("", "")))
        if kind == IMPRESSION:
            continue
        of_car[1] += 1
        if kind == CLICK:
            of_car[2] += 1
        if (of_session := steps.get(session)) is None:
            of_session = steps[session] = [0, 0, 0]
            first_days[session] = day
        elif day < first_days[session]:
            first_days[session] = day
        of_session[place[kind]] += 1
        if moment > last_at:
            last_at = moment
    counts.sessions = {key: Session(first_days[key], *sums) for key, sums in steps.items()}
    for (_day, car), sums in car_days.items():
        of_day_car = Car(sums[0], sums[1], sums[2], *latest[car])
        known = counts.cars.get(car)
        counts.cars[car] = of_day_car if known is None else known.joined(of_day_car)
    counts.last_at = last_at or None
    return counts
