"""Compare candidates on one table: fold, score, rank, refit the best."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import joblib
import pandas as pd

from src.config import get_settings
from src.errors import TrainingError
from src.messages import N_, Message
from src.training import catalogue, noise, pool
from src.training.catalogue import Candidate
from src.training.evaluation import evaluate, final_pipeline_path, fit_on_all, fit_on_train
from src.training.folds import ALL, TRAIN, fold_names, preparations, split, store_table
from src.training.model import (
    BASELINE,
    DEFAULT_METRICS,
    METRICS,
    CandidateResult,
    Comparison,
    Metric,
    Task,
    TrainedCandidate,
    failures,
    get_metric,
    leaderboard,
)
from src.training.table import TrainingTable, prepare_table
from src.training.tuning import tune


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


def compare_models(
    data: pd.DataFrame,
    target: str,
    *,
    metric: str | None = None,
    folds: int = 5,
    n_select: int = 5,
    turbo: bool = True,
    seed: int = 42,
    on_candidate: Callable[[CandidateResult], None] | None = None,
    task: Task | None = None,
    tune_trials: int = 0,
    ignored_columns: Sequence[str] = (),
    time_limit: float | None = None,
    candidates: Sequence[Candidate] | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    workdir: Path | None = None,
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
        How many of the best are refitted; the baseline is among them only if nothing else
        finished.
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
    time_limit : float, optional
        Seconds for one candidate; by default the setting ``candidate_seconds``.
    candidates : sequence of Candidate, optional
        What to compare; by default PyCaret's catalogue.
    on_progress : callable, optional
        Called with a :class:`Progress` at every step.
    workdir : Path, optional
        Folder whose finished work a second call with the same arguments takes up; by default a
        temporary one.

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
    if not 2 <= folds <= 20:
        raise TrainingError(N_("O número de dobras vai de 2 a 20, não {folds}."), folds=folds)
    table = prepare_table(data, target, task, folds=folds, ignored_columns=ignored_columns)
    ranking = choose_metric(table.task, metric)
    chosen = list(candidates or catalogue.candidates(table.task, turbo=turbo, seed=seed))
    if workdir is None:
        with tempfile.TemporaryDirectory(prefix="bancada-") as folder:
            return _compare(
                table, ranking, chosen, n_select, seed, tune_trials, time_limit, Path(folder),
                on_candidate, on_progress,
            )  # fmt: skip
    return _compare(
        table, ranking, chosen, n_select, seed, tune_trials, time_limit, workdir,
        on_candidate, on_progress,
    )  # fmt: skip


def choose_metric(task: Task, name: str | None) -> Metric:
    """Return the metric that ranks.

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


def _compare(
    table: TrainingTable,
    metric: Metric,
    candidates: list[Candidate],
    n_select: int,
    seed: int,
    tune_trials: int,
    time_limit: float | None,
    folder: Path,
    on_candidate: Callable[[CandidateResult], None] | None,
    on_progress: Callable[[Progress], None] | None,
) -> Comparison:
    seconds = time_limit or get_settings().candidate_seconds
    steps = _Steps(len(candidates), n_select, tune_trials, on_progress)
    steps.say(Message(N_("Preparação da tabela em cada dobra")))
    store_table(table, split(table, seed), folder)
    names = fold_names(table)
    _prepare(folder, names, seconds)

    steps.start()
    results: dict[str, CandidateResult] = {}
    waiting = {candidate.id: candidate for candidate in candidates}
    steps.running(list(waiting.values()))
    work = {
        f"candidate-{candidate.id}": partial(evaluate, candidate, table.task, folder, names)
        for candidate in candidates
    }
    for key, outcome in pool.run(work, folder=folder, seconds=seconds):
        candidate = waiting.pop(key.removeprefix("candidate-"))
        result = _result(candidate, outcome)
        results[candidate.id] = result
        if on_candidate:
            on_candidate(result)
        steps.step()
        steps.running(list(waiting.values()))

    best = _best(list(results.values()), table.task, metric.name, n_select)
    chosen = {candidate.id: candidate for candidate in candidates}
    if tune_trials:
        for tuned, estimator in tune(
            [(chosen[identifier], results[identifier]) for identifier in best],
            table.task,
            metric,
            trials=tune_trials,
            seed=seed,
            folder=folder,
            folds=names,
            seconds=seconds,
            on_trial=steps.trial,
        ):
            results[tuned.id] = tuned
            chosen[tuned.id] = replace(chosen[tuned.id], estimator=estimator)
            if on_candidate:
                on_candidate(tuned)
        best = _best(list(results.values()), table.task, metric.name, n_select)

    top = _refit(
        [chosen[identifier] for identifier in best], results, table, folder, seconds, steps
    )
    ranked = leaderboard(list(results.values()), table.task, metric.name).index
    return Comparison(
        task=table.task,
        metric=metric.name,
        candidates=tuple(results.values()),
        top=top,
        positive=table.positive,
        verdict=noise.verdict([results[str(name)] for name in ranked[: max(2, n_select)]], metric),
        warnings=table.warnings,
    )


