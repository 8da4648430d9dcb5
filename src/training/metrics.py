"""The leaderboard's figures, from what an estimator said about rows whose target is known.

They are PyCaret's, by its names (a test holds the two together), but computed from one confusion
matrix, so that scoring a quick candidate does not take longer than fitting it, and without
importing PyCaret, so that the processes which fit the candidates start sooner.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
from sklearn import config_context, metrics

from src.errors import TrainingError
from src.messages import N_
from src.training.model import Task


def score(estimator: Any, X: Any, y: np.ndarray, task: Task) -> dict[str, float]:
    """Return every metric of a fitted estimator on rows whose target is known.

    Parameters
    ----------
    estimator : fitted estimator
        Asked once for predictions and, for classes, once for scores.
    X : array-like of shape (rows, features)
        As the estimator takes them.
    y : ndarray of shape (rows,)
        Numbers; classes as 0 .. k-1, of two the positive one is 1.
    task : Task
        What is predicted.

    Returns
    -------
    dict of str to float
        In the order of ``METRICS[task]``; NaN where a metric is not defined.

    Raises
    ------
    TrainingError
        If predictions are not finite numbers.
    """
    predicted = np.asarray(estimator.predict(X)).reshape(len(y))
    with config_context(skip_parameter_validation=True):  # the parameters below are right
        if task is Task.REGRESSION:
            return regression_figures(y, predicted)
        figures = class_figures(y, predicted, task)
        auc = area_under_curve(y, class_scores(estimator, X, task), task)
    return {"Accuracy": figures.pop("Accuracy"), "AUC": auc, **figures}


def class_scores(estimator: Any, X: Any, task: Task) -> np.ndarray | None:
    """Return what ranks rows by class: shape (rows,) for two classes, (rows, classes) for more.

    For two classes this is the decision function where there is one, else the probability of the
    positive class, as in PyCaret. None if the estimator has neither.
    """
    if task is Task.BINARY and hasattr(estimator, "decision_function"):
        return np.asarray(estimator.decision_function(X))
    if not hasattr(estimator, "predict_proba"):
        return None
    probabilities = np.asarray(estimator.predict_proba(X))
    return probabilities[:, 1] if task is Task.BINARY else probabilities


def area_under_curve(y: np.ndarray, scores: np.ndarray | None, task: Task) -> float:
    """Return the area under the ROC curve, in [0, 1].

    More than two classes: each against the others, weighted by its rows. NaN without scores (where
    PyCaret says 0), with scores that are no numbers, or if a class is missing from these rows.
    """
    if scores is None or not np.isfinite(scores).all():
        return math.nan
    many = {} if task is Task.BINARY else {"multi_class": "ovr", "average": "weighted"}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a class without rows: NaN says so
            return float(metrics.roc_auc_score(y, scores, **many))
    except ValueError:
        return math.nan


def class_figures(y: np.ndarray, predicted: np.ndarray, task: Task) -> dict[str, float]:
    """Return the metrics that follow from the confusion matrix.

    Recall, precision and F1 are those of class 1 for two classes; for more, the mean over the
    classes weighted by their rows. A share of nothing counts as 0. Kappa (Cohen 1960) and MCC
    (Gorodkin 2004) are computed as in scikit-learn's ``cohen_kappa_score`` and
    ``matthews_corrcoef``.

    Parameters
    ----------
    y, predicted : ndarray of shape (rows,)
        True and predicted classes.
    task : Task
        Binary or multi-class.

    Returns
    -------
    dict of str to float
        Kappa is NaN if all rows are, and are predicted to be, of one class.
    """
    labels = [0, 1] if task is Task.BINARY else None
    matrix = metrics.confusion_matrix(y, predicted, labels=labels).astype(float)
    hits, true, found = np.diag(matrix), matrix.sum(axis=1), matrix.sum(axis=0)
    rows = matrix.sum()
    recall, precision = _share(hits, true), _share(hits, found)
    f1 = _share(2 * hits, true + found)
    weights = np.array([0, 1]) if task is Task.BINARY else true / rows
    by_chance = (true * found).sum() / rows
    covariance = hits.sum() * rows - (true * found).sum()
    spread = math.sqrt((rows**2 - (found**2).sum()) * (rows**2 - (true**2).sum()))
    return {
        "Accuracy": float(hits.sum() / rows),
        "Recall": float(recall @ weights),
        "Prec.": float(precision @ weights),
        "F1": float(f1 @ weights),
        "Kappa": float((hits.sum() - by_chance) / (rows - by_chance))
        if rows > by_chance
        else math.nan,
        "MCC": float(covariance / spread) if spread else 0.0,
    }


def regression_figures(y: np.ndarray, predicted: np.ndarray) -> dict[str, float]:
    """Return errors and R2 of predicted numbers.

    RMSLE takes magnitudes, so that it exists for negative numbers too; MAPE leaves out the rows
    whose true value is 0. Both as in PyCaret.

    Raises
    ------
    TrainingError
        If a prediction is not a finite number.
    """
    if not np.isfinite(predicted).all():
        raise TrainingError(N_("O modelo previu valores que não são números: ele não convergiu."))
    mse = float(metrics.mean_squared_error(y, predicted))
    not_zero = y != 0
    relative = np.abs(predicted[not_zero] - y[not_zero]) / np.abs(y[not_zero])
    return {
        "MAE": float(metrics.mean_absolute_error(y, predicted)),
        "MSE": mse,
        "RMSE": math.sqrt(mse),
        "R2": float(metrics.r2_score(y, predicted)) if len(y) > 1 else math.nan,
        "RMSLE": float(metrics.root_mean_squared_log_error(np.abs(y), np.abs(predicted))),
        "MAPE": float(relative.mean()) if len(relative) else math.nan,
    }


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
