"""What a comparison runs, where, and how far it has come."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from src.messages import N_, Message
from src.training import pool
from src.training.folds import fold_names
from src.training.metrics import Metric
from src.training.model import Candidate
from src.training.preparation import modules_for
from src.training.table import TrainingTable

OnProgress = Callable[..., None]
"""Called as ``report`` of :class:`src.jobs.JobContext`."""


@dataclass(frozen=True)
class Plan:
    """What a comparison runs, and where.

    Parameters
    ----------
    table : TrainingTable
        The rows.
    metric : Metric
        Ranks the candidates.
    candidates : list of Candidate
        In running order.
    folder : Path
        Work folder; finished work found there is not done again.
    seconds : float
        Time limit of one candidate.
    attempt : int
        See :func:`src.training.pool.run`.
    is_examined : bool
        Whether each of the best is looked at closely once they are known.
    """

    table: TrainingTable
    metric: Metric
    candidates: list[Candidate]
    folder: Path
    seconds: float
    n_select: int = 5
    seed: int = 42
    tune_trials: int = 0
    n_jobs: int | None = None
    attempt: int = 1
    is_examined: bool = False

    @property
    def folds(self) -> list[str]:
        """Names of the prepared folds."""
        return fold_names(self.table)

    @property
    def steps(self) -> int:
        """All steps: candidates, two fits and the trials of each of the best, and what follows."""
        refits = min(self.n_select, len(self.candidates) - 1) or 1
        each = 2 + self.tune_trials + (self.table.reference is not None) + self.is_examined
        return len(self.candidates) + refits * each

    def run(
        self, work: Mapping[str, Callable[[], Any]], *, seconds: float | None = None
    ) -> Iterator[tuple[str, Any]]:
        """Run assignments in the plan's folder; see :func:`src.training.pool.run`."""
        return pool.run(
            work,
            folder=self.folder,
            seconds=seconds or self.seconds,
            count=self.n_jobs,
            attempt=self.attempt,
            modules=modules_for(self.table.features),
        )


@dataclass
class Steps:
    """Count steps and tell what is going on."""

    plan: Plan
    on_progress: OnProgress | None
    done: int = 0
    started: float = field(default_factory=time.monotonic)

    def step(self) -> None:
        """Count one step as done."""
        self.done = min(self.plan.steps, self.done + 1)

    def running(self, waiting: list[Candidate]) -> None:
        """Name the candidates that run: they start in order, as many as there are workers."""
        if waiting:
            working = waiting[: pool.workers(self.plan.n_jobs)]
            names = ", ".join(candidate.name for candidate in working)
            self.say(Message(N_("{names} em andamento"), {"names": names}))

    def trial(self, name: str, number: int) -> None:
        """Count a trial of the search for parameters."""
        self.step()
        self.say(
            Message(
                N_("Ajuste de parâmetros: {name}, tentativa {number} de {trials}"),
                {"name": name, "number": number, "trials": self.plan.tune_trials},
            )
        )

    def say(self, step: Message) -> None:
        """Tell what is being done."""
        if self.on_progress is None:
            return
        remaining = None
        if self.done:
            pace = (time.monotonic() - self.started) / self.done
            remaining = pace * (self.plan.steps - self.done)
        self.on_progress(self.done, self.plan.steps, step, remaining_seconds=remaining)
