"""A plan carried out: fold, score, rank, tune, refit the best."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from src.errors import TrainingError
from src.messages import N_, Message
from src.training import noise, yardstick
from src.training.evaluation import evaluate, fit_on_all, fit_on_train, score_holdout
from src.training.folds import ALL, TRAIN, preparations, split, store_table
from src.training.model import (
    BASELINE,
    Candidate,
    CandidateResult,
    Yardstick,
    leaderboard,
)
from src.training.plan import OnProgress, Plan, Steps
from src.training.tuning import tune

OnCandidate = Callable[[CandidateResult], None]


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
    yardstick: Yardstick | None = None


def rank(
    plan: Plan,
    *,
    on_candidate: OnCandidate | None = None,
    on_progress: OnProgress | None = None,
) -> Ranking:
    """Carry a plan out: evaluate, tune, refit the best.

    Raises
    ------
    TrainingError
        If the table cannot be prepared or every candidate failed.
    """
    steps = Steps(plan, on_progress)
    steps.say(Message(N_("Preparação da tabela em cada dobra")))
    store_table(plan.table, split(plan.table, plan.seed), plan.folder)
    for _key, outcome in plan.run(preparations(plan.folder, plan.folds)):
        _must_be_prepared(outcome)
    results = _evaluate(plan, steps, on_candidate)
    chosen = {candidate.id: candidate for candidate in plan.candidates}
    if plan.tune_trials:
        for tuned, estimator in tune(
            [(chosen[name], results[name]) for name in _best(plan, results)],
            plan,
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
        measured = _measure(plan, best, results, steps)
    return Ranking(results, holdout, verdict, measured)


def _measure(
    plan: Plan,
    best: list[Candidate],
    results: dict[str, CandidateResult],
    steps: Steps,
) -> Yardstick:
    """Hold the best against the reference; one that gives no score is left out."""
    steps.say(Message(N_("Os melhores diante da nota de referência")))
    work = {
        f"yardstick-{candidate.id}{'-tuned' if results[candidate.id].tuned else ''}": partial(
            score_holdout, candidate, plan.folder, plan.folds
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


def _must_be_prepared(outcome: Message | None) -> None:
    if outcome is not None:
        raise TrainingError(N_("A preparação da tabela falhou. {reason}"), reason=outcome)


def _evaluate(
    plan: Plan, steps: Steps, on_candidate: OnCandidate | None
) -> dict[str, CandidateResult]:
    waiting = {candidate.id: candidate for candidate in plan.candidates}
    steps.running(list(waiting.values()))
    work: dict[str, Callable[[], Any]] = {
        f"candidate-{candidate.id}": partial(
            evaluate, candidate, plan.table.task, plan.folder, plan.folds
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
    ended = list(results.values())
    ranked = [str(name) for name in leaderboard(ended, plan.table.task, plan.metric.name).index]
    if not ranked:
        raise TrainingError(
            N_("Todos os candidatos falharam. {name}: {reason}"),
            name=ended[0].name,
            reason=ended[0].error,
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
