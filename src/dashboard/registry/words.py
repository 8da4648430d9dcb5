"""How models, their figures and their settings are written on the screen *Modelos registrados*."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from src import training
from src.dashboard import formats
from src.dashboard.parts import tasks

MAX_FIGURES = 5
DECIMALS = 4

_METRICS = {
    metric.name.lower().rstrip("."): metric
    for metrics in training.METRICS.values()
    for metric in metrics
}
"""By the name that metadata may have, in small letters and without the dot of ``Prec.``."""


def metric(name: str) -> training.Metric | None:
    """Return the metric that a model's metadata call so; None for one that is not ours."""
    return _METRICS.get(name.lower().rstrip("."))


def task(value: object) -> str:
    """Name a model's task in the person's language; a dash when nobody said it."""
    try:
        return tasks.short_name(training.Task(str(value)))
    except ValueError:
        return str(value) if value else formats.MISSING


def figure(value: float) -> str:
    """Write a metric's value."""
    return formats.number(float(value), decimals=DECIMALS)


def model_type(metadata: Mapping[str, Any]) -> str:
    """Return what kind of model it is."""
    return str(metadata.get("model_type") or metadata.get("model_name") or formats.MISSING)


def figures(metadata: Mapping[str, Any]) -> dict[str, float]:
    """Return the metrics among a model's metadata, under the names they have in a comparison.

    What is given twice, under ``metrics`` and flat in small letters, counts once; a number that
    no comparison knows counts only under ``metrics``.
    """
    given = metadata.get("metrics")
    if isinstance(given, Mapping):
        found = dict(given)
    else:
        found = {name: value for name, value in metadata.items() if metric(name)}
    return {
        known.name if (known := metric(name)) else str(name): float(value)
        for name, value in found.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }


def ranked(found: Mapping[str, float], of_task: object) -> list[str]:
    """Return the metrics' names, the one that ranks this task's models first."""
    try:
        first = training.DEFAULT_METRICS[training.Task(str(of_task))]
    except ValueError:
        first = ""
    order = [first, *(known.name for known in _METRICS.values())]
    return sorted(found, key=lambda name: order.index(name) if name in order else len(order))
