"""How a comparison runs as a job: the table as it was, the ranking, what is kept of it."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd

from src import datasets
from src.config import get_settings
from src.errors import TrainingError
from src.jobs import JobContext
from src.messages import N_, Message
from src.training import artifacts, candidates, store
from src.training.evaluation import final_pipeline_path
from src.training.examination import diagnose
from src.training.metrics import choose_metric
from src.training.model import ComparisonRecord
from src.training.plan import Plan
from src.training.ranking import rank
from src.training.table import TrainingTable, prepare_table


def compare(context: JobContext) -> dict[str, Any]:
    """Run the comparison that has the job's identifier.

    The table is copied into the job's folder at the first attempt, so that a later one goes on
    with the same rows; candidates that an earlier attempt finished are not run again.

    Raises
    ------
    ComparisonNotFound
        If nobody asked for it.
    TrainingError
        If the table cannot be trained on or every candidate failed.
    JobCancelled
        If someone stopped it; the candidates finished so far stay readable.
    """
    record = store.get_comparison(context.job_id)
    if record.finished_at is not None:  # an earlier attempt came this far, and was then killed
        return {"top_ids": list(record.top_ids)}
    return {"top_ids": list(_compare(record, context))}


def _compare(record: ComparisonRecord, context: JobContext) -> tuple[str, ...]:
    settings = record.settings
    table = _snapshot(record, context)
    plan = Plan(
        table=table,
        metric=choose_metric(table.task, record.metric),
        candidates=candidates.for_task(table.task, turbo=settings["turbo"], seed=settings["seed"]),
        folder=context.workdir,
        seconds=get_settings().candidate_seconds,
        n_select=settings["n_select"],
        seed=settings["seed"],
        tune_trials=settings["tune_trials"],
        attempt=context.attempt,
        is_examined=True,
    )
    ranking = rank(
        plan,
        on_candidate=partial(store.put_candidate, record.id),
        on_progress=context.report,
    )
    artifacts.keep_features(record.id, table.features)
    if ranking.yardstick is not None:
        artifacts.keep_yardstick(record.id, ranking.yardstick)
    work = {}
    for candidate_id in ranking.holdout:
        artifacts.keep_pipeline(
            record.id, candidate_id, final_pipeline_path(context.workdir, candidate_id)
        )
        work[f"diagnose-{candidate_id}"] = partial(
            diagnose, context.workdir, candidate_id, plan.metric, plan.seed
        )
    look = Message(N_("Exame dos melhores nas linhas separadas para teste"))
    ranked = plan.steps - len(work)
    context.report(ranked, plan.steps, look)
    for done, (key, outcome) in enumerate(plan.run(work), start=ranked + 1):
        artifacts.keep_diagnostics(record.id, key.removeprefix("diagnose-"), outcome)
        context.report(done, plan.steps, look)
    top_ids = tuple(ranking.holdout)
    store.finish(record.id, top_ids=top_ids, verdict=ranking.verdict)
    return top_ids


def _snapshot(record: ComparisonRecord, context: JobContext) -> TrainingTable:
    """Return the rows as they were at the first attempt.

    Raises
    ------
    TrainingError
        If they are no longer those that the comparison was asked for.
    """
    copy = context.workdir / "table.parquet"
    if not copy.exists():
        if datasets.get(record.dataset).fingerprint != record.fingerprint:
            raise TrainingError(
                N_(
                    "A tabela {dataset} foi trocada enquanto a comparação esperava na fila. Abra "
                    "Treinar modelos e compare de novo, com as linhas de agora."
                ),
                dataset=record.dataset,
            )
        temporary = copy.with_suffix(".tmp")
        datasets.load(record.dataset).to_parquet(temporary, index=False)
        temporary.replace(copy)
    return prepare_table(pd.read_parquet(copy), record.design)
