"""The columns of the leaderboard: what each figure says, and how it comes from an outcome.

What has a name of PyCaret's has its value as well (a test holds the two together), but comes from
one confusion matrix, so that scoring a quick candidate does not take longer than fitting it,
and without importing PyCaret, so that the processes which fit the candidates start sooner.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass

import numpy as np

from src.errors import TrainingError
from src.messages import N_
from src.training.design import Task
from src.training.outcome import Outcome

# The functions import scikit-learn themselves: pages know the metrics, but compute none.


@dataclass(frozen=True)
class Metric:
    """One column of the leaderboard.

    Parameters
    ----------
    name : str
        The column's name, at most 16 characters.
    function : callable
        Takes an :class:`Outcome`, returns the figure; NaN where it is not defined.
    description : str
        Portuguese sentence, marked for translation: what the figure says.
    minimum, maximum : float or None
        Range of the metric; None where it is open.
    greater_is_better : bool
        False for errors.
    headline : bool
        Whether it is shown where there is room for few.
    """

    name: str
    function: Callable[[Outcome], float]
    description: str
    minimum: float | None = None
    maximum: float | None = None
    _: KW_ONLY
    greater_is_better: bool = True
    headline: bool = True


def figures(outcome: Outcome) -> dict[str, float]:
    """Return every metric of an outcome's task, in the order of ``METRICS``.

    Raises
    ------
    TrainingError
        If predictions are not finite numbers.
    """
    from sklearn import config_context

    with config_context(skip_parameter_validation=True):  # those that the functions pass are right
        return {metric.name: metric.function(outcome) for metric in METRICS[outcome.task]}


def _accuracy(outcome: Outcome) -> float:
    return float(outcome.counts.hits.sum() / len(outcome.y))


def _area_under_curve(outcome: Outcome) -> float:
    """Area under the ROC curve; of more than two classes each against the others, by its rows.

    NaN without scores (where PyCaret says 0), with scores that are no numbers, or if a class is
    missing from these rows.
    """
    from sklearn.metrics import roc_auc_score

    if outcome.scores is None or not np.isfinite(outcome.scores).all():
        return math.nan
    many = {} if outcome.task is Task.BINARY else {"multi_class": "ovr", "average": "weighted"}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a class without rows: NaN says so
            return float(roc_auc_score(outcome.y, outcome.scores, **many))
    except ValueError:
        return math.nan


def _recall(outcome: Outcome) -> float:
    hits, true, _predicted = outcome.counts
    return _share(outcome, hits, true)


def _precision(outcome: Outcome) -> float:
    hits, _true, predicted = outcome.counts
    return _share(outcome, hits, predicted)


def _f1(outcome: Outcome) -> float:
    hits, true, predicted = outcome.counts
    return _share(outcome, 2 * hits, true + predicted)


def _share(outcome: Outcome, part: np.ndarray, whole: np.ndarray) -> float:
    """``part / whole`` of class 1, of more than two the mean by their rows; of nothing it is 0."""
    shares = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
    if outcome.task is Task.BINARY:
        return float(shares[1])
    return float(shares @ outcome.counts.true / len(outcome.y))


def _kappa(outcome: Outcome) -> float:
    """Cohen (1960), as ``cohen_kappa_score``; NaN if all rows are of one class and called so."""
    hits, true, predicted = outcome.counts
    by_chance = (true @ predicted) / len(outcome.y)
    if by_chance >= len(outcome.y):
        return math.nan
    return float((hits.sum() - by_chance) / (len(outcome.y) - by_chance))


def _mcc(outcome: Outcome) -> float:
    """Gorodkin (2004), as scikit-learn's ``matthews_corrcoef``."""
    hits, true, predicted = outcome.counts
    square = len(outcome.y) ** 2
    covariance = hits.sum() * len(outcome.y) - true @ predicted
    spread = math.sqrt((square - predicted @ predicted) * (square - true @ true))
    return float(covariance / spread) if spread else 0.0


def _mae(outcome: Outcome) -> float:
    return float(np.abs(outcome.predicted - outcome.y).mean())


