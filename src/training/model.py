"""What a comparison is made of: candidates, their results, and the records of both."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from src.jsonable import Figure, Jsonable
from src.messages import Message
from src.training.design import Design, Task
from src.training.metrics import METRICS, choose_metric

if TYPE_CHECKING:
    import pandas as pd
    from sklearn.pipeline import Pipeline

SECONDS_COLUMN = "TT (Sec)"
"""PyCaret's name for the seconds that one fold of a candidate takes, fit and scoring."""

BASELINE = "dummy"
"""The candidate that looks at no feature: what a model has to beat."""


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
class CandidateResult(Jsonable):
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
    metrics: dict[str, Figure] = field(default_factory=dict)
    deviations: dict[str, Figure] = field(default_factory=dict)
    fold_scores: dict[str, list[Figure]] = field(default_factory=dict)
    seconds: Figure = math.nan
    error: Message | None = None
    tuned: bool = False
    parameters: dict[str, Any] = field(default_factory=dict)


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
class Interval:
    """A figure and where it lies with 95 % confidence; NaN where the rows do not give it."""

    value: Figure
    low: Figure
    high: Figure

    def reaches(self, goal: float) -> bool | None:
        """Whether a goal is met; None where the interval does not tell."""
        if self.low > goal:
            return True
        return False if self.high < goal else None


@dataclass(frozen=True)
class Measured:
    """One score on the held-out rows.

    Parameters
    ----------
    threshold : float
        From which on a row is pointed out.
    precision, recall, auc : Interval
        Each 0 to 1.
    gain : Interval or None
        AUC minus that of the reference, on the same resamples; None for the reference itself.
    """

    threshold: Figure
    precision: Interval
    recall: Interval
    auc: Interval
    gain: Interval | None = None


@dataclass(frozen=True)
class Yardstick(Jsonable):
    """What the held-out rows say of the best candidates and of the reference.

    Parameters
    ----------
    column : str
        The reference.
    rows, groups, positives : int
        Of the held-out part.
    models : dict of str to Measured
        By candidate id, best first; without those that give no score.
    reference : Measured
        The score that is in use already.
    """

    column: str
    rows: int
    groups: int
    positives: int
    models: dict[str, Measured]
    reference: Measured

    @property
    def prevalence(self) -> float:
        """The precision of chance; its recall is the share of rows that it points out."""
        return self.positives / self.rows


class _Results:
    """What candidates that were compared say together."""

    task: Task
    metric: str
    candidates: tuple[CandidateResult, ...]

    @property
    def leaderboard(self) -> pd.DataFrame:
        """Candidates that finished so far, best first; see :func:`leaderboard`."""
        return leaderboard(self.candidates, self.task, self.metric)

    @property
    def failures(self) -> dict[str, Message]:
        """Why each failed candidate failed, by its id."""
        return {each.id: each.error for each in self.candidates if each.error is not None}


@dataclass(frozen=True)
class Comparison(_Results):
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


@dataclass(frozen=True)
class ComparisonRecord(_Results):
    """A comparison as the database holds it, finished or not.

    Its ``id`` is that of the job that runs it. ``settings`` has ``n_select``, ``turbo``, ``seed``,
    ``tune_trials`` and what else the design was given beside target and task; with a group or an
    order ``parts`` (groups and rows on either side); and ``events``, the outcome that a table built
    from events is about. ``rows`` counts the table's rows when the comparison was asked for.
    ``positive`` is, for two classes, the class that recall, precision and F1 are about.
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
    def design(self) -> Design:
        """What was asked of the table."""
        return Design.from_dict({**self.settings, "target": self.target, "task": self.task})


@dataclass(frozen=True)
class Diagnostics(Jsonable):
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

    holdout_metrics: dict[str, Figure]
    n_holdout: int
    labels: list[str] | None = None
    confusion: list[list[int]] | None = None
    roc: list[dict[str, Any]] | None = None
    pr: list[dict[str, Any]] | None = None
    residuals: dict[str, list[Figure]] | None = None
    importance: list[dict[str, Any]] = field(default_factory=list)


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
    finished = [result for result in candidates if result.error is None]
    finished.sort(key=attrgetter("id"))
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
        metric, ascending=not choose_metric(task, metric).greater_is_better, kind="stable"
    )
