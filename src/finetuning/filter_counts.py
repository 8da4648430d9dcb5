"""What there is to choose from: stored conversations, grouped by what the filters ask.

Counting once takes a millisecond or two a conversation; afterwards every change of the filters is
counted at once, because only the groups are looked at.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from src import days
from src.finetuning.filters import Filters
from src.finetuning.model import Candidate

STAR_STEP = 0.5


@dataclass(frozen=True)
class Passed:
    """What the filters leave; cleaning and near-duplicates come after them.

    Attributes
    ----------
    examined, kept : int
        Conversations in all, and those that pass every filter.
    counts : dict
        How many each filter left out, as ``Recipe.losses`` takes it.
    approved : dict
        How many of those reviewers had approved.
    """

    examined: int
    kept: int
    counts: dict[str, int]
    approved: dict[str, int]


@dataclass(frozen=True)
class FilterCounts:
    """Conversations that the filters cannot tell apart, and how many of each.

    Attributes
    ----------
    groups : tuple of (Candidate, int)
        Without turns. Exact for filters by whole days of the configured zone and by half stars.
    """

    groups: tuple[tuple[Candidate, int], ...]

    @property
    def examined(self) -> int:
        """Conversations in all."""
        return sum(count for _group, count in self.groups)

    def approved(self) -> int:
        """Return how many a reviewer has approved."""
        return sum(count for group, count in self.groups if group.verdict == "approved")

    def rated(self) -> int:
        """Return how many have stars."""
        return sum(count for group, count in self.groups if group.stars is not None)

    def passing(self, filters: Filters) -> Passed:
        """Count what each filter leaves out.

        Raises
        ------
        FinetuningError
            If the filters contradict themselves.
        """
        filters.check()
        counts: Counter[str] = Counter()
        approved: Counter[str] = Counter()
        kept = 0
        for group, count in self.groups:
            reason = filters.refusal(group)
            if reason is None:
                kept += count
            else:
                counts[reason] += count
                if group.verdict == "approved":
                    approved[reason] += count
        return Passed(self.examined, kept, dict(counts), dict(approved))

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "groups": [
                [
                    group.started_at.isoformat(),
                    group.channel,
                    group.topic,
                    group.ended,
                    group.stars,
                    group.verdict,
                    bool(group.flags),
                    count,
                ]
                for group, count in self.groups
            ]
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> FilterCounts:
        """Rebuild from :meth:`to_dict`."""
        return cls(
            tuple(
                (_group(dt.datetime.fromisoformat(day), *rest), count)
                for day, *rest, count in data["groups"]
            )
        )


def _group(
    day: dt.datetime,
    channel: str,
    topic: str,
    ended: bool,
    stars: float | None,
    verdict: Any,
    flagged: bool,
) -> Candidate:
    return Candidate(
        id="",
        customer="",
        channel=channel,
        topic=topic,
        started_at=day,
        ended=ended,
        turns=(),
        stars=stars,
        verdict=verdict,
        flags=("problem",) if flagged else (),
    )


def group(candidates: Iterable[Candidate]) -> FilterCounts:
    """Group conversations by local day, channel, topic, end, half stars, verdict and problems."""
    counts: Counter[Candidate] = Counter()
    for one in candidates:
        day = days.beginning(days.day_of(one.started_at)).astimezone(dt.UTC)
        # Rounded down: as many half stars pass a limit of half stars as stars do.
        stars = None if one.stars is None else math.floor(one.stars / STAR_STEP) * STAR_STEP
        flagged = bool(one.flags)
        counts[_group(day, one.channel, one.topic, one.ended, stars, one.verdict, flagged)] += 1
    return FilterCounts(tuple(counts.items()))