def _mse(outcome: Outcome) -> float:
    return float(((outcome.predicted - outcome.y) ** 2).mean())


def _rmse(outcome: Outcome) -> float:
    return math.sqrt(_mse(outcome))


def _r2(outcome: Outcome) -> float:
    from sklearn.metrics import r2_score

    return float(r2_score(outcome.y, outcome.predicted)) if len(outcome.y) > 1 else math.nan


def _rmsle(outcome: Outcome) -> float:
    """Of magnitudes, so that it exists for negative numbers too, as in PyCaret."""
    from sklearn.metrics import root_mean_squared_log_error

    return float(root_mean_squared_log_error(np.abs(outcome.y), np.abs(outcome.predicted)))


def _mape(outcome: Outcome) -> float:
    """Without the rows whose true value is 0, as in PyCaret."""
    not_zero = outcome.y != 0
    y, predicted = outcome.y[not_zero], outcome.predicted[not_zero]
    return float((np.abs(predicted - y) / np.abs(y)).mean()) if len(y) else math.nan


# fmt: off
_CLASSES = (
    Metric("Accuracy", _accuracy, N_("Parte das linhas com a classe certa."), 0, 1),
    Metric("AUC", _area_under_curve,
           N_("Chance de uma linha positiva receber nota maior que uma negativa; 0,5 é o acaso."),
           0, 1),
    Metric("Recall", _recall, N_("Parte das linhas da classe que o modelo encontra."),
           0, 1, headline=False),
    Metric("Prec.", _precision, N_("Parte das linhas apontadas que são mesmo da classe."),
           0, 1, headline=False),
    Metric("F1", _f1, N_("Média harmônica de precisão e recall."), 0, 1),
    Metric("Kappa", _kappa, N_("Concordância com a verdade além do acaso; 0 é o acaso."),
           -1, 1, headline=False),
    Metric("MCC", _mcc,
           N_("Correlação entre classe prevista e real; serve para classes desbalanceadas."),
           -1, 1, headline=False),
)
_NUMBERS = (
    Metric("MAE", _mae, N_("Erro médio, na unidade do alvo."), 0, greater_is_better=False),
    Metric("MSE", _mse, N_("Erro quadrático médio: pune os erros grandes."),
           0, greater_is_better=False, headline=False),
    Metric("RMSE", _rmse, N_("Raiz do erro quadrático médio, na unidade do alvo."),
           0, greater_is_better=False),
    Metric("R2", _r2, N_("Parte da variação do alvo que o modelo explica."), None, 1),
    Metric("RMSLE", _rmsle, N_("Erro em escala logarítmica: conta a razão, não a diferença."),
           0, greater_is_better=False, headline=False),
    Metric("MAPE", _mape, N_("Erro médio em relação ao valor real."),
           0, greater_is_better=False, headline=False),
)
# fmt: on
METRICS: Mapping[Task, tuple[Metric, ...]] = {
    Task.BINARY: _CLASSES,
    Task.MULTICLASS: _CLASSES,
    Task.REGRESSION: _NUMBERS,
}
"""The leaderboard's metric columns by task, PyCaret's first, in its order."""

DEFAULT_METRICS: Mapping[Task, str] = {
    Task.BINARY: "AUC",
    Task.MULTICLASS: "Accuracy",
    Task.REGRESSION: "R2",
}
"""The metric that ranks when nobody chose one: AUC for two classes, because accuracy says little
about unbalanced ones."""


def choose_metric(task: Task, name: str | None) -> Metric:
    """Return the metric that ranks; without a name the task's default.

    Raises
    ------
    TrainingError
        If the task has no metric of that name.
    """
    offered = {metric.name: metric for metric in METRICS[task]}
    name = name or DEFAULT_METRICS[task]
    if name not in offered:
        raise TrainingError(
            N_("{metric} não é uma métrica desta tarefa. Escolha entre {choices}."),
            metric=name,
            choices=", ".join(offered),
        )
    return offered[name]
