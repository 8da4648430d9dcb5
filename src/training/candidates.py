"""What a comparison can choose from: PyCaret's candidates, their defaults and tuning ranges.

The only module that imports ``pycaret``; nothing outside it depends on how PyCaret is built. Only
the containers are used, with an object that stands for the experiment: PyCaret's own set-up,
preparation and comparison are not run.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from pycaret.containers.models import classification as classification_models
from pycaret.containers.models import regression as regression_models
from pycaret.internal.distributions import get_optuna_distributions

from src.errors import TrainingError
from src.messages import N_
from src.training.design import Task
from src.training.model import BASELINE, Candidate


def _is_here(package: str, **_telling: Any) -> bool:
    """Say for PyCaret whether a candidate's library can be imported.

    PyCaret itself looks for a distribution of that name, and XGBoost's build for the processor has
    another: the candidate would be left out in silence.
    """
    return find_spec(package) is not None


classification_models._check_soft_dependencies = _is_here
regression_models._check_soft_dependencies = _is_here

COSTS = {
    "gbc": 10, "gbr": 10, "gpc": 12, "kr": 12, "tr": 12, "mlp": 11, "rbfsvm": 9,
    "ada": 8, "rf": 8, "et": 6, "lr": 6, "lightgbm": 5, "xgboost": 5, "ard": 4, "knn": 3,
}  # fmt: skip
"""How long candidates take, as ranks; the long ones start early, so that no worker ends alone."""

QUADRATIC = frozenset({"gpc", "kr"})
"""Candidates that hold a matrix of rows x rows in memory."""

OPENERS = 2
"""How many of the cheapest candidates run before the long ones, so that there is soon a result."""


def for_task(task: Task, *, turbo: bool = True, seed: int = 42) -> list[Candidate]:
    """Return PyCaret's candidates for a task, in the order in which they should run.

    Parameters
    ----------
    task : Task
        What is predicted.
    turbo : bool
        Leave out those that PyCaret counts as slow.
    seed : int
        Random state of every estimator that has one.

    Returns
    -------
    list of Candidate
        A few cheap ones first, then by falling cost.
    """
    candidates = []
    for container in _containers(task, seed, n_features=1).values():
        if container.is_special or (turbo and not container.is_turbo):
            continue
        estimator = container.class_def(**container.args)
        if container.id == "lightgbm":
            estimator.set_params(verbose=-1)  # it writes a page of warnings otherwise
        cost = COSTS.get(container.id, 1)
        candidates.append(
            Candidate(container.id, container.name, estimator, cost, container.id in QUADRATIC)
        )
    return _in_running_order(candidates)


def choose(
    task: Task, include: Sequence[str | Candidate] | None, *, turbo: bool, seed: int
) -> list[Candidate]:
    """Return the candidates to compare, in running order.

    Raises
    ------
    TrainingError
        If one is asked for that PyCaret does not have.
    """
    if include is None:
        return for_task(task, turbo=turbo, seed=seed)
    offered = {entry.id: entry for entry in for_task(task, turbo=False, seed=seed)}
    chosen = {BASELINE: offered[BASELINE]}
    for entry in include:
        if isinstance(entry, str):
            if entry not in offered:
                raise TrainingError(
                    N_("Não há candidato {id}. Há: {known}."), id=entry, known=", ".join(offered)
                )
            entry = offered[entry]
        chosen[entry.id] = entry
    return _in_running_order(list(chosen.values()))


def _in_running_order(candidates: list[Candidate]) -> list[Candidate]:
    """Put a few cheap candidates first, then the others by falling cost."""
    by_cost = sorted(candidates, key=lambda candidate: (candidate.id != BASELINE, candidate.cost))
    return by_cost[:OPENERS] + sorted(
        by_cost[OPENERS:], key=lambda candidate: candidate.cost, reverse=True
    )


def tuning_space(task: Task, candidate_id: str, *, seed: int, n_features: int) -> dict[str, Any]:
    """Return the Optuna distributions that PyCaret tunes a candidate over, by parameter."""
    container = _containers(task, seed, n_features).get(candidate_id)
    if container is None:
        return {}
    return get_optuna_distributions(container.tune_distribution)


@lru_cache(maxsize=16)
def _containers(task: Task, seed: int, n_features: int) -> dict[str, Any]:
    # Everything the containers ask of an experiment. `raise_errors` because PyCaret would otherwise
    # leave a candidate out in silence when something is missing here.
    experiment = SimpleNamespace(
        seed=seed,
        gpu_param=False,
        n_jobs_param=1,
        is_multiclass=task is Task.MULTICLASS,
        get_engine=lambda _id: None,
        X_train=pd.DataFrame(np.zeros((1, n_features))),
    )
    module = regression_models if task is Task.REGRESSION else classification_models
    state = np.random.get_state()
    try:
        return module.get_all_model_containers(experiment, raise_errors=True)
    finally:
        np.random.set_state(state)
