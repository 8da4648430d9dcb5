"""What there is to choose from: stored conversations, grouped by what the filters ask.

Counting once takes a millisecond or two a conversation; afterwards every change of the filters is
counted at once, because only the groups are looked at.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

from src import days
from src.finetuning.filters import Filters
from src.finetuning.model import Candidate

STAR_STEP = 0.5
ASKED = ("channel", "topic", "ended", "stars", "verdict")
"""What filters ask of a conversation besides its day and its problems."""
_asked = attrgetter(*ASKED)


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
                [group.started_at.isoformat(), *_asked(group), bool(group.flags), count]
                for group, count in self.groups
            ]
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> FilterCounts:
        """Rebuild from :meth:`to_dict`."""
        return cls(
            tuple(
                (_group(dt.datetime.fromisoformat(day), flagged, *asked), count)
                for day, *asked, flagged, count in data["groups"]
            )
        )


def _group(day: dt.datetime, flagged: bool, *asked: Any) -> Candidate:
    flags = ("problem",) if flagged else ()
    known = dict(zip(ASKED, asked, strict=True))
    return Candidate(id="", customer="", started_at=day, turns=(), flags=flags, **known)


def group(candidates: Iterable[Candidate]) -> FilterCounts:
    """Group conversations by local day, channel, topic, end, half stars, verdict and problems."""
    counts: Counter[Candidate] = Counter()
    for one in candidates:
        day = days.beginning(days.day_of(one.started_at)).astimezone(dt.UTC)
        # Rounded down: as many half stars pass a limit of half stars as stars do.
        stars = None if one.stars is None else math.floor(one.stars / STAR_STEP) * STAR_STEP
        counts[_group(day, bool(one.flags), *_asked(replace(one, stars=stars)))] += 1
    return FilterCounts(tuple(counts.items()))
