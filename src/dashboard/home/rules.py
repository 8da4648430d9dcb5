"""The flow in five steps: what is done, what comes next. Rules only; nothing is read or drawn."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """A stage of the work, in order."""

    TABLES = "tables"
    COMPARISON = "comparison"
    TOP = "top"
    MODELS = "models"
    PREDICTIONS = "predictions"


class StepState(StrEnum):
    """How far a step is."""

    DONE = "done"
    RUNNING = "running"
    NEXT = "next"
    WAITING = "waiting"


@dataclass(frozen=True)
class Counts:
    """What the rooms hold.

    Parameters
    ----------
    tables : int
        Imported tables.
    comparisons : int
        Comparisons that left at least one of their best candidates ready to save.
    running : int
        Comparisons that wait or run.
    models : int
        Registered models, those in quarantine included.
    quarantined : int
        Models that nobody has decided yet whether to trust.
    predictions : int
        Logged predictions.
    enough_events : bool
        Whether the collection has interactions enough to make a table of.
    """

    tables: int = 0
    comparisons: int = 0
    running: int = 0
    models: int = 0
    quarantined: int = 0
    predictions: int = 0
    enough_events: bool = False

    @property
    def usable_models(self) -> int:
        """Models that can predict."""
        return self.models - self.quarantined


def next_step(counts: Counts) -> Step:
    """Return the one thing that brings the work forward.

    The furthest stage that can be worked on wins: someone who has a model came to predict, even
    if the table it was trained on is gone.

    Examples
    --------
    >>> next_step(Counts())
    <Step.TABLES: 'tables'>
    >>> next_step(Counts(tables=1, comparisons=1))
    <Step.TOP: 'top'>
    """
    if counts.usable_models:
        return Step.PREDICTIONS
    if counts.running:
        return Step.COMPARISON
    if counts.comparisons:
        return Step.TOP
    if counts.models:
        return Step.MODELS
    return Step.COMPARISON if counts.tables else Step.TABLES


def states(counts: Counts) -> dict[Step, StepState]:
    """Return the state of every step, in order; exactly one or none is ``NEXT``.

    A comparison that runs is ``RUNNING``, also where it is the next step to look at. When every
    step is done there is no ``NEXT``.
    """
    done = {
        Step.TABLES: counts.tables > 0,
        Step.COMPARISON: counts.comparisons > 0,
        Step.TOP: counts.comparisons > 0 and counts.models > 0,
        Step.MODELS: counts.usable_models > 0,
        Step.PREDICTIONS: counts.predictions > 0,
    }
    following = next_step(counts)
    found: dict[Step, StepState] = {}
    for step in Step:
        if step is Step.COMPARISON and counts.running:
            found[step] = StepState.RUNNING
        elif done[step]:
            found[step] = StepState.DONE
        else:
            found[step] = StepState.NEXT if step is following else StepState.WAITING
    return found
