"""What a comparison is made of: tasks, metrics, candidates and their results."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from src.errors import TrainingError
from src.messages import N_, Message

if TYPE_CHECKING:
    import pandas as pd
    from sklearn.pipeline import Pipeline

    from src.training.yardstick import Yardstick

SECONDS_COLUMN = "TT (Sec)"
"""PyCaret's name for the seconds that one fold of a candidate takes, fit and scoring."""

BASELINE = "dummy"
"""The candidate that looks at no feature: what a model has to beat."""


class Task(StrEnum):
    """What is predicted."""

    BINARY = "binary"
    MULTICLASS = "multiclass"
    REGRESSION = "regression"

    @property
    def is_classification(self) -> bool:
        """Whether a class is predicted."""
        return self is not Task.REGRESSION


@dataclass(frozen=True)
class Metric:
    """One column of the leaderboard.

    Parameters
    ----------
    name : str
        PyCaret's column name.
    greater_is_better : bool
        False for errors.
    description : str
        Portuguese sentence, marked for translation: what the figure says.
    minimum, maximum : float or None
        Range of the metric; None where it is open.
    """

    name: str
    greater_is_better: bool
    description: str
    minimum: float | None = None
    maximum: float | None = None


_CLASSIFICATION = (
    Metric("Accuracy", True, N_("Parte das linhas com a classe certa."), 0, 1),
    Metric(
        "AUC",
        True,
        N_("Chance de uma linha positiva receber nota maior que uma negativa; 0,5 é o acaso."),
        0,
        1,
    ),
    Metric("Recall", True, N_("Parte das linhas da classe que o modelo encontra."), 0, 1),
    Metric("Prec.", True, N_("Parte das linhas apontadas que são mesmo da classe."), 0, 1),
    Metric("F1", True, N_("Média harmônica de precisão e recall."), 0, 1),
    Metric("Kappa", True, N_("Concordância com a verdade além do acaso; 0 é o acaso."), -1, 1),
    Metric(
        "MCC",
        True,
        N_("Correlação entre classe prevista e real; serve para classes desbalanceadas."),
        -1,
        1,
    ),
)
METRICS: Mapping[Task, tuple[Metric, ...]] = {
    Task.BINARY: _CLASSIFICATION,
    Task.MULTICLASS: _CLASSIFICATION,
    Task.REGRESSION: (
        Metric("MAE", False, N_("Erro médio, na unidade do alvo."), 0),
        Metric("MSE", False, N_("Erro quadrático médio: pune os erros grandes."), 0),
        Metric("RMSE", False, N_("Raiz do erro quadrático médio, na unidade do alvo."), 0),
        Metric("R2", True, N_("Parte da variação do alvo que o modelo explica."), None, 1),
        Metric(
            "RMSLE", False, N_("Erro em escala logarítmica: conta a razão, não a diferença."), 0
        ),
        Metric("MAPE", False, N_("Erro médio em relação ao valor real."), 0),
    ),
}
"""The leaderboard's metric columns by task, in PyCaret's order and with its names."""

DEFAULT_METRICS: Mapping[Task, str] = {
    Task.BINARY: "AUC",
    Task.MULTICLASS: "Accuracy",
    Task.REGRESSION: "R2",
}
"""The metric that ranks when nobody chose one: AUC for two classes, because accuracy says little
about unbalanced ones."""


def get_metric(task: Task, name: str) -> Metric:
    """Return the metric of a task by its column name.

    Raises
    ------
    KeyError
        If the task has no such metric.
    """
    return {metric.name: metric for metric in METRICS[task]}[name]


def choose_metric(task: Task, name: str | None) -> Metric:
    """Return the metric that ranks; without a name the task's default.

    Raises
    ------
    TrainingError
        If the task has no metric of that name.
    """
    name = name or DEFAULT_METRICS[task]
    try:
        return get_metric(task, name)
    except KeyError:
        raise TrainingError(
            N_("{metric} não é uma métrica desta tarefa. Escolha entre {choices}."),
            metric=name,
            choices=", ".join(entry.name for entry in METRICS[task]),
        ) from None


