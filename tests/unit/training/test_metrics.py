"""The leaderboard's figures against PyCaret's and scikit-learn's own functions."""

from __future__ import annotations

import math
import subprocess
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from pycaret.containers.metrics import classification, regression
from sklearn import metrics
from sklearn.dummy import DummyClassifier

from src import training
from src.errors import TrainingError
from src.training import Task
from src.training.metrics import figures
from src.training.outcome import Outcome

pytestmark = pytest.mark.core

RNG = np.random.default_rng(7)


class Answers:
    """An estimator that has been asked already."""

    def __init__(self, predicted: np.ndarray, probabilities: np.ndarray | None = None) -> None:
        self.predicted = predicted
        if probabilities is not None:
            self.predict_proba = lambda _X: probabilities

    def predict(self, _X: None) -> np.ndarray:
        return self.predicted


def ours(
    task: Task, y: np.ndarray, predicted: np.ndarray, probabilities: np.ndarray | None = None
) -> dict[str, float]:
    return figures(Outcome(Answers(predicted, probabilities), None, y, task))


def theirs(module: Any, y: np.ndarray, predicted: np.ndarray, scores: Any) -> dict[str, float]:
    """Return the figures of PyCaret's metric containers."""
    found = {}
    for container in module.get_all_metric_containers({}).values():
        values = predicted if container.target == "pred" else scores
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found[container.display_name] = container.score_func(y, values, **container.args)
    return found


def predictions(n_classes: int) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yield true classes, predictions from worse than chance to perfect, and scores."""
    for share in (0.0, 0.3, 0.6, 0.95, 1.0):
        y = np.repeat(np.arange(n_classes), RNG.integers(2, 60, n_classes))
        scores = RNG.random((len(y), n_classes)) * (1 - share)
        scores[np.arange(len(y)), y] += share
        scores /= scores.sum(axis=1, keepdims=True)
        yield y, scores.argmax(axis=1), scores
    y = np.arange(n_classes).repeat(3)
    yield y, np.zeros_like(y), np.full((len(y), n_classes), 1 / n_classes)  # one class only


@pytest.mark.parametrize(("task", "n_classes"), [(Task.BINARY, 2), (Task.MULTICLASS, 4)])
def test_the_figures_of_classes_are_pycarets(task: Task, n_classes: int) -> None:
    for y, predicted, scores in predictions(n_classes):
        given = scores[:, 1] if task is Task.BINARY else scores
        reached = ours(task, y, predicted, scores)
        expected = theirs(classification, y, predicted, given)
        assert {name: reached[name] for name in expected} == pytest.approx(
            expected, abs=1e-12, nan_ok=True
        )


def test_the_figures_of_numbers_are_pycarets() -> None:
    for actual, noise in ((RNG.normal(size=50), 1.0), (RNG.normal(1e6, 1e3, 50), 1e4)):
        actual[3] = 0.0
        predicted = actual + RNG.normal(scale=noise, size=50)
        expected = theirs(regression, actual, predicted, None)
        reached = ours(Task.REGRESSION, actual, predicted)
        assert {name: reached[name] for name in expected} == pytest.approx(expected, rel=1e-12)


def test_the_columns_are_those_of_the_leaderboard() -> None:
    for task, module in (
        (Task.BINARY, classification),
        (Task.MULTICLASS, classification),
        (Task.REGRESSION, regression),
    ):
        columns = [metric.name for metric in training.METRICS[task]]
        known = [entry.display_name for entry in module.get_all_metric_containers({}).values()]
        assert columns[: len(known)] == known
        assert all(len(name) <= 16 for name in columns), "the database holds no longer names"
        X, y = np.zeros((6, 1)), np.array([0, 0, 1, 1, 2, 2]) % (2 if task is Task.BINARY else 3)
        assert list(figures(Outcome(DummyClassifier().fit(X, y), X, y, task))) == columns


def test_a_class_that_the_rows_lack_leaves_no_auc_but_the_rest() -> None:
    y, predicted = np.array([0, 0, 1, 1]), np.array([0, 2, 1, 1])
    scores = np.eye(3)[predicted]
    reached = ours(Task.MULTICLASS, y, predicted, scores)
    assert math.isnan(reached["AUC"])
    assert reached["Accuracy"] == 0.75
    assert reached["MCC"] == pytest.approx(metrics.matthews_corrcoef(y, predicted))
    two = np.column_stack([np.zeros(4), np.arange(4.0)])
    assert math.isnan(ours(Task.BINARY, np.zeros(4), np.zeros(4), two)["AUC"])


def test_rows_and_predictions_of_a_single_class() -> None:
    reached = ours(Task.BINARY, np.zeros(5, int), np.zeros(5, int))
    assert (reached["Accuracy"], reached["Recall"], reached["MCC"]) == (1, 0, 0)
    assert math.isnan(reached["Kappa"])


def test_a_prediction_that_is_no_number_is_refused() -> None:
    with pytest.raises(TrainingError, match="não convergiu"):
        ours(Task.REGRESSION, np.arange(3.0), np.array([1, np.inf, 2]))


def test_the_processes_that_fit_do_not_import_pycaret() -> None:
    code = (
        "import sys; import src.training.evaluation; "
        "assert not {'pycaret', 'skrub'} & set(sys.modules), 'slow imports'"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=300)
