"""Compare candidates on one table: fold, score, rank, refit the best."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from src.config import get_settings
from src.errors import TrainingError
from src.messages import N_, Message
from src.training import catalogue, noise, pool, workfiles, yardstick
from src.training.evaluation import (
    evaluate,
    final_pipeline_path,
    fit_on_all,
    fit_on_train,
    score_holdout,
)
from src.training.folds import ALL, TRAIN, fold_names, preparations, split, store_table
from src.training.model import (
    BASELINE,
    Candidate,
    CandidateResult,
    Comparison,
    Metric,
    Task,
    TrainedCandidate,
    choose_metric,
    failures,
    leaderboard,
)
from src.training.table import TrainingTable, prepare_table
from src.training.tuning import tune


@dataclass(frozen=True)
class Plan:
    """What a comparison runs, and where.

    Parameters
    ----------
    table : TrainingTable
        The rows.
    metric : Metric
        Ranks the candidates.
    candidates : list of Candidate
        In running order.
    folder : Path
        Work folder; finished work found there is not done again.
    seconds : float
        Time limit of one candidate.
    attempt : int
        See :func:`src.training.pool.run`.
    """

    table: TrainingTable
    metric: Metric
    candidates: list[Candidate]
    folder: Path
    seconds: float
    n_select: int = 5
    seed: int = 42
    tune_trials: int = 0
    n_jobs: int | None = None
    attempt: int = 1

    def run(
        self, work: Mapping[str, Callable[[], Any]], *, seconds: float | None = None
    ) -> Iterator[tuple[str, Any]]:
        """Run assignments in the plan's folder; see :func:`src.training.pool.run`."""
        return pool.run(
            work,
            folder=self.folder,
            seconds=seconds or self.seconds,
            count=self.n_jobs,
            attempt=self.attempt,
        )


@dataclass(frozen=True)
class Progress:
    """How far a comparison has come.

    Parameters
    ----------
    step : Message
        What is being done.
    done, total : int
        Finished and all steps.
    remaining_seconds : float or None
        Expected time to the end; None while nothing supports an estimate.
    """

    step: Message
    done: int
    total: int
    remaining_seconds: float | None = None


@dataclass(frozen=True)
class Ranking:
    """The outcome of a plan, before anything is loaded.

    Parameters
    ----------
    results : dict of str to CandidateResult
        Every candidate, by id, in the order they finished.
    holdout : dict of str to dict
        Held-out figures of the refitted ones, best first.
    verdict : Message or None
        Whether the first is really ahead.
    yardstick : Yardstick or None
        The refitted ones against the reference, where the table has one.
    """

    results: dict[str, CandidateResult]
    holdout: dict[str, dict[str, float]]
    verdict: Message | None
    yardstick: yardstick.Yardstick | None = None