@dataclass(frozen=True)
class Candidate:
    """An estimator to compare.

    Parameters
    ----------
    id, name : str
        PyCaret's model id and full name.
    estimator : sklearn estimator
        Unfitted, with PyCaret's defaults and one thread.
    cost : int
        Rank of how long it takes; the long ones run first.
    quadratic : bool
        Whether it holds a matrix of rows x rows.
    """

    id: str
    name: str
    estimator: Any
    cost: int = 1
    quadratic: bool = False


@dataclass(frozen=True)
class CandidateResult:
    """What the folds said about one candidate.

    Parameters
    ----------
    id, name : str
        PyCaret's model id and its full name.
    metrics, deviations : dict
        Mean and standard deviation (population, as PyCaret has it) over the folds, by metric name.
        NaN where a metric does not exist for the candidate. Empty if the candidate failed.
    fold_scores : dict
        Score of each fold, in fold order, by metric name.
    seconds : float
        Mean seconds of one fold, fit and scoring.
    error : Message or None
        Why the candidate failed; None if it did not.
    tuned : bool
        Whether the figures are those of tuned parameters.
    parameters : dict
        Parameters that tuning changed; empty for the defaults.
    """

    id: str
    name: str
    metrics: dict[str, float] = field(default_factory=dict)
    deviations: dict[str, float] = field(default_factory=dict)
    fold_scores: dict[str, list[float]] = field(default_factory=dict)
    seconds: float = math.nan
    error: Message | None = None
    tuned: bool = False
    parameters: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values; NaN becomes null, which every database takes."""
        data = asdict(self)
        data["error"] = self.error.to_dict() if self.error else None
        return without_nan(data)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> CandidateResult:
        """Rebuild from :meth:`to_dict`."""
        return cls(
            id=data["id"],
            name=data["name"],
            metrics={name: number(value) for name, value in data["metrics"].items()},
            deviations={name: number(value) for name, value in data["deviations"].items()},
            fold_scores={
                name: [number(value) for value in values]
                for name, values in data["fold_scores"].items()
            },
            seconds=number(data["seconds"]),
            error=Message.from_dict(data["error"]) if data["error"] else None,
            tuned=data["tuned"],
            parameters=data["parameters"],
        )


@dataclass(frozen=True)
class TrainedCandidate:
    """One of the best candidates, ready to use.

    Parameters
    ----------
    id, name : str
        PyCaret's model id and its full name.
    metrics : dict
        Means over the folds, by metric name.
    holdout_metrics : dict
        Figures on the held-out rows, taken before the pipeline was refitted on all rows.
    pipeline : sklearn.pipeline.Pipeline
        Takes the raw columns; fitted on all rows.
    """

    id: str
    name: str
    metrics: dict[str, float]
    holdout_metrics: dict[str, float]
    pipeline: Pipeline


@dataclass(frozen=True)
class Comparison:
    """The outcome of :func:`src.training.compare_models`.

    Parameters
    ----------
    task : Task
        What was predicted.
    metric : str
        The metric that ranks.
    candidates : tuple of CandidateResult
        Every candidate, those that failed included, in the order they finished.
    top : tuple of TrainedCandidate
        The best ones, best first.
    positive : str or None
        For two classes, the one that recall, precision and F1 are about.
    verdict : Message or None
        Whether the difference between the first candidates is more than noise.
    warnings : tuple of Message
        What was changed or left out of the table.
    yardstick : Yardstick or None
        The best against the reference, where one was given.
    """

    task: Task
    metric: str
    candidates: tuple[CandidateResult, ...]
    top: tuple[TrainedCandidate, ...]
    positive: str | None
    verdict: Message | None
    warnings: tuple[Message, ...]
    yardstick: Yardstick | None = None

    @property
    def leaderboard(self) -> pd.DataFrame:
        """Candidates that finished, best first; see :func:`leaderboard`."""
        return leaderboard(self.candidates, self.task, self.metric)

    @property
    def failures(self) -> dict[str, Message]:
        """Why each failed candidate failed, by its id."""
        return failures(self.candidates)


@dataclass(frozen=True)
class ComparisonRecord:
    """A comparison as the database holds it, finished or not.

    Its ``id`` is that of the job that runs it. ``settings`` has ``folds``, ``n_select``, ``turbo``,
    ``seed``, ``tune_trials`` and ``ignored_columns``; where they were given ``group``, ``order``
    and ``reference``, with ``parts`` (groups and rows on either side); and ``events``, the outcome
    that a table built from events is about. ``rows`` counts the table's rows when the comparison
    was asked for. ``positive`` is, for two classes, the class that recall, precision and F1 are
    about.
    """

    id: str
    dataset: str
    target: str
    task: Task
    metric: str
    settings: dict[str, Any]
    fingerprint: str
    rows: int
    actor: str
    created_at: dt.datetime
    finished_at: dt.datetime | None = None
    candidates: tuple[CandidateResult, ...] = ()
    top_ids: tuple[str, ...] = ()
    positive: str | None = None
    verdict: Message | None = None
    warnings: tuple[Message, ...] = ()

    @property
    def leaderboard(self) -> pd.DataFrame:
        """Candidates that finished so far, best first; see :func:`leaderboard`."""
        return leaderboard(self.candidates, self.task, self.metric)

    @property
    def failures(self) -> dict[str, Message]:
        """Why each failed candidate failed, by its id."""
        return failures(self.candidates)


@dataclass(frozen=True)
class Diagnostics:
    """One candidate looked at closely, on held-out rows it was not trained on.

    Parameters
    ----------
    holdout_metrics : dict
        Metrics on the held-out rows.
    n_holdout : int
        How many rows those are.
    labels : list of str or None
        Classes, in the order of ``confusion``; None for regression, as the next three.
    confusion : list of list of int or None
        Rows are the true classes, columns the predicted ones.
    roc : list of dict or None
        ``{"label", "fpr", "tpr", "auc"}``: one curve for two classes, one a class otherwise; None
        as well for a candidate that gives no scores.
    pr : list of dict or None
        ``{"label", "recall", "precision", "average_precision"}``.
    residuals : dict or None
        ``{"actual", "predicted"}``, at most 2,000 rows; None for classification.
    importance : list of dict
        ``{"feature", "mean", "std"}`` by falling mean: how much the ranking metric worsens when the
        raw column is shuffled.
    """

    holdout_metrics: dict[str, float]
    n_holdout: int
    labels: list[str] | None = None
    confusion: list[list[int]] | None = None
    roc: list[dict[str, Any]] | None = None
    pr: list[dict[str, Any]] | None = None
    residuals: dict[str, list[float]] | None = None
    importance: list[dict[str, Any]] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values; NaN becomes null."""
        return without_nan(asdict(self))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Diagnostics:
        """Rebuild from :meth:`to_dict`."""
        holdout = {name: number(value) for name, value in data["holdout_metrics"].items()}
        return cls(**{**data, "holdout_metrics": holdout})


