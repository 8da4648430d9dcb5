"""A module whose preparation takes as long as a test likes to look at what goes on meanwhile."""

from __future__ import annotations

import os
import time
from typing import Any

from src.config import get_settings
from src.jobs import JobContext

_prepared = False


def warm_up() -> None:
    global _prepared
    while not (get_settings().data_dir / "go on").exists():
        time.sleep(0.02)
    _prepared = True


def where(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Say which process this is; on demand only after a cancellation."""
    while params.get("until_cancelled"):
        context.report(0, 0)
        time.sleep(0.05)
    return {"pid": os.getpid(), "prepared": _prepared}
