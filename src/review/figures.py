"""How good the assistant is: figures with their intervals, and changes that are no chance.

The formulas are in docs/review.md. Every interval is of 95 % unless said otherwise.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from src import days
from src.conversations import Outcome
from src.intervals import wilson

CONFIDENCE = 0.95
FEWEST = 20
"""Means of fewer conversations are not compared: how far they scatter is not known well enough."""


@dataclass(frozen=True)
class Seen:
    """What a conversation adds to the figures.

    Attributes
    ----------
    seconds : float or None
        Mean time to an answer in it.
    positive, rated : int
        Its positive feedback by the customer, and all of it.
    tone : int or None
        1 to 5, by the judge.
    conversation_id : str
        Which one it is.
    timed : bool
        Whether its source has times; else ``started_at`` is when it was imported.
    """

    channel: str
    topic: str
    started_at: dt.datetime
    outcome: Outcome
    seconds: float | None = None
    positive: int = 0
    rated: int = 0
    tone: int | None = None
    conversation_id: str = ""
    timed: bool = True


@dataclass(frozen=True)
class Span:
    """Which periods there is something to say of.

    Attributes
    ----------
    first, last : datetime or None
        When the first and the last conversation with times began; None without any.
    untimed : int
        Conversations whose source has no times; they belong to no period.
    """

    first: dt.datetime | None
    last: dt.datetime | None
    untimed: int


@dataclass(frozen=True)
class Rate:
    """A share with its interval.

    Attributes
    ----------
    value, low, high : float or None
        0 to 1; None where nothing was counted.
    n : int
        What was counted.
    conversations : int
        How many conversations it comes from.
    effective : float
        The number of independent judgements that ``n`` is worth: several from one conversation
        agree more than chance would have them.
    """

    value: float | None
    n: int
    conversations: int
    low: float | None
    high: float | None
    effective: float


@dataclass(frozen=True)
class Mean:
    """A mean over conversations with its interval.

    Attributes
    ----------
    median : float or None
        Half of the conversations have at most this. A few very long waits pull the mean away from
        what is usual, and leave the median where it is.
    """

    value: float | None
    conversations: int
    low: float | None
    high: float | None
    deviation: float | None
    median: float | None


@dataclass(frozen=True)
class Figures:
    """The quality of a group of conversations.

    Attributes
    ----------
    group : str
        Its channel, topic, or first day (ISO); empty for all.
    conversations : int
        How many began; each figure says on how many it rests.
    answer_seconds : Mean
    tone : Mean
        1 to 5.
    """

    group: str
    conversations: int
    satisfaction: Rate
    resolution: Rate
    abandonment: Rate
    answer_seconds: Mean
    tone: Mean


@dataclass(frozen=True)
class Change:
    """A figure against the same one of the period before.

    Attributes
    ----------
    difference, low, high : float or None
        Now minus before, and the interval of the difference; None where either is missing. Means
        of fewer than ``FEWEST`` conversations have a difference without an interval.
    beyond_chance : bool
        The interval leaves out zero.
    """

    difference: float | None
    low: float | None
    high: float | None

    @property
    def beyond_chance(self) -> bool:
        """Whether the difference is larger than chance would give."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


@dataclass(frozen=True)
class Case:
    """A conversation that makes a figure worse.

    Attributes
    ----------
    value : float or None
        Its own share of positive judgements, seconds to an answer, or tone; None for how it ended.
    """

    conversation_id: str
    channel: str
    topic: str
    started_at: dt.datetime
    value: float | None


NAMES = ("satisfaction", "resolution", "abandonment", "answer_seconds", "tone")
WORSE_WHEN_HIGHER = ("abandonment", "answer_seconds")


def rate(pairs: Sequence[tuple[int, int]], confidence: float = CONFIDENCE) -> Rate:
    """Return a share from (positive, all) of each conversation.

    The variance is that of a ratio over clusters (Cochran, *Sampling Techniques*, 1977, ch. 9A); it
    gives an effective sample size, and with it Wilson's interval (Korn & Graubard, 1998). With one
    judgement a conversation this is Wilson's interval itself.

    Examples
    --------
    >>> found = rate([(1, 1)] * 80 + [(0, 1)] * 20)
    >>> found.value, round(found.low, 3), round(found.high, 3)
    (0.8, 0.711, 0.867)
    """
    pairs = [(positive, rated) for positive, rated in pairs if rated]
    clusters, total = len(pairs), sum(rated for _positive, rated in pairs)
    if not total:
        return Rate(None, 0, 0, None, None, 0.0)
    value = sum(positive for positive, _rated in pairs) / total
    effective = float(total)
    if total > clusters:
        spread = sum((positive - value * rated) ** 2 for positive, rated in pairs)
        if clusters > 1 and spread > 0:
            variance = clusters / (clusters - 1) * spread / total**2
            effective = min(float(total), value * (1 - value) / variance)
        else:
            effective = float(clusters)
    low, high = wilson(value, effective, confidence)
    return Rate(value, total, clusters, low, high, effective)


