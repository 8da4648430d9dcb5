"""What the job workers call. Little is imported here, so that a cold worker is ready sooner: it
starts its candidates' processes at once, and loads PyCaret while those load theirs.
"""

from __future__ import annotations

import importlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from src.training import pool

if TYPE_CHECKING:
    from src.jobs import JobContext

FITTING_MODULES = ("src.training.evaluation", "lightgbm", "xgboost")
"""What every process that fits candidates needs; text columns take a second more, once."""


def warm_up() -> None:
    """Start the candidates' processes and load what they need, before anyone waits for it."""
    with ThreadPoolExecutor(1) as alongside:
        processes_ready = alongside.submit(pool.warm_up, FITTING_MODULES)
        importlib.import_module("src.training.job")
        processes_ready.result()


def compare(_params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Run the comparison that has the job's identifier; see :func:`src.training.job.compare`."""
    from src.training import job

    return job.compare(context)
