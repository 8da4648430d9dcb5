"""Asking for a comparison: checked at once, run as a job."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import numpy as np

from src import datasets, features, jobs
from src.errors import TrainingError
from src.messages import N_, Message
from src.persistence import utc_now
from src.training import chronology, store
from src.training.model import ComparisonRecord, Task, choose_metric
from src.training.table import TRAIN_SHARE, TrainingTable, prepare_table


def start_comparison(
    dataset: str,
    target: str,
    *,
    task: Task | None = None,
    metric: str | None = None,
    folds: int = 5,
    n_select: int = 5,
    turbo: bool = True,
    seed: int = 42,
    tune_trials: int = 0,
    ignored_columns: Sequence[str] = (),
    group: str | None = None,
    order: str | None = None,
    reference: str | None = None,
    actor: str,
) -> str:
    """Check a table and start the job that compares candidates on it.

    Parameters
    ----------
    dataset, target : str
        Table and the column to predict.
    task, metric, folds, n_select, turbo, seed, tune_trials, ignored_columns
        As :func:`src.training.compare_models`.
    group, order, reference
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
    if not 1 <= n_select <= 20 or not 0 <= tune_trials <= 200:
        raise TrainingError(N_("Escolha de 1 a 20 modelos e até 200 tentativas de ajuste."))
    known = datasets.get(dataset)
    data = datasets.load(dataset)
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
    comparison_id = uuid.uuid4().hex
    store.add(
        ComparisonRecord(
            id=comparison_id,
            dataset=dataset,
            target=target,
            task=table.task,
            metric=choose_metric(table.task, metric).name,
            settings={
                "folds": folds,
                "n_select": n_select,
                "turbo": turbo,
                "seed": seed,
                "tune_trials": tune_trials,
                "ignored_columns": list(ignored_columns),
                **_further(known, table, group, order, reference),
            },
            fingerprint=known.fingerprint,
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
            {"target": target, "dataset": dataset},
        ),
        actor=actor,
        job_id=comparison_id,
    )


def _further(
    dataset: datasets.Dataset,
    table: TrainingTable,
    group: str | None,
    order: str | None,
    reference: str | None,
) -> dict[str, Any]:
    """Return the settings that only some comparisons have."""
    given = {"group": group, "order": order, "reference": reference}
    settings: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if table.order is not None:
        parts = chronology.hold_out(table.order, TRAIN_SHARE)
        for name, rows in zip(("train", "holdout"), parts, strict=True):
            groups = len(np.unique(table.order[rows]))
            settings.setdefault("parts", {})[name] = {"groups": groups, "rows": len(rows)}
    made_from = features.origin(dataset)
    if made_from is not None:
        settings["events"] = made_from.kind.value
    return settings
