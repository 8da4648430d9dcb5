"""Handlers that the job tests run in real worker processes."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from src.config import get_settings
from src.errors import TrainingError
from src.jobs import JobContext


def add(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    context.report(1, 1)
    return {"sum": params["a"] + params["b"], "pid": os.getpid()}


def count_slowly(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Count to ``params["n"]``; what is counted is kept in the work folder.

    At the step ``waits_at`` it waits until the file ``gate`` is there.
    """
    start = len(list(context.workdir.glob("step-*")))
    for step in range(start, params["n"]):
        context.report(step, params["n"])
        while step == params.get("waits_at") and not Path(params["gate"]).exists():
            context.report(step, params["n"])
            time.sleep(0.02)
        time.sleep(params.get("seconds", 0.1))
        (context.workdir / f"step-{step}").write_text(str(context.attempt))
        if params.get("crash_at") == step and context.attempt == 1:
            os._exit(139)
    return {"started_at": start, "attempt": context.attempt}


def always_crash(params: dict[str, Any], context: JobContext) -> None:
    os._exit(139)


def fail_clearly(params: dict[str, Any], context: JobContext) -> None:
    raise TrainingError("A coluna {column} não existe.", column="lux")


def fail_unexpectedly(params: dict[str, Any], context: JobContext) -> None:
    Path("/nonexistent/folder/file").read_text()


def ignore_cancellation(params: dict[str, Any], context: JobContext) -> None:
    time.sleep(600)


def fail_always() -> float:
    raise RuntimeError("as it should")


def leave_a_mark() -> float:
    """Called by the supervisor: add a letter to a file, and ask to be called again at once."""
    with (get_settings().data_dir / "mark").open("a") as file:
        file.write("x")
    return 0
