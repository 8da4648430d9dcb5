"""What a fitted estimator says of rows whose target is known: asked once, shared by the metrics."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from src.errors import TrainingError
from src.messages import N_
from src.training.design import Task


@dataclass(frozen=True)
class Outcome:
    """An estimator's answers, each asked for when a metric first looks at it.

    Parameters
    ----------
    estimator : fitted estimator
        Whose answers these are.
    X : array-like of shape (rows, features)
        As the estimator takes them.
    y : ndarray of shape (rows,)
        Numbers; classes as 0 .. k-1, of two the positive one is 1.
    task : Task
        What is predicted.
    """

    estimator: Any
    X: Any
    y: np.ndarray
    task: Task

    @cached_property
    def predicted(self) -> np.ndarray:
        """Predicted classes or numbers, of shape (rows,).

        Raises
        ------
        TrainingError
            If a predicted number is not finite.
        """
        predicted = np.asarray(self.estimator.predict(self.X)).reshape(len(self.y))
        if self.task is Task.REGRESSION and not np.isfinite(predicted).all():
            raise TrainingError(
                N_("O modelo previu valores que não são números: ele não convergiu.")
            )
        return predicted

    @cached_property
    def probabilities(self) -> np.ndarray | None:
        """Probability of each class, of shape (rows, classes); None if it gives none."""
        if not hasattr(self.estimator, "predict_proba"):
            return None
        return np.asarray(self.estimator.predict_proba(self.X))

    @cached_property
    def scores(self) -> np.ndarray | None:
        """What ranks rows by class: of shape (rows,) for two classes, (rows, classes) for more.

        For two classes this is the decision function where there is one, else the probability of
        the positive class, as in PyCaret. None if the estimator has neither.
        """
        if self.task is Task.BINARY and hasattr(self.estimator, "decision_function"):
            return np.asarray(self.estimator.decision_function(self.X))
        if self.probabilities is None or self.task is not Task.BINARY:
            return self.probabilities
        return self.probabilities[:, 1]

    @cached_property
    def confusion(self) -> Confusion:
        """The predicted classes counted against the true ones."""
        from sklearn.metrics import confusion_matrix  # half a second, which the pages need not pay

        labels = [0, 1] if self.task is Task.BINARY else None
        matrix = confusion_matrix(self.y, self.predicted, labels=labels).astype(float)
        return Confusion(matrix, binary=self.task is Task.BINARY)


class Confusion:
    """A confusion matrix and what the metrics take from it.

    Attributes
    ----------
    hits, true, predicted : ndarray of shape (classes,)
        Rows of each class that are predicted right, that there are, that are predicted.
    rows : float
        All rows.
    weights : ndarray of shape (classes,)
        What recall, precision and F1 are about: class 1 of two, else each class by its rows.
    """

    def __init__(self, matrix: np.ndarray, *, binary: bool) -> None:
        self.hits = np.diag(matrix)
        self.true = matrix.sum(axis=1)
        self.predicted = matrix.sum(axis=0)
        self.rows = float(matrix.sum())
        self.weights = np.array([0, 1]) if binary else self.true / self.rows

    def mean_share(self, part: np.ndarray, whole: np.ndarray) -> float:
        """Return ``part / whole`` over the classes that count; a share of nothing is 0."""
        shares = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
        return float(shares @ self.weights)
