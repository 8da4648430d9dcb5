"""A module whose preparation takes long enough to look at what goes on meanwhile."""

from __future__ import annotations

import os
import time
from typing import Any

from src.jobs import JobContext

_prepared = False


def warm_up() -> None:
    global _prepared
    time.sleep(5)
    _prepared = True


def where(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Say which process this is, after a while that a cancellation ends."""
    deadline = time.monotonic() + params.get("seconds", 0)
    while time.monotonic() < deadline:
        context.report(0, 0)
        time.sleep(0.05)
    return {"pid": os.getpid(), "prepared": _prepared}
