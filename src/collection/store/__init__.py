"""Events in the operational database, and the roll-ups kept in the same transaction.

What the screen shows comes from the roll-ups, so it costs the same at a million events as at ten
thousand. They are sums by day, session and car, by days of the configured zone.
"""

from src.collection.store.reading import (
    Stored,
    Times,
    by_day,
    by_type,
    cars_active,
    every,
    most_clicked,
    rejected,
    session_steps,
    sessions_active,
    stored,
    times,
    written,
)
from src.collection.store.writing import (
    add,
    add_rows,
    count_rejections,
    erase,
    rebuild_counters,
)

__all__ = [
    "Stored",
    "Times",
    "add",
    "add_rows",
    "by_day",
    "by_type",
    "cars_active",
    "count_rejections",
    "erase",
    "every",
    "most_clicked",
    "rebuild_counters",
    "rejected",
    "session_steps",
    "sessions_active",
    "stored",
    "times",
    "written",
]
