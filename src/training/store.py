"""Comparisons in the operational database; each candidate is there the moment it finishes."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from src.errors import ComparisonNotFound
from src.messages import N_, Message
from src.persistence import metadata, utc_now
from src.persistence.engine import UtcDateTime, transaction
from src.training.design import Task
from src.training.model import CandidateResult, ComparisonRecord

comparisons = sa.Table(
    "comparisons",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("dataset", sa.String(300), nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("task", sa.String(16), nullable=False),
    sa.Column("metric", sa.String(16), nullable=False),
    sa.Column("settings", sa.JSON, nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("actor", sa.String(200), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("finished_at", UtcDateTime),
    sa.Column("top_ids", sa.JSON, nullable=False),
    sa.Column("positive", sa.Text),
    sa.Column("verdict", sa.JSON),
    sa.Column("warnings", sa.JSON, nullable=False),
    sa.Index("ix_comparisons_dataset_created_at", "dataset", "created_at"),
)

candidates = sa.Table(
    "comparison_candidates",
    metadata,
    sa.Column("comparison_id", sa.String(32), sa.ForeignKey("comparisons.id"), primary_key=True),
    sa.Column("candidate_id", sa.String(32), primary_key=True),
    sa.Column("result", sa.JSON, nullable=False),
    sa.Column("stored_at", UtcDateTime, nullable=False),
)


def add(record: ComparisonRecord) -> None:
    """Store a comparison that is about to run.

    Raises
    ------
    StorageError
        If the database does not take it.
    """
    values = {column.name: getattr(record, column.name) for column in comparisons.c}
    values["warnings"] = [warning.to_dict() for warning in record.warnings]
    del values["verdict"]  # there is none yet, and a JSON column would hold the word null
    with transaction() as connection:
        connection.execute(comparisons.insert().values(values))


def put_candidate(comparison_id: str, result: CandidateResult) -> None:
    """Store what the folds said about a candidate, replacing what was said before."""
    key = sa.and_(
        candidates.c.comparison_id == comparison_id, candidates.c.candidate_id == result.id
    )
    with transaction() as connection:
        connection.execute(candidates.delete().where(key))
        connection.execute(
            candidates.insert().values(
                comparison_id=comparison_id,
                candidate_id=result.id,
                result=result.to_dict(),
                stored_at=utc_now(),
            )
        )


def finish(comparison_id: str, *, top_ids: tuple[str, ...], verdict: Message | None) -> None:
    """Close a comparison with its best candidates and what can be said about them."""
    with transaction() as connection:
        connection.execute(
            comparisons.update()
            .where(comparisons.c.id == comparison_id)
            .values(
                top_ids=list(top_ids),
                verdict=verdict.to_dict() if verdict else None,
                finished_at=utc_now(),
            )
        )


def get_comparison(comparison_id: str) -> ComparisonRecord:
    """Return one comparison with the candidates that have finished so far.

    Raises
    ------
    ComparisonNotFound
        If there is none with that identifier.
    """
    found = _read(comparisons.c.id == comparison_id, limit=1)
    if not found:
        raise ComparisonNotFound(
            N_("A comparação {comparison_id} não existe. Abra outra na lista de comparações."),
            comparison_id=comparison_id,
        )
    return found[0]


def list_comparisons(dataset: str | None = None, limit: int = 100) -> list[ComparisonRecord]:
    """Return comparisons, newest first, of all tables or of one."""
    return _read(sa.true() if dataset is None else comparisons.c.dataset == dataset, limit=limit)


def _read(condition: Any, *, limit: int) -> list[ComparisonRecord]:
    query = (
        sa.select(comparisons)
        .where(condition)
        .order_by(comparisons.c.created_at.desc())
        .limit(limit)
    )
    with transaction() as connection:
        rows = list(connection.execute(query))
        found = connection.execute(
            sa.select(candidates)
            .where(candidates.c.comparison_id.in_([row.id for row in rows]))
            .order_by(candidates.c.stored_at)
        )
        results: dict[str, list[CandidateResult]] = {row.id: [] for row in rows}
        for candidate in found:
            results[candidate.comparison_id].append(CandidateResult.from_dict(candidate.result))
    return [_record(row, results[row.id]) for row in rows]


def _record(row: Any, results: list[CandidateResult]) -> ComparisonRecord:
    data = dict(row._mapping)
    data["task"] = Task(data["task"])
    data["top_ids"] = tuple(data["top_ids"])
    data["verdict"] = Message.from_dict(data["verdict"]) if data["verdict"] else None
    data["warnings"] = tuple(Message.from_dict(warning) for warning in data["warnings"])
    return ComparisonRecord(candidates=tuple(results), **data)
