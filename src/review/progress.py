"""What the reviewers did, and how far they agree."""

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter
from itertools import groupby
from operator import itemgetter

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
    by_name = itemgetter(0)
    stored = sorted(decisions.decisions(since, until), key=by_name)
    work = [_work(reviewer, list(done)) for reviewer, done in groupby(stored, by_name)]
    return sorted(work, key=lambda it: -it.decisions)


def _work(reviewer: str, done: list[tuple[str, str, dt.datetime, float]]) -> Work:
    _names, what, moments, seconds = zip(*done, strict=True)
    return Work(
        reviewer=reviewer,
        approved=what.count(Decision.APPROVED),
        rejected=what.count(Decision.REJECTED),
        returned=what.count(Decision.RETURNED),
        median_seconds=statistics.median(seconds),
        days=Counter(map(days.day_of, moments)),
    )