def leaderboard(candidates: Sequence[CandidateResult], task: Task, metric: str) -> pd.DataFrame:
    """Return the candidates that finished as a table, best first.

    Parameters
    ----------
    candidates : sequence of CandidateResult
        In any order.
    task : Task
        Gives the columns.
    metric : str
        Name of the ranking metric; candidates without it come last, ties stay in id order.

    Returns
    -------
    DataFrame
        Index ``id``; columns ``Model``, each metric, each metric's fold deviation as
        ``"<metric> ±"``, and ``TT (Sec)``.
    """
    import pandas as pd

    names = [entry.name for entry in METRICS[task]]
    finished = sorted((result for result in candidates if result.error is None), key=_id)
    table = pd.DataFrame(
        [
            [result.name]
            + [result.metrics.get(name, math.nan) for name in names]
            + [result.deviations.get(name, math.nan) for name in names]
            + [result.seconds]
            for result in finished
        ],
        index=pd.Index([result.id for result in finished], name="id", dtype=object),
        columns=["Model", *names, *(f"{name} ±" for name in names), SECONDS_COLUMN],
    )
    return table.sort_values(
        metric, ascending=not get_metric(task, metric).greater_is_better, kind="stable"
    )


def failures(candidates: Sequence[CandidateResult]) -> dict[str, Message]:
    """Return why each failed candidate failed, by its id."""
    return {result.id: result.error for result in candidates if result.error is not None}


def _id(result: CandidateResult) -> str:
    return result.id


def number(value: float | None) -> float:
    """Read what :func:`without_nan` wrote."""
    return math.nan if value is None else float(value)


def without_nan(value: Any) -> Any:
    """Return a value as JSON takes it: what is no finite number becomes null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: without_nan(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [without_nan(item) for item in value]
    return value
