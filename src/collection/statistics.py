"""What has been collected, in the documented figures and in those the screen shows."""

from __future__ import annotations

import datetime as dt
from typing import Any

from src.collection import goals, store
from src.collection.figures import mean_duration
from src.collection.moments import documented


def stats() -> dict[str, Any]:
    """Return the figures of ``GET /api/ml/stats``.

    Returns
    -------
    dict
        ``total_interactions`` counts clicks, views of details and contacts, not impressions;
        ``unique_sessions`` and ``unique_cars`` are those with at least one of them.
        ``avg_duration_seconds`` is over the views whose duration is known, 0 if there are none;
        ``data_collection_progress`` is a percentage of ``min_interactions_needed``, at most 100.
        ``last_interaction`` is null while there is none.
    """
    with store.figures() as figures:
        of_type, totals = figures.by_type(), figures.totals()
    done = {kind: sums.events for kind, sums in of_type.items() if kind.is_interaction}
    total, last = sum(done.values()), totals.last_interaction
    return {
        "total_interactions": total,
        **{f"{kind.value}_count": count for kind, count in done.items()},
        "unique_sessions": totals.sessions,
        "unique_cars": totals.cars,
        "avg_duration_seconds": round(mean_duration(of_type.values()) or 0.0, 1),
        "last_interaction": None if last is None else documented(last),
        "data_collection_progress": round(min(100.0, 100 * total / goals.EXPLORATION), 1),
        "ready_for_training": total >= goals.EXPLORATION,
        "min_interactions_needed": goals.EXPLORATION,
    }


def pace(today: dt.date, *, over: int = 7) -> float:
    """Return interactions a day over the last whole days.

    Parameters
    ----------
    today : date
        In the configured zone; not counted, because it is not over.
    over : int
        How many days.
    """
    with store.figures() as figures:
        of_type = figures.by_type(today - dt.timedelta(days=over), today - dt.timedelta(days=1))
    return sum(sums.events for kind, sums in of_type.items() if kind.is_interaction) / over
