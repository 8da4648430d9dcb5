"""Candidates compared on one table, from the raw columns to pipelines ready to use."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from src.config import get_settings
from src.training import candidates, workfiles
from src.training.design import Design, Task
from src.training.evaluation import final_pipeline_path
from src.training.metrics import choose_metric
from src.training.model import Candidate, Comparison, TrainedCandidate
from src.training.plan import Plan
from src.training.ranking import OnCandidate, rank
from src.training.table import prepare_table


def compare_models(
    data: pd.DataFrame,
    target: str,
    *,
    metric: str | None = None,
    folds: int = 5,
    n_select: int = 5,
    turbo: bool = True,
    seed: int = 42,
    on_candidate: OnCandidate | None = None,
    task: Task | None = None,
    tune_trials: int = 0,
    ignored_columns: Sequence[str] = (),
    include: Sequence[str | Candidate] | None = None,
    time_limit: float | None = None,
    n_jobs: int | None = None,
    group: str | None = None,
    order: str | None = None,
    reference: str | None = None,
) -> Comparison:
    """Compare candidates on a table and refit the best of them on all its rows.

    70 % of the rows are folded, the others held out. Inside each fold the table is prepared once
    and shared by the candidates, which run in parallel, one thread each.

    Parameters
    ----------
    data : DataFrame of shape (rows, columns)
        Raw columns and the target; at least 20 rows with a target. The index means nothing.
    target : str
        Column to predict.
    metric : str, optional
        Column that ranks, one of ``METRICS[task]``; by default AUC, Accuracy or R2 for two
        classes, more classes, regression.
    n_select : int
        How many of the best are refitted, at least 1; the baseline is among them only if nothing
        else finished.
    turbo : bool
        Leave out the candidates that PyCaret counts as slow.
    seed : int
        Random state of the split and of every estimator.
    on_candidate : callable, optional
        Called with each :class:`CandidateResult` the moment it is there; a tuned candidate comes
        a second time.
    tune_trials : int
        Optuna trials for each of the best; 0 leaves the defaults.
    include : sequence of str or Candidate, optional
        Compare only these: PyCaret's model ids, or candidates of your own. The baseline is always
        there.
    time_limit : float, optional
        Seconds for one candidate; by default the setting ``candidate_seconds``.
    n_jobs : int, optional
        Processes; by default the setting ``candidate_workers``.
    task, folds, ignored_columns, group, order, reference
        As in :class:`Design`.

    Returns
    -------
    Comparison
        Leaderboard, failures and the best, ready to use.

    Raises
    ------
    TrainingError
        If the table cannot be trained on, an argument is out of range, or every candidate failed.

    Examples
    --------
    >>> comparison = compare_models(table, "estado")  # doctest: +SKIP
    >>> comparison.top[0].pipeline.predict(table.drop(columns="estado"))  # doctest: +SKIP
    """
    table = prepare_table(
        data, Design(target, task, folds, tuple(ignored_columns), group, order, reference)
    )
    chosen = choose_metric(table.task, metric)
    with tempfile.TemporaryDirectory(prefix="bancada-") as folder:
        plan = Plan(
            table=table,
            metric=chosen,
            candidates=candidates.choose(table.task, include, turbo=turbo, seed=seed),
            folder=Path(folder),
            seconds=time_limit or get_settings().candidate_seconds,
            n_select=n_select,
            seed=seed,
            tune_trials=tune_trials,
            n_jobs=n_jobs,
        )
        ranking = rank(plan, on_candidate=on_candidate)
        top = tuple(
            TrainedCandidate(
                id=identifier,
                name=ranking.results[identifier].name,
                metrics=ranking.results[identifier].metrics,
                holdout_metrics=figures,
                pipeline=workfiles.read(final_pipeline_path(plan.folder, identifier)),
            )
            for identifier, figures in ranking.holdout.items()
        )
    return Comparison(
        task=table.task,
        metric=chosen.name,
        candidates=tuple(ranking.results.values()),
        top=top,
        positive=table.positive,
        verdict=ranking.verdict,
        warnings=table.warnings,
        yardstick=ranking.yardstick,
    )
