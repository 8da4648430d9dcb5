"""Local days: which day a moment belongs to, and when a day begins, in the configured zone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from src.config import get_settings
from src.persistence import utc_now


def zone() -> ZoneInfo:
    """Return the zone in which days are counted and times are shown."""
    return ZoneInfo(get_settings().timezone)


def local(moment: dt.datetime) -> dt.datetime:
    """Return a moment, given with its zone, as clocks in the configured zone show it."""
    return moment.astimezone(zone())


def day_of(moment: dt.datetime) -> dt.date:
    """Return the day of a moment that is given with its zone."""
    return local(moment).date()


def today() -> dt.date:
    """Return the day it is now."""
    return day_of(utc_now())


def beginning(day: dt.date) -> dt.datetime:
    """Return the first moment of a day.

    Returns
    -------
    datetime
        In the configured zone. A day whose midnight the clocks leave out begins when they go on,
        at one o'clock; one with two midnights begins at the earlier.

    Raises
    ------
    OverflowError
        If the calendar does not reach so far.
    """
    midnight = dt.datetime.combine(day, dt.time(), zone())
    return midnight.astimezone(dt.UTC).astimezone(midnight.tzinfo)


def between(
    first: dt.date | None, last: dt.date | None
) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Return the first moment of one day and the first one after another; both days are inside.

    Parameters
    ----------
    first, last : date or None
        None leaves that side open.
    """
    return (
        None if first is None else beginning(first),
        None if last is None else beginning(last + dt.timedelta(days=1)),
    )
