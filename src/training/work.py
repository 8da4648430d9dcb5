"""The job that compares."""

from __future__ import annotations

from src.training import catalogue, pool
from src.training.model import Task


def warm_up() -> None:
    """Start the candidates' processes and load what they need, before anyone waits for it."""
    pool.warm_up(prepare_worker)


def prepare_worker() -> None:
    """Import the estimators and the metrics into a process."""
    for task in Task:
        catalogue.candidates(task)
        catalogue.score_functions(task)
