"""What has been collected, in the documented figures and in those the screen shows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from src.collection import goals, store
from src.collection.event import InteractionType


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
    by_type: dict[str, int] = defaultdict(int)
    seconds, timed = 0.0, 0
    for row in store.counts():
        by_type[row.interaction_type] += row.events
        seconds += row.seconds
        timed += row.timed
    done = {kind: by_type[kind] for kind in InteractionType if kind.is_interaction}
    total = sum(done.values())
    sessions, cars, last = store.distinct()
    return {
        "total_interactions": total,
        **{f"{kind.value}_count": count for kind, count in done.items()},
        "unique_sessions": sessions,
        "unique_cars": cars,
        "avg_duration_seconds": round(seconds / timed, 1) if timed else 0.0,
        "last_interaction": None if last is None else store.written(last),
        "data_collection_progress": round(min(100.0, 100 * total / goals.EXPLORATION), 1),
        "ready_for_training": total >= goals.EXPLORATION,
        "min_interactions_needed": goals.EXPLORATION,
    }


def pace(today: dt.date, *, over: int = 7) -> float:
    """Return interactions a day over the last whole days.

    Parameters
    ----------
    today : date
        In UTC; not counted, because it is not over.
    over : int
        How many days.
    """
    rows = store.counts(today - dt.timedelta(days=over), today)
    done = [row.events for row in rows if InteractionType(row.interaction_type).is_interaction]
    return sum(done) / over
