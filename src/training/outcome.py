"""What a fitted estimator says of rows whose target is known: asked once, shared by the metrics."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

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
    def counts(self) -> Counts:
        """Rows of each class, from the confusion matrix."""
        from sklearn.metrics import confusion_matrix  # half a second, which the pages need not pay

        labels = [0, 1] if self.task is Task.BINARY else None
        matrix = confusion_matrix(self.y, self.predicted, labels=labels).astype(float)
        return Counts(np.diag(matrix), matrix.sum(axis=1), matrix.sum(axis=0))


class Counts(NamedTuple):
    """Rows of each class that are predicted right, that there are, that are predicted."""

    hits: np.ndarray
    true: np.ndarray
    predicted: np.ndarray
