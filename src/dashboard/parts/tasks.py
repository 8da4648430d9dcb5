"""What the tasks of models are called."""

from __future__ import annotations

from src import training
from src.dashboard.i18n import _
from src.messages import N_

NAMES = {
    training.Task.BINARY: N_("classificação em duas classes"),
    training.Task.MULTICLASS: N_("classificação em várias classes"),
    training.Task.REGRESSION: N_("regressão"),
}
SHORT_NAMES = {
    training.Task.BINARY: N_("duas classes"),
    training.Task.MULTICLASS: N_("várias classes"),
    training.Task.REGRESSION: N_("regressão"),
}


def name(value: training.Task) -> str:
    """Name a task in the person's language."""
    return _(NAMES[value])


def short_name(value: training.Task) -> str:
    """Name a task where there is little room."""
    return _(SHORT_NAMES[value])
