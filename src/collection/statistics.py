"""What has been collected, in the documented figures and in those the screen shows."""

from __future__ import annotations

import datetime as dt
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
    rows = {row.interaction_type: row for row in store.by_type()}
    done = {
        kind: int(rows[kind].events) if kind in rows else 0
        for kind in InteractionType
        if kind.is_interaction
    }
    total = sum(done.values())
    timed = sum(int(row.timed) for row in rows.values())
    seconds = sum(int(row.milliseconds) for row in rows.values()) / 1000
    last = store.times().last_interaction
    return {
        "total_interactions": total,
        **{f"{kind.value}_count": count for kind, count in done.items()},
        "unique_sessions": store.sessions_active(),
        "unique_cars": store.cars_active(),
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
        In the configured zone; not counted, because it is not over.
    over : int
        How many days.
    """
    rows = store.by_day(today - dt.timedelta(days=over), today - dt.timedelta(days=1))
    done = [row.events for row in rows if InteractionType(row.interaction_type).is_interaction]
    return sum(done) / over
