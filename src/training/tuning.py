"""Better parameters for the best candidates: Optuna over PyCaret's ranges, on the same folds.

The search asks for one trial of each candidate at a time and runs those in the same processes as
the candidates, so a trial has the same time limit and the same protection from crashes, and a
comparison that was killed replays the trials it had finished.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import optuna
from sklearn.base import clone

from src.messages import Message
from src.training.candidates import tuning_space
from src.training.evaluation import evaluate
from src.training.folds import Prepared
from src.training.metrics import Metric
from src.training.model import Candidate, CandidateResult
from src.training.plan import Plan


@dataclass
class _Search:
    candidate: Candidate
    best: CandidateResult
    space: dict[str, Any]
    study: optuna.Study
    estimator: Any = None


def tune(
    candidates: Sequence[tuple[Candidate, CandidateResult]],
    plan: Plan,
    *,
    on_trial: Callable[[str, int], None],
) -> Iterator[tuple[CandidateResult, Any]]:
    """Search parameters for each candidate; yield those whose figures became better.

    Parameters
    ----------
    candidates : sequence of (Candidate, CandidateResult)
        With the figures of their defaults, which a trial has to beat.
    plan : Plan
        With the number of trials for each candidate; TPE, seeded.
    on_trial : callable
        Called with a candidate's name and the trial's number, from 1.

    Yields
    ------
    tuple of (CandidateResult, estimator)
        Figures and the unfitted estimator with the parameters that gave them.
    """
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    n_features = Prepared(plan.folder, plan.folds[0]).array("X_fit").shape[1]
    searches = {}
    for candidate, result in candidates:
        space = tuning_space(plan.table.task, candidate.id, seed=plan.seed, n_features=n_features)
        if space:
            study = optuna.create_study(
                direction="maximize" if plan.metric.greater_is_better else "minimize",
                sampler=optuna.samplers.TPESampler(seed=plan.seed),
            )
            searches[candidate.id] = _Search(candidate, result, space, study)
    for number in range(plan.tune_trials):
        work, asked = {}, {}
        for search in searches.values():
            trial = search.study.ask(search.space)
            estimator = clone(search.candidate.estimator).set_params(**trial.params)
            key = f"trial-{search.candidate.id}-{number}"
            asked[key] = (search, trial, estimator)
            attempt = replace(search.candidate, estimator=estimator)
            work[key] = partial(evaluate, attempt, plan.table.task, plan.folder, plan.folds)
        outcomes = {}
        for key, outcome in plan.run(work):
            outcomes[key] = outcome
            on_trial(asked[key][0].candidate.name, number + 1)
        for key, (search, trial, estimator) in asked.items():  # told in order: replayable
            _tell(search, trial, estimator, outcomes[key], plan.metric)
    for search in searches.values():
        if search.estimator is not None:
            yield search.best, search.estimator


def _tell(
    search: _Search, trial: optuna.Trial, estimator: Any, outcome: Any, metric: Metric
) -> None:
    # Some combinations of parameters do not exist together; the search goes on without them.
    value = None if isinstance(outcome, Message) else outcome.metrics[metric.name]
    if value is None or value != value:
        search.study.tell(trial, state=optuna.trial.TrialState.FAIL)
        return
    search.study.tell(trial, value)
    gain = value - search.best.metrics[metric.name]
    if (gain if metric.greater_is_better else -gain) > 0:
        search.best = replace(outcome, tuned=True, parameters=dict(trial.params))
        search.estimator = estimator
