"""Events in the operational database, and the roll-ups kept in the same transaction.

What the screen shows comes from the roll-ups, so it costs the same at a million events as at ten
thousand. They are sums by day, session and car, by days of the configured zone.
"""

from src.collection.store.reading import (
    Figures,
    OfType,
    Stored,
    count_of_session,
    figures,
    known,
    rejected,
    stored,
)
from src.collection.store.writing import (
    add,
    add_unique,
    count_rejections,
    erase,
    rebuild_counters,
)
