"""What the job workers call."""

from __future__ import annotations

from typing import Any

from src import jobs
from src.features.building import build_table


def build(params: dict[str, Any], context: jobs.JobContext) -> dict[str, Any]:
    """Build a table from events; a repetition after a crash does not build it twice."""

    name = build_table(
        params["kind"], actor=context.actor, on_progress=context.share, build_id=context.job_id
    )
    return {"name": name, "target": params["kind"]}
