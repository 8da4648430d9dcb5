"""Quality over periods, channels and topics, against the period before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from src.persistence import utc_now
from src.review.quality import CONFIDENCE, Change, Figures, changes, figures, grouped, is_drop
from src.review.store import quality

WATCHED = dt.timedelta(days=7)
WATCHED_CONFIDENCE = 0.99
"""Stricter than on the page: who looks every few minutes would otherwise see chance often."""


@dataclass(frozen=True)
class Compared:
    """A period against the one before, of the same length.

    Attributes
    ----------
    changes : dict
        Figure (see ``quality.NAMES``) → change.
    drops : tuple of str
        The figures that became worse by more than chance would give.
    """

    now: Figures
    before: Figures
    changes: dict[str, Change]
    drops: tuple[str, ...]


def measure(
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    *,
    channel: str | None = None,
    topic: str | None = None,
    by: str | None = None,
) -> list[Figures]:
    """Return the figures of the conversations that began in a period.

    Parameters
    ----------
    since, until : datetime, optional
        Moments; ``until`` is not included.
    by : str, optional
        ``"channel"``, ``"topic"``, ``"day"``, ``"week"`` or ``"month"`` (local): one row for each;
        without it, one row for all.
    """
    seen = quality.seen(since, until, channel=channel, topic=topic)
    return grouped(seen, by) if by is not None else [figures(seen)]


def compare(
    since: dt.datetime,
    until: dt.datetime,
    *,
    channel: str | None = None,
    topic: str | None = None,
    confidence: float = CONFIDENCE,
) -> Compared:
    """Compare a period with the one of the same length just before it."""
    now = figures(quality.seen(since, until, channel=channel, topic=topic))
    before = figures(quality.seen(since - (until - since), since, channel=channel, topic=topic))
    found = changes(now, before, confidence)
    drops = tuple(name for name, change in found.items() if is_drop(name, change))
    return Compared(now, before, found, drops)


def watch() -> Compared:
    """Compare the last seven days with the seven before, as the alert does."""
    until = utc_now()
    return compare(until - WATCHED, until, confidence=WATCHED_CONFIDENCE)