OnCandidate = Callable[[CandidateResult], None]
OnProgress = Callable[[Progress], None]


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
    folds : int
        2 to 20; fewer are used when the smallest class has too few rows.
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
    task : Task, optional
        By default :func:`detect_task` tells.
    tune_trials : int
        Optuna trials for each of the best; 0 leaves the defaults.
    ignored_columns : sequence of str
        Columns not to train on.
    include : sequence of str or Candidate, optional
        Compare only these: PyCaret's model ids, or candidates of your own. The baseline is always
        there.
    time_limit : float, optional
        Seconds for one candidate; by default the setting ``candidate_seconds``.
    n_jobs : int, optional
        Processes; by default the setting ``candidate_workers``.
    group, order : str, optional
        Columns of what belongs together (a session) and of the moment. With either, rows are split
        by group and time: the latest 30 % of the groups are held out, each fold trains on earlier
        groups and is scored on the next, and no group is on both sides; ``seed`` has no say in it.
        Neither column is trained on.
    reference : str, optional
        For two classes, a column of numbers by which decisions are made already; it stays a
        feature. The best are measured against it.

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
        data,
        target,
        task,
        folds=folds,
        ignored_columns=ignored_columns,
        group=group,
        order=order,
        reference=reference,
    )
    chosen = choose_metric(table.task, metric)
    with tempfile.TemporaryDirectory(prefix="bancada-") as folder:
        plan = Plan(
            table=table,
            metric=chosen,
            candidates=choose_candidates(table.task, include, turbo=turbo, seed=seed),
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


def choose_candidates(
    task: Task, include: Sequence[str | Candidate] | None, *, turbo: bool, seed: int
) -> list[Candidate]:
    """Return the candidates to compare, in running order.

    Raises
    ------
    TrainingError
        If one is asked for that PyCaret does not have.
    """
    if include is None:
        return catalogue.candidates(task, turbo=turbo, seed=seed)
    known = {entry.id: entry for entry in catalogue.candidates(task, turbo=False, seed=seed)}
    chosen = {BASELINE: known[BASELINE]}
    for entry in include:
        if isinstance(entry, str):
            if entry not in known:
                raise TrainingError(
                    N_("Não há candidato {id}. Há: {known}."), id=entry, known=", ".join(known)
                )
            entry = known[entry]
        chosen[entry.id] = entry
    return catalogue.in_running_order(list(chosen.values()))


def rank(
    plan: Plan,
    *,
    on_candidate: OnCandidate | None = None,
    on_progress: OnProgress | None = None,
    further_steps: int = 0,
) -> Ranking:
    """Carry a plan out: evaluate, tune, refit the best.

    Raises
    ------
    TrainingError
        If the table cannot be prepared or every candidate failed.
    """
    steps = Steps(plan, on_progress, further_steps)
    steps.say(Message(N_("Preparação da tabela em cada dobra")))
    store_table(plan.table, split(plan.table, plan.seed), plan.folder)
    folds = fold_names(plan.table)
    _prepare(plan, folds)
    results = _evaluate(plan, folds, steps, on_candidate)
    chosen = {candidate.id: candidate for candidate in plan.candidates}
    if plan.tune_trials:
        for tuned, estimator in tune(
            [(chosen[name], results[name]) for name in _best(plan, results)],
            plan.table.task,
            plan.metric,
            trials=plan.tune_trials,
            seed=plan.seed,
            folder=plan.folder,
            folds=folds,
            run=plan.run,
            on_trial=steps.trial,
        ):
            results[tuned.id] = tuned
            chosen[tuned.id] = replace(chosen[tuned.id], estimator=estimator)
            if on_candidate:
                on_candidate(tuned)
    best = [chosen[name] for name in _best(plan, results)]
    holdout = _refit(plan, best, results, steps, on_candidate)
    ranked = leaderboard(list(results.values()), plan.table.task, plan.metric.name).index
    compared = [results[str(name)] for name in ranked[: max(2, plan.n_select)]]
    verdict = noise.verdict(compared, plan.metric, in_time=plan.table.order is not None)
    measured = None
    if plan.table.reference is not None:
        best = [candidate for candidate in best if candidate.id in holdout]
        measured = _measure(plan, best, results, folds, steps)
    return Ranking(results, holdout, verdict, measured)


def _measure(
    plan: Plan,
    best: list[Candidate],
    results: dict[str, CandidateResult],
    folds: list[str],
    steps: Steps,
) -> yardstick.Yardstick:
    """Hold the best against the reference; one that gives no score is left out."""
    steps.say(Message(N_("Os melhores diante da nota de referência")))
    work = {
        f"yardstick-{candidate.id}{'-tuned' if results[candidate.id].tuned else ''}": partial(
            score_holdout, candidate, plan.folder, folds
        )
        for candidate in best
    }
    outcomes: dict[str, Any] = {}
    for key, outcome in plan.run(work, seconds=2 * plan.seconds):
        outcomes[key.removeprefix("yardstick-").removesuffix("-tuned")] = outcome
        steps.step()
    table, rows = plan.table, split(plan.table, plan.seed)
    assert table.reference is not None  # the caller's condition
    order = np.arange(len(table.target)) if table.order is None else table.order
    labels, reference = table.encoded, table.reference
    threshold = yardstick.best_threshold(labels[rows.train], reference[rows.train])
    return yardstick.measure(
        labels[rows.holdout],
        order[rows.holdout],
        {
            candidate.id: outcomes[candidate.id]
            for candidate in best
            if not isinstance(outcomes[candidate.id], Message)
        },
        column=table.reference_column,
        reference=yardstick.Scored(threshold, reference[rows.holdout]),
        seed=plan.seed,
    )


def _prepare(plan: Plan, names: list[str]) -> None:
    for _key, outcome in plan.run(preparations(plan.folder, names)):
        _must_be_prepared(outcome)


def _must_be_prepared(outcome: Message | None) -> None:
    if outcome is not None:
        raise TrainingError(N_("A preparação da tabela falhou. {reason}"), reason=outcome)


def _evaluate(
    plan: Plan, folds: list[str], steps: Steps, on_candidate: OnCandidate | None
) -> dict[str, CandidateResult]:
    waiting = {candidate.id: candidate for candidate in plan.candidates}
    steps.running(list(waiting.values()))
    work: dict[str, Callable[[], Any]] = {
        f"candidate-{candidate.id}": partial(
            evaluate, candidate, plan.table.task, plan.folder, folds
        )
        for candidate in plan.candidates
    }
    # Ready when the best are known, without anyone waiting for them.
    work |= preparations(plan.folder, [TRAIN, ALL])
    results = {}
    for key, outcome in plan.run(work):
        candidate = waiting.pop(key.removeprefix("candidate-"), None)
        if candidate is None:
            _must_be_prepared(outcome)
            continue
        if isinstance(outcome, Message):
            outcome = CandidateResult(candidate.id, candidate.name, error=outcome)
        results[candidate.id] = outcome
        if on_candidate:
            on_candidate(outcome)
        steps.step()
        steps.running(list(waiting.values()))
    return results


def _best(plan: Plan, results: dict[str, CandidateResult]) -> list[str]:
    """Return the ids to refit; the baseline only where nothing else finished."""
    found = list(results.values())
    ranked = [str(name) for name in leaderboard(found, plan.table.task, plan.metric.name).index]
    if not ranked:
        raise TrainingError(
            N_("Todos os candidatos falharam. {name}: {reason}"),
            name=found[0].name,
            reason=failures(found)[found[0].id],
        )
    return [name for name in ranked if name != BASELINE][: plan.n_select] or [BASELINE]


def _refit(
    plan: Plan,
    best: list[Candidate],
    results: dict[str, CandidateResult],
    steps: Steps,
    on_candidate: OnCandidate | None,
) -> dict[str, dict[str, float]]:
    """Take the held-out figures and fit on all rows; one that fails here has failed.

    Raises
    ------
    TrainingError
        If all of them fail.
    """
    steps.say(Message(N_("Ajuste final dos melhores em todas as linhas")))
    work: dict[str, Callable[[], Any]] = {}
    for candidate in sorted(best, key=lambda candidate: candidate.cost, reverse=True):
        # A tuned candidate has parameters of its own, and so files of its own.
        tag = f"{candidate.id}-tuned" if results[candidate.id].tuned else candidate.id
        work[f"all-{tag}"] = partial(fit_on_all, candidate, plan.folder)
        work[f"train-{tag}"] = partial(fit_on_train, candidate, plan.table.task, plan.folder)
    outcomes: dict[str, Any] = {}
    # A fold is a part of these rows: the limit of all folds together is enough for one fit.
    for key, outcome in plan.run(work, seconds=2 * plan.seconds):
        outcomes[key.removesuffix("-tuned")] = outcome
        steps.step()
    holdout = {}
    for candidate in best:
        fits = [outcomes[f"{kind}-{candidate.id}"] for kind in ("train", "all")]
        refused = [outcome for outcome in fits if isinstance(outcome, Message)]
        if refused:
            reason = Message(
                N_("Terminou as dobras, mas falhou no ajuste final. {reason}"),
                {"reason": refused[0]},
            )
            results[candidate.id] = replace(results[candidate.id], error=reason)
            if on_candidate:
                on_candidate(results[candidate.id])
        else:
            holdout[candidate.id] = fits[0]
    if not holdout:
        raise TrainingError(
            N_("Nenhum dos melhores passou do ajuste final. {name}: {reason}"),
            name=best[0].name,
            reason=results[best[0].id].error,
        )
    return holdout


@dataclass
class Steps:
    """Count steps and tell what is going on."""

    plan: Plan
    on_progress: OnProgress | None
    further: int
    done: int = 0
    started: float = field(default_factory=time.monotonic)

    @property
    def total(self) -> int:
        """All steps: candidates, two fits and the trials of each of the best, and what follows."""
        refits = min(self.plan.n_select, len(self.plan.candidates) - 1) or 1
        each = 2 + self.plan.tune_trials + (self.plan.table.reference is not None) + self.further
        return len(self.plan.candidates) + refits * each

    def step(self) -> None:
        """Count one step as done."""
        self.done = min(self.total, self.done + 1)

    def running(self, waiting: list[Candidate]) -> None:
        """Name the candidates that run: they start in order, as many as there are workers."""
        if waiting:
            working = waiting[: pool.workers(self.plan.n_jobs)]
            names = ", ".join(candidate.name for candidate in working)
            self.say(Message(N_("{names} em andamento"), {"names": names}))

    def trial(self, name: str, number: int) -> None:
        """Count a trial of the search for parameters."""
        self.step()
        self.say(
            Message(
                N_("Ajuste de parâmetros: {name}, tentativa {number} de {trials}"),
                {"name": name, "number": number, "trials": self.plan.tune_trials},
            )
        )

    def say(self, step: Message) -> None:
        """Tell what is being done."""
        if self.on_progress is None:
            return
        remaining = None
        if self.done:
            pace = (time.monotonic() - self.started) / self.done
            remaining = pace * (self.total - self.done)
        self.on_progress(Progress(step, self.done, self.total, remaining))
