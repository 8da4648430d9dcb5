"""Quality over periods, channels and topics, against the period before."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from src.persistence import utc_now
from src.review.figures import (
    CONFIDENCE,
    NAMES,
    Case,
    Change,
    Figures,
    Seen,
    changes,
    figures,
    grouped,
    is_drop,
    worst,
)
from src.review.store import quality

WATCHED = dt.timedelta(days=7)
WATCHED_CONFIDENCE = 0.99
"""Stricter than on the page: who looks every few minutes would otherwise see chance often."""

MOST_GROUPS = 100
MOST_CASES = 50


@dataclass(frozen=True)
class Compared:
    """A period against the one before, of the same length.

    Attributes
    ----------
    changes : dict
        Figure (see ``figures.NAMES``) → change.
    drops : tuple of str
        The figures that became worse by more than chance would give.
    """

    now: Figures
    before: Figures
    changes: dict[str, Change]
    drops: tuple[str, ...]


@dataclass(frozen=True)
class Survey:
    """All that is told of a period, from one reading.

    Attributes
    ----------
    whole : Compared
        Without a period before, its figures before rest on nothing and nothing is a change.
    over_time : list of Figures
        By day, week or month.
    channels, topics : list of Compared
        The hundred largest groups, largest first. Each difference is held against an interval that
        is wider the more groups there are (Bonferroni), for among many some differ by chance.
    cases : dict
        Figure → the fifty conversations that make it worst.
    """

    whole: Compared
    over_time: list[Figures]
    channels: list[Compared]
    topics: list[Compared]
    cases: dict[str, tuple[Case, ...]]


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
        Moments; ``until`` is not included. With one of them, conversations whose source has no
        times are left out: nobody knows when they began.
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
    now = quality.seen(since, until, channel=channel, topic=topic)
    before = quality.seen(since - (until - since), since, channel=channel, topic=topic)
    return _compared(figures(now), figures(before), confidence)


def _compared(now: Figures, before: Figures, confidence: float) -> Compared:
    found = changes(now, before, confidence)
    drops = tuple(name for name, change in found.items() if is_drop(name, change))
    return Compared(now, before, found, drops)


def survey(
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    *,
    channel: str | None = None,
    topic: str | None = None,
    by: str = "day",
) -> Survey:
    """Look at a period from every side, against the one of the same length just before it.

    Parameters
    ----------
    since, until : datetime, optional
        Moments; ``until`` is not included. With one of them open there is no period before, with
        both open conversations without times count too, though not over time.
    by : {"day", "week", "month"}
        Local, for what changes over time.
    """
    first = since if since is None or until is None else since - (until - since)
    seen = quality.seen(first, until, channel=channel, topic=topic)
    now = [it for it in seen if since is None or it.started_at >= since]
    before = [it for it in seen if since is not None and it.started_at < since]
    return Survey(
        whole=_compared(figures(now), figures(before), CONFIDENCE),
        over_time=grouped([it for it in now if it.timed], by),
        channels=_groups(now, before, "channel"),
        topics=_groups(now, before, "topic"),
        cases={name: worst(name, now, MOST_CASES) for name in NAMES},
    )


def _groups(now: list[Seen], before: list[Seen], by: str) -> list[Compared]:
    sizes = Counter(getattr(it, by) for it in now)
    names = [name for name, _size in sizes.most_common(MOST_GROUPS)]
    confidence = 1 - (1 - CONFIDENCE) / max(1, len(names))
    shown = frozenset(names)
    of_now, of_before = (
        {it.group: it for it in grouped([it for it in seen if getattr(it, by) in shown], by)}
        for seen in (now, before)
    )
    return [
        _compared(of_now[name], of_before.get(name) or figures((), name), confidence)
        for name in names
    ]


def watch() -> Compared:
    """Compare the last seven days with the seven before, as the alert does."""
    until = utc_now()
    return compare(until - WATCHED, until, confidence=WATCHED_CONFIDENCE)
