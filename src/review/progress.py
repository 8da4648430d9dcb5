"""What the reviewers did, and how far they agree."""

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter

from src import days
from src.review.agreement import Agreement, agreements
from src.review.model import Decision, Work
from src.review.store import decisions


def measure_agreement(
    since: dt.datetime | None = None, until: dt.datetime | None = None
) -> list[Agreement]:
    """Return how far reviewers agree, by criterion: pairs, each reviewer, all."""
    return agreements(decisions.blind_annotations(since, until))


def reviewer_progress(
    since: dt.datetime | None = None, until: dt.datetime | None = None
) -> list[Work]:
    """Return what each reviewer did, the most decisions first."""
    by_reviewer: dict[str, list[tuple[str, dt.datetime, float]]] = {}
    for reviewer, decision, at, seconds in decisions.decisions(since, until):
        by_reviewer.setdefault(reviewer, []).append((decision, at, seconds))
    made = []
    for reviewer, done in by_reviewer.items():
        counts = Counter(decision for decision, _at, _seconds in done)
        made.append(
            Work(
                reviewer=reviewer,
                approved=counts[Decision.APPROVED],
                rejected=counts[Decision.REJECTED],
                returned=counts[Decision.RETURNED],
                median_seconds=statistics.median(seconds for _decision, _at, seconds in done),
                days=Counter(days.day_of(at) for _decision, at, _seconds in done),
            )
        )
    return sorted(made, key=lambda it: (-it.decisions, it.reviewer))