def mean(values: Sequence[float], confidence: float = CONFIDENCE) -> Mean:
    """Return a mean with Student's interval, and the median.

    Examples
    --------
    >>> found = mean([10, 12, 14, 600])
    >>> found.value, found.median
    (159.0, 13.0)
    """
    n = len(values)
    if not n:
        return Mean(None, 0, None, None, None, None)
    value = math.fsum(values) / n
    if n == 1:
        return Mean(value, 1, None, None, None, value)
    from scipy import stats

    deviation = math.sqrt(math.fsum((it - value) ** 2 for it in values) / (n - 1))
    half = float(stats.t.ppf((1 + confidence) / 2, n - 1)) * deviation / math.sqrt(n)
    return Mean(value, n, value - half, value + half, deviation, statistics.median(values))


def figures(seen: Sequence[Seen], group: str = "") -> Figures:
    """Return the figures of some conversations."""
    ended = [it for it in seen if it.outcome in (Outcome.RESOLVED, Outcome.ABANDONED)]
    return Figures(
        group=group,
        conversations=len(seen),
        satisfaction=rate([(it.positive, it.rated) for it in seen]),
        resolution=rate([(int(it.outcome == Outcome.RESOLVED), 1) for it in ended]),
        abandonment=rate([(int(it.outcome == Outcome.ABANDONED), 1) for it in ended]),
        answer_seconds=mean([it.seconds for it in seen if it.seconds is not None]),
        tone=mean([float(it.tone) for it in seen if it.tone is not None]),
    )


def grouped(seen: Sequence[Seen], by: str) -> list[Figures]:
    """Return the figures of each channel, topic, day, week or month, in their order."""
    key = _KEYS[by]
    groups = itertools.groupby(sorted(seen, key=key), key)
    return [figures(list(group), name) for name, group in groups]


def _day(it: Seen) -> dt.date:
    return days.day_of(it.started_at)


_KEYS: dict[str, Callable[[Seen], str]] = {
    "channel": lambda it: it.channel,
    "topic": lambda it: it.topic,
    "day": lambda it: _day(it).isoformat(),
    "week": lambda it: (_day(it) - dt.timedelta(days=_day(it).weekday())).isoformat(),
    "month": lambda it: _day(it).replace(day=1).isoformat(),
}


def change(now: Rate | Mean, before: Rate | Mean, confidence: float = CONFIDENCE) -> Change:
    """Compare a figure with that of the period before.

    Shares by Newcombe's interval (Statistics in Medicine 17, 1998, method 10) over effective sample
    sizes; means by Welch's.
    """
    if now.value is None or before.value is None:
        return Change(None, None, None)
    difference = now.value - before.value
    if isinstance(now, Rate) and isinstance(before, Rate):
        low, high = wilson(now.value, now.effective, confidence)
        low2, high2 = wilson(before.value, before.effective, confidence)
        return Change(
            difference,
            difference - math.hypot(now.value - low, high2 - before.value),
            difference + math.hypot(high - now.value, before.value - low2),
        )
    assert isinstance(now, Mean)
    assert isinstance(before, Mean)
    if min(now.conversations, before.conversations) < FEWEST:
        return Change(difference, None, None)
    from scipy import stats

    a, b = (it.deviation**2 / it.conversations for it in (now, before) if it.deviation is not None)
    if a + b == 0:
        return Change(difference, difference, difference)
    freedom = (a + b) ** 2 / (a**2 / (now.conversations - 1) + b**2 / (before.conversations - 1))
    half = float(stats.t.ppf((1 + confidence) / 2, freedom)) * math.sqrt(a + b)
    return Change(difference, difference - half, difference + half)


def changes(now: Figures, before: Figures, confidence: float = CONFIDENCE) -> dict[str, Change]:
    """Compare every figure of :data:`NAMES`."""
    return {name: change(getattr(now, name), getattr(before, name), confidence) for name in NAMES}


def is_drop(name: str, found: Change) -> bool:
    """Whether a figure became worse by more than chance would give."""
    if not found.beyond_chance or found.difference is None:
        return False
    return (found.difference > 0) == (name in WORSE_WHEN_HIGHER)


def worst(name: str, seen: Sequence[Seen], limit: int) -> tuple[Case, ...]:
    """Return the conversations that make a figure worse, the worst first, then the newest.

    For satisfaction those with a judgement that is not positive; for resolution and abandonment
    those that were abandoned; for the answer time and the tone all that have one.
    """
    value = _OWN_VALUES[name]
    found = [(value(it), it) for it in seen if _is_behind(name, it)]
    sign = -1 if name in WORSE_WHEN_HIGHER else 1
    found.sort(key=lambda pair: (sign * (pair[0] or 0.0), -pair[1].started_at.timestamp()))
    return tuple(
        Case(it.conversation_id, it.channel, it.topic, it.started_at, own)
        for own, it in found[:limit]
    )


def _is_behind(name: str, it: Seen) -> bool:
    if name in ("resolution", "abandonment"):
        return it.outcome == Outcome.ABANDONED
    if name == "satisfaction":
        return it.positive < it.rated
    return _OWN_VALUES[name](it) is not None


_OWN_VALUES: dict[str, Callable[[Seen], float | None]] = {
    "satisfaction": lambda it: it.positive / it.rated if it.rated else None,
    "resolution": lambda _it: None,
    "abandonment": lambda _it: None,
    "answer_seconds": lambda it: it.seconds,
    "tone": lambda it: it.tone,
}
