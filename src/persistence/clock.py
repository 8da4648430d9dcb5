"""The present moment, the one way it is read."""

from __future__ import annotations

import datetime as dt


def utc_now() -> dt.datetime:
    """Return the present moment in UTC, with its zone."""
    return dt.datetime.now(dt.UTC)