def _prepare(folder: Path, names: list[str], seconds: float) -> None:
    for _key, outcome in pool.run(preparations(folder, names), folder=folder, seconds=seconds):
        if isinstance(outcome, Message):
            raise TrainingError(N_("A preparação da tabela falhou. {reason}"), reason=outcome)


def _result(candidate: Candidate, outcome: Any) -> CandidateResult:
    if isinstance(outcome, Message):
        return CandidateResult(candidate.id, candidate.name, error=outcome)
    return outcome


def _best(results: list[CandidateResult], task: Task, metric: str, n_select: int) -> list[str]:
    """Return the ids to refit; the baseline only where nothing else finished."""
    ranked = [str(name) for name in leaderboard(results, task, metric).index]
    if not ranked:
        reasons = failures(results)
        raise TrainingError(
            N_("Todos os candidatos falharam. {name}: {reason}"),
            name=results[0].name,
            reason=reasons[results[0].id],
        )
    return [name for name in ranked if name != BASELINE][:n_select] or [BASELINE]


def _refit(
    best: list[Candidate],
    results: dict[str, CandidateResult],
    table: TrainingTable,
    folder: Path,
    seconds: float,
    steps: _Steps,
) -> tuple[TrainedCandidate, ...]:
    """Take the held-out figures, then fit on all rows."""
    steps.say(Message(N_("Ajuste final dos melhores em todas as linhas")))
    _prepare(folder, [TRAIN, ALL], seconds)
    work: dict[str, Callable[[], Any]] = {}
    for candidate in sorted(best, key=lambda candidate: candidate.cost, reverse=True):
        # A tuned candidate has parameters of its own, and so files of its own.
        tag = f"{candidate.id}-tuned" if results[candidate.id].tuned else candidate.id
        work[f"all-{tag}"] = partial(fit_on_all, candidate, folder)
        work[f"train-{tag}"] = partial(fit_on_train, candidate, table.task, folder)
    outcomes = {}
    for key, outcome in pool.run(work, folder=folder, seconds=2 * seconds):
        outcomes[key] = outcome
        steps.step()
    top = []
    for candidate in best:
        result = results[candidate.id]
        tag = f"{candidate.id}-tuned" if result.tuned else candidate.id
        failed = [
            outcome
            for outcome in (outcomes[f"all-{tag}"], outcomes[f"train-{tag}"])
            if isinstance(outcome, Message)
        ]
        if failed:
            continue
        top.append(
            TrainedCandidate(
                id=candidate.id,
                name=candidate.name,
                metrics=result.metrics,
                holdout_metrics=outcomes[f"train-{tag}"],
                pipeline=joblib.load(final_pipeline_path(folder, candidate.id)),
            )
        )
    return tuple(top)


class _Steps:
    """Count steps and tell what is going on."""

    def __init__(
        self,
        candidates: int,
        n_select: int,
        trials: int,
        on_progress: Callable[[Progress], None] | None,
    ) -> None:
        refits = min(n_select, candidates)
        self.total = candidates + 2 * refits + trials * refits
        self.done = 0
        self.started = time.monotonic()
        self.on_progress = on_progress

    def start(self) -> None:
        self.started = time.monotonic()

    def step(self) -> None:
        self.done = min(self.total, self.done + 1)

    def running(self, waiting: list[Candidate]) -> None:
        """Name the candidates that run: they start in order, as many as there are workers."""
        if not waiting:
            return
        names = ", ".join(candidate.name for candidate in waiting[: pool.workers()])
        self.say(Message(N_("{names} em andamento"), {"names": names}))

    def trial(self, name: str, number: int, trials: int) -> None:
        self.step()
        self.say(
            Message(
                N_("Ajuste de parâmetros: {name}, tentativa {number} de {trials}"),
                {"name": name, "number": number, "trials": trials},
            )
        )

    def say(self, step: Message) -> None:
        if self.on_progress is None:
            return
        remaining = None
        if self.done:
            pace = (time.monotonic() - self.started) / self.done
            remaining = pace * (self.total - self.done)
        self.on_progress(Progress(step, self.done, self.total, remaining))
