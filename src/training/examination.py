"""A candidate looked at closely, on the held-out rows."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
from sklearn import metrics
from sklearn.inspection import permutation_importance

from src.training import workfiles
from src.training.design import Task
from src.training.evaluation import train_pipeline_path
from src.training.folds import TRAIN, Prepared, read_table
from src.training.metrics import Metric, figures
from src.training.model import Diagnostics
from src.training.outcome import Outcome

CURVE_POINTS = 200
RESIDUAL_POINTS = 2000
IMPORTANCE_ROWS = 1000
IMPORTANCE_REPEATS = 5


def diagnose(folder: Path, candidate_id: str, metric: Metric, seed: int) -> Diagnostics:
    """Look at one of the best candidates, fitted on the training part only.

    Parameters
    ----------
    folder : Path
        Work folder of the comparison.
    candidate_id : str
        One that was refitted.
    metric : Metric
        What the permutation importance is measured in.
    seed : int
        For the shuffles and for the choice of rows.
    """
    table, rows = read_table(folder)
    pipeline = workfiles.read(train_pipeline_path(folder, candidate_id))
    prepared = Prepared(folder, TRAIN)
    y, task = prepared.array("y_score"), table.task
    outcome = Outcome(pipeline[-1], prepared.array("X_score"), y, task)
    rng = np.random.default_rng(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        holdout = figures(outcome)
        raw = table.features.iloc[rows.holdout].reset_index(drop=True)
        importance = _importance(pipeline, raw, y, task, metric, rng)
        if task is Task.REGRESSION:
            residuals = _residuals(y, outcome.predicted, rng)
            return Diagnostics(holdout, len(y), residuals=residuals, importance=importance)
        labels = [str(label) for label in table.labels]
        values = outcome.scores
        return Diagnostics(
            holdout,
            len(y),
            labels=labels,
            confusion=metrics.confusion_matrix(
                y, outcome.predicted, labels=range(len(labels))
            ).tolist(),
            roc=None if values is None else _curves(_roc, y, values, labels),
            pr=None if values is None else _curves(_precision_recall, y, values, labels),
            importance=importance,
        )


def _importance(
    pipeline: Any, raw: Any, y: np.ndarray, task: Task, metric: Metric, rng: np.random.Generator
) -> list[dict[str, Any]]:
    if len(raw) > IMPORTANCE_ROWS:
        chosen = rng.choice(len(raw), IMPORTANCE_ROWS, replace=False)
        raw, y = raw.iloc[chosen], y[chosen]
    sign = 1 if metric.greater_is_better else -1

    def measured(fitted: Any, X: Any, truth: np.ndarray) -> float:
        return sign * metric.function(Outcome(fitted, X, truth, task))

    importance = permutation_importance(
        pipeline,
        raw,
        y,
        scoring=measured,
        n_repeats=IMPORTANCE_REPEATS,
        random_state=int(rng.integers(2**31)),
    )
    means, deviations = importance.importances_mean, importance.importances_std
    return [
        {"feature": str(raw.columns[at]), "mean": float(means[at]), "std": float(deviations[at])}
        for at in np.argsort(-means)
    ]


def _residuals(
    actual: np.ndarray, predicted: np.ndarray, rng: np.random.Generator
) -> dict[str, list[float]]:
    chosen = np.arange(len(actual))
    if len(actual) > RESIDUAL_POINTS:
        chosen = rng.choice(len(actual), RESIDUAL_POINTS, replace=False)
    return {
        "actual": np.asarray(actual)[chosen].tolist(),
        "predicted": predicted[chosen].tolist(),
    }


def _curves(make: Any, y: np.ndarray, values: np.ndarray, labels: list[str]) -> list[dict]:
    """One curve about the positive class for two classes, else each class against the others."""
    if values.ndim == 1:
        return [make(y == 1, values, labels[-1])]
    return [
        make(y == position, values[:, position], label)
        for position, label in enumerate(labels)
        if 0 < (y == position).sum() < len(y)
    ]


def _roc(truth: np.ndarray, values: np.ndarray, label: str) -> dict[str, Any]:
    fpr, tpr, _ = metrics.roc_curve(truth, values)
    keep = _thinned(len(fpr))
    auc = float(metrics.auc(fpr, tpr))
    return {"label": label, "fpr": fpr[keep].tolist(), "tpr": tpr[keep].tolist(), "auc": auc}


def _precision_recall(truth: np.ndarray, values: np.ndarray, label: str) -> dict[str, Any]:
    precision, recall, _ = metrics.precision_recall_curve(truth, values)
    keep = _thinned(len(recall))
    return {
        "label": label,
        "recall": recall[keep].tolist(),
        "precision": precision[keep].tolist(),
        "average_precision": float(metrics.average_precision_score(truth, values)),
    }


def _thinned(length: int) -> np.ndarray:
    """Positions of at most ``CURVE_POINTS`` points, the ends included."""
    return np.unique(np.linspace(0, length - 1, min(length, CURVE_POINTS)).round().astype(int))
