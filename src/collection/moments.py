"""How moments are written: to sort by, or as the documented files have them; and their days."""

from __future__ import annotations

import datetime as dt

import orjson

from src import days


class Hours(dict[str, dt.date | None]):
    """The day of an hour of UTC, as ``2024-11-11 10``; None if the day changes within it.

    It fills itself. A million events lie in some thousand hours, and need ask the zone no more
    often.
    """

    def __init__(self) -> None:
        super().__init__()
        self._zone = days.zone()

    def __missing__(self, hour: str) -> dt.date | None:
        first, last = (self.precisely(f"{hour}:{rest}") for rest in ("00:00", "59:59"))
        self[hour] = first if first == last else None
        return self[hour]

    def precisely(self, text: str) -> dt.date:
        """Return the day of a moment, as :func:`sortable` gives it."""
        moment = dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)
        return moment.astimezone(self._zone).date()


def sortable(moment: dt.datetime) -> str:
    """Write a moment so that texts sort as moments do: ``2024-11-11 10:30:00.000000``.

    Parameters
    ----------
    moment : datetime
        In UTC.
    """
    text = orjson.dumps(moment).decode()  # in a fifth of the time of isoformat
    return (
        f"{text[1:11]} {text[12:27]}"
        if moment.microsecond
        else f"{text[1:11]} {text[12:20]}.000000"
    )


def documented(moment: dt.datetime) -> str:
    """Write a moment as the documented files do: UTC, milliseconds, ``Z``.

    Whoever sent microseconds gets them back.
    """
    precision = "microseconds" if moment.microsecond % 1000 else "milliseconds"
    return moment.astimezone(dt.UTC).isoformat(timespec=precision).replace("+00:00", "Z")
