"""One candidate: its scores in the folds, and its fit on more rows. Runs in worker processes."""

from __future__ import annotations

import math
import time
import warnings
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import psutil
from sklearn.base import clone
from sklearn.ensemble import VotingClassifier
from sklearn.pipeline import Pipeline

from src.errors import TrainingError
from src.messages import N_
from src.training import catalogue
from src.training.catalogue import Candidate
from src.training.folds import ALL, TRAIN, Prepared, read_table
from src.training.model import CandidateResult, Task


def evaluate(candidate: Candidate, task: Task, folder: Path, folds: list[str]) -> CandidateResult:
    """Fit a candidate on each fold and score it on the rows left out.

    Predictions and scores are computed once a fold and shared by the metrics. The estimator is
    dropped before the next fold.

    Raises
    ------
    TrainingError
        If it would need more memory than there is, or predicts values that are no numbers.
    """
    scores: dict[str, list[float]] = {}
    seconds = []
    for name in folds:
        prepared = Prepared(folder, name)
        X, y = prepared.array("X_fit"), prepared.array("y_fit")
        if candidate.quadratic:
            _check_memory(len(y))
        started = time.perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # convergence and collinearity show in the scores
            estimator = clone(candidate.estimator).fit(X, y)
            found = score(estimator, prepared.array("X_score"), prepared.array("y_score"), task)
        seconds.append(time.perf_counter() - started)
        del estimator
        for metric, value in found.items():
            scores.setdefault(metric, []).append(value)
    return CandidateResult(
        id=candidate.id,
        name=candidate.name,
        metrics={metric: float(np.mean(values)) for metric, values in scores.items()},
        deviations={metric: float(np.std(values)) for metric, values in scores.items()},
        fold_scores=scores,
        seconds=float(np.mean(seconds)),
    )


def score(estimator: Any, X: Any, y: np.ndarray, task: Task) -> dict[str, float]:
    """Return every metric of a fitted estimator on rows whose target is known.

    For two classes AUC uses the decision function where there is one, else the probability, as
    PyCaret does. For more it needs probabilities and is NaN without them (PyCaret says 0).

    Raises
    ------
    TrainingError
        If predictions are not finite numbers.
    """
    predicted = np.asarray(estimator.predict(X)).reshape(len(y))
    if task is Task.REGRESSION and not np.isfinite(predicted).all():
        raise TrainingError(N_("O modelo previu valores que não são números: ele não convergiu."))
    values = class_scores(estimator, X, task) if task.is_classification else None
    return {
        function.name: _value(function, y, values if function.of_scores else predicted)
        for function in catalogue.score_functions(task)
    }


def class_scores(estimator: Any, X: Any, task: Task) -> np.ndarray | None:
    """Return what ranks rows by class: shape (rows,) for two classes, (rows, classes) for more."""
    if task is Task.BINARY and hasattr(estimator, "decision_function"):
        return np.asarray(estimator.decision_function(X))
    if not hasattr(estimator, "predict_proba"):
        return None
    probabilities = np.asarray(estimator.predict_proba(X))
    return probabilities[:, 1] if task is Task.BINARY else probabilities


def fit_on_train(candidate: Candidate, task: Task, folder: Path) -> dict[str, float]:
    """Fit on the whole training part, keep the pipeline for a closer look, score held-out rows."""
    prepared = Prepared(folder, TRAIN)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        estimator = clone(candidate.estimator).fit(prepared.array("X_fit"), prepared.array("y_fit"))
        figures = score(estimator, prepared.array("X_score"), prepared.array("y_score"), task)
    _dump(estimator, prepared, train_pipeline_path(folder, candidate.id))
    return figures


def fit_on_all(candidate: Candidate, folder: Path) -> None:
    """Fit on every row, with the original labels, and write the pipeline to disk."""
    table, _ = read_table(folder)
    prepared = Prepared(folder, ALL)
    estimator = clone(candidate.estimator)
    if table.task.is_classification and table.labels != tuple(range(len(table.labels))):
        estimator = _with_labels(estimator)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        estimator.fit(prepared.array("X_fit"), table.target)
    _dump(estimator, prepared, final_pipeline_path(folder, candidate.id))


def train_pipeline_path(folder: Path, candidate_id: str) -> Path:
    """Where the pipeline that has not seen the held-out rows is."""
    return folder / f"{candidate_id}.train.joblib"


def final_pipeline_path(folder: Path, candidate_id: str) -> Path:
    """Where the pipeline fitted on all rows is."""
    return folder / f"{candidate_id}.final.joblib"


def _with_labels(estimator: Any) -> Any:
    """Let an estimator that knows only the classes 0 .. k-1 answer with the original labels.

    XGBoost is the one. A soft vote of one is scikit-learn's own way to translate labels there and
    back, so the saved pipeline needs no class of ours.
    """
    if type(estimator).__module__.partition(".")[0] != "xgboost":
        return estimator
    return VotingClassifier([("model", estimator)], voting="soft")


def _dump(estimator: Any, prepared: Prepared, path: Path) -> None:
    preparation = joblib.load(prepared.preparation)
    temporary = path.with_suffix(".tmp")
    joblib.dump(Pipeline([("prepare", preparation), ("model", estimator)]), temporary)
    temporary.replace(path)


def _value(function: catalogue.ScoreFunction, y: np.ndarray, values: np.ndarray | None) -> float:
    if values is None:
        return math.nan
    try:
        return function.function(y, values)
    except ValueError:
        return math.nan  # a metric that these rows do not define, as AUC without a class


def _check_memory(rows: int) -> None:
    needed = rows * rows * 8 * 2
    free = psutil.virtual_memory().available
    if needed > free // 2:
        raise TrainingError(
            N_(
                "Precisa de {needed} GB de memória para {rows} linhas e há {free} GB livres. "
                "Treine com menos linhas."
            ),
            needed=round(needed / 2**30, 1),
            rows=rows,
            free=round(free / 2**30, 1),
        )
