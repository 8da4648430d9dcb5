"""Which day a moment belongs to: days begin at midnight in the configured zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

from src.config import get_settings
from src.persistence import utc_now

_HOURS_KEPT = 50_000


def zone() -> ZoneInfo:
    """Return the zone in which days are counted."""
    return ZoneInfo(get_settings().timezone)


def today() -> dt.date:
    """Return the day it is now."""
    return utc_now().astimezone(zone()).date()


def beginning(day: dt.date) -> dt.datetime:
    """Return the first moment of a day."""
    return dt.datetime.combine(day, dt.time(), zone())


def reader() -> Callable[[str], dt.date]:
    """Return a function from a moment, as :func:`written` gives it, to its day.

    It remembers hours: almost every hour of UTC lies in one day, so a million events ask the zone
    some thousand times.
    """
    there = zone()
    known: dict[str, dt.date | None] = {}

    def precisely(text: str) -> dt.date:
        moment = dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)
        return moment.astimezone(there).date()

    def day_of(text: str) -> dt.date:
        hour = text[:13]
        if hour not in known:
            if len(known) >= _HOURS_KEPT:
                known.clear()
            first = precisely(hour + ":00:00.000000")
            known[hour] = first if precisely(hour + ":59:59.999999") == first else None
        return known[hour] or precisely(text)

    return day_of


def written(moment: dt.datetime) -> str:
    """Write a moment in UTC so that texts sort as moments do: ``2024-11-11 10:30:00.000000``."""
    return moment.astimezone(dt.UTC).isoformat(" ", "microseconds")[:26]
