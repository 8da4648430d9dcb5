"""One candidate: its scores in the folds, and its fit on more rows. Runs in worker processes."""

from __future__ import annotations

import contextlib
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from sklearn import config_context
from sklearn.base import clone
from sklearn.ensemble import VotingClassifier
from sklearn.pipeline import Pipeline

from src.errors import TrainingError
from src.messages import N_
from src.training import workfiles
from src.training.design import Task
from src.training.folds import ALL, TRAIN, Prepared, read_table
from src.training.metrics import figures
from src.training.model import Candidate, CandidateResult
from src.training.outcome import Outcome
from src.training.yardstick import Scored, best_threshold


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
    for number, name in enumerate(folds):
        prepared = Prepared(folder, name)
        X, y = prepared.array("X_fit"), prepared.array("y_fit")
        if candidate.quadratic:
            _check_memory(len(y))
        started = time.perf_counter()
        with _quiet(skip_parameter_validation=number > 0):
            estimator = clone(candidate.estimator).fit(X, y)
            reached = figures(_outcome(estimator, prepared, task))
        seconds.append(time.perf_counter() - started)
        del estimator
        for metric, value in reached.items():
            scores.setdefault(metric, []).append(value)
    return CandidateResult(
        id=candidate.id,
        name=candidate.name,
        metrics={metric: float(np.mean(values)) for metric, values in scores.items()},
        deviations={metric: float(np.std(values)) for metric, values in scores.items()},
        fold_scores=scores,
        seconds=float(np.mean(seconds)),
    )


def fit_on_train(candidate: Candidate, task: Task, folder: Path) -> dict[str, float]:
    """Fit on the whole training part, keep the pipeline for a closer look, score held-out rows."""
    prepared = Prepared(folder, TRAIN)
    with _quiet(skip_parameter_validation=True):
        estimator = clone(candidate.estimator).fit(prepared.array("X_fit"), prepared.array("y_fit"))
        holdout = figures(_outcome(estimator, prepared, task))
    _dump(estimator, prepared, train_pipeline_path(folder, candidate.id))
    return holdout


def fit_on_all(candidate: Candidate, folder: Path) -> None:
    """Fit on every row, with the original labels, and write the pipeline to disk."""
    table, _ = read_table(folder)
    prepared = Prepared(folder, ALL)
    estimator = clone(candidate.estimator)
    if table.task.is_classification and table.labels != tuple(range(len(table.labels))):
        estimator = _with_labels(estimator)
    with _quiet(skip_parameter_validation=True):
        estimator.fit(prepared.array("X_fit"), table.target)
    _dump(estimator, prepared, final_pipeline_path(folder, candidate.id))


def score_holdout(candidate: Candidate, folder: Path, folds: list[str]) -> Scored:
    """Score the held-out rows, with a threshold chosen on the rows that the folds left out.

    Raises
    ------
    TrainingError
        If the candidate gives no scores, or scores that are no numbers.
    """
    labels, values = [], []
    with _quiet(skip_parameter_validation=True):
        for name in folds:
            prepared = Prepared(folder, name)
            estimator = clone(candidate.estimator)
            estimator.fit(prepared.array("X_fit"), prepared.array("y_fit"))
            values.append(_scores(_outcome(estimator, prepared, Task.BINARY)))
            labels.append(prepared.array("y_score"))
        threshold = best_threshold(np.concatenate(labels), np.concatenate(values))
        estimator = workfiles.read(train_pipeline_path(folder, candidate.id))[-1]
        holdout = _outcome(estimator, Prepared(folder, TRAIN), Task.BINARY)
        return Scored(threshold, _scores(holdout))


def _outcome(estimator: Any, prepared: Prepared, task: Task) -> Outcome:
    return Outcome(estimator, prepared.array("X_score"), prepared.array("y_score"), task)


def _scores(outcome: Outcome) -> np.ndarray:
    # Probabilities where there are any: their threshold means the same in each fold.
    probabilities = outcome.probabilities
    scores = outcome.scores if probabilities is None else probabilities[:, 1]
    if scores is None:
        raise TrainingError(N_("Este modelo só diz a classe, sem nota."))
    scores = np.asarray(scores, dtype=np.float64)
    if not np.isfinite(scores).all():
        raise TrainingError(N_("O modelo deu notas que não são números."))
    return scores


def train_pipeline_path(folder: Path, candidate_id: str) -> Path:
    """Where the pipeline that has not seen the held-out rows is."""
    return folder / f"{candidate_id}.train.pkl"


def final_pipeline_path(folder: Path, candidate_id: str) -> Path:
    """Where the pipeline fitted on all rows is."""
    return folder / f"{candidate_id}.final.pkl"


@contextlib.contextmanager
def _quiet(*, skip_parameter_validation: bool) -> Iterator[None]:
    """Leave out what is known: no value is missing, and what converges badly shows in the scores.

    The parameters, too, are right once one fit has accepted them; a forest asks for each tree.
    """
    known = config_context(assume_finite=True, skip_parameter_validation=skip_parameter_validation)
    with warnings.catch_warnings(), known:
        warnings.simplefilter("ignore")
        yield


def _with_labels(estimator: Any) -> Any:
    """Let an estimator that knows only the classes 0 .. k-1 answer with the original labels.

    XGBoost is the one. A soft vote of one is scikit-learn's own way to translate labels there and
    back, so the saved pipeline needs no class of ours.
    """
    if type(estimator).__module__.partition(".")[0] != "xgboost":
        return estimator
    return VotingClassifier([("model", estimator)], voting="soft")


def _dump(estimator: Any, prepared: Prepared, path: Path) -> None:
    preparation = workfiles.read(prepared.preparation)
    workfiles.write(Pipeline([("prepare", preparation), ("model", estimator)]), path)


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
