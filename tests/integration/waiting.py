"""Waiting for what other processes do."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from src import jobs


def wait_for(condition: Callable[[], Any], seconds: float = 180.0) -> Any:
    """Return the first true value of ``condition``; a busy machine is slow, not broken."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("the condition did not come true in time")


def ended(job_id: str) -> jobs.Job | None:
    """Return the job once nothing more will happen to it."""
    job = jobs.get(job_id)
    return job if job.state.is_final else None
