"""Asking for a comparison, checked at once, and the job that runs it.

Little is imported at first, so that a cold worker is ready sooner: it starts its candidates'
processes at once, and loads PyCaret while those load theirs.
"""

from __future__ import annotations

import importlib
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from src import jobs
from src.errors import TrainingError
from src.messages import N_, Message
from src.persistence import utc_now
from src.training.design import Design
from src.training.metrics import choose_metric
from src.training.model import ComparisonRecord

FITTING_MODULES = ("src.training.evaluation", "lightgbm", "xgboost")
"""What every process that fits candidates needs; text columns take a second more, once."""


def start_comparison(
    dataset: str,
    design: Design,
    *,
    metric: str | None = None,
    n_select: int = 5,
    turbo: bool = True,
    seed: int = 42,
    tune_trials: int = 0,
    actor: str,
) -> str:
    """Check a table and start the job that compares candidates on it.

    Parameters
    ----------
    dataset : str
        Name of the table.
    design : Design
        What to predict, and by which columns and rows.
    metric, n_select, turbo, seed, tune_trials
        As :func:`src.training.compare_models`.
    actor : str
        Who asked for it.

    Returns
    -------
    str
        Identifier of the comparison and of its job.

    Raises
    ------
    DatasetNotFound
        If there is no such table.
    TrainingError
        If it cannot be trained on, or an argument is out of range.
    StorageError
        If the database does not answer.
    """
    from src import datasets, features
    from src.training import store
    from src.training.table import prepare_table

    if not 1 <= n_select <= 20 or not 0 <= tune_trials <= 200:
        raise TrainingError(N_("Escolha de 1 a 20 modelos e até 200 tentativas de ajuste."))
    source = datasets.get(dataset)
    data = datasets.load(dataset)
    table = prepare_table(data, design)
    settings = replace(design, task=table.task).to_dict()
    settings |= {"n_select": n_select, "turbo": turbo, "seed": seed, "tune_trials": tune_trials}
    if table.parts is not None:
        settings["parts"] = table.parts
    origin = features.origin(source)
    if origin is not None:
        settings["events"] = origin.kind.value
    comparison_id = uuid.uuid4().hex
    store.add(
        ComparisonRecord(
            id=comparison_id,
            dataset=dataset,
            target=settings.pop("target"),
            task=settings.pop("task"),
            metric=choose_metric(table.task, metric).name,
            settings=settings,
            fingerprint=source.fingerprint,
            rows=len(data),
            actor=actor,
            created_at=utc_now(),
            positive=table.positive,
            warnings=table.warnings,
        )
    )
    return jobs.submit(
        "training.compare",
        {},
        title=Message(
            N_("Comparação de modelos para {target} em {dataset}"),
            {"target": design.target, "dataset": dataset},
        ),
        actor=actor,
        job_id=comparison_id,
    )


def warm_up() -> None:
    """Start the candidates' processes and load what they need, before anyone waits for it."""
    from src.training import pool

    with ThreadPoolExecutor(1) as alongside:
        processes_ready = alongside.submit(pool.warm_up, FITTING_MODULES)
        importlib.import_module("src.training.run")
        processes_ready.result()


def compare(_params: dict[str, Any], context: jobs.JobContext) -> dict[str, Any]:
    """Run the comparison that has the job's identifier; see :func:`src.training.run.compare`."""
    from src.training import run

    return run.compare(context)
