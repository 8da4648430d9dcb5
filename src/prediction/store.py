"""The log of predictions in the operational database."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from typing import Any, Unpack

import numpy as np
import pandas as pd
import sqlalchemy as sa

from src.persistence import metadata, utc_now
from src.persistence.engine import UtcDateTime, transaction
from src.prediction.model import LoggedPrediction, Narrowing

EXPORT_CHUNK_ROWS = 5_000

table = sa.Table(
    "predictions",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("model_version", sa.String(64), nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("batch_id", sa.String(32)),
    sa.Column("batch_row", sa.Integer),
    sa.Column("inputs", sa.JSON, nullable=False),
    sa.Column("output", sa.JSON, nullable=False),
    sa.Index("ix_predictions_created_at", "created_at"),
    sa.Index("ix_predictions_model_created_at", "model", "created_at"),
    sa.Index("ix_predictions_batch_id", "batch_id"),
)


def add(
    model: str,
    model_version: str,
    inputs: pd.DataFrame,
    outputs: pd.DataFrame,
    *,
    actor: str,
    batch_id: str | None = None,
    first_row: int = 0,
) -> None:
    """Log predictions, all or none.

    Parameters
    ----------
    model, model_version : str
        The model's name and the SHA-256 of its bytes.
    inputs, outputs : DataFrame, each n_rows long
        What the model received and answered; one index of row positions.
    actor : str
        Who asked.
    batch_id : str, optional
        The batch these rows are part of.
    first_row : int
        Where position 0 lies in the batch.

    Raises
    ------
    StorageError
        If the database does not take them; then none is logged.
    """
    now = utc_now()
    records = [
        {
            "created_at": now,
            "model": model,
            "model_version": model_version,
            "actor": actor.replace("\0", ""),  # PostgreSQL has no NUL in texts
            "batch_id": batch_id,
            "batch_row": first_row + int(row) if batch_id else None,
            "inputs": given,
            "output": answer,
        }
        for row, given, answer in zip(
            inputs.index, _records(inputs), _records(outputs), strict=True
        )
    ]
    if not records:
        return
    with transaction() as connection:
        connection.execute(table.insert(), records)


def list_predictions(
    model: str | None = None,
    *,
    limit: int = 100,
    offset: int = 0,
    **narrowing: Unpack[Narrowing],
) -> list[LoggedPrediction]:
    """Return logged predictions, newest first, narrowed by what is given.

    Parameters
    ----------
    limit, offset : int
        At most so many, after leaving out so many.
    **narrowing
        As in :class:`Narrowing`.

    Raises
    ------
    StorageError
        If the database does not answer.
    """
    query = (
        sa.select(table)
        .where(*_conditions(model, narrowing))
        .order_by(table.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    with transaction() as connection:
        return [_logged(row) for row in connection.execute(query)]


def count_predictions(model: str | None = None, **narrowing: Unpack[Narrowing]) -> int:
    """Return how many predictions of the log :func:`list_predictions` would give without limit."""
    query = sa.select(sa.func.count()).select_from(table).where(*_conditions(model, narrowing))
    with transaction() as connection:
        return connection.execute(query).scalar_one()


def logged_names() -> tuple[list[str], list[str]]:
    """Return the models and the actors that occur in the log, each in alphabetical order."""
    with transaction() as connection:
        models = connection.execute(sa.select(table.c.model).distinct()).scalars().all()
        actors = connection.execute(sa.select(table.c.actor).distinct()).scalars().all()
    return sorted(models), sorted(actors)


def walk(model: str | None = None, **narrowing: Unpack[Narrowing]) -> Iterator[LoggedPrediction]:
    """Yield logged predictions oldest first, some thousands at a time in memory."""
    conditions = _conditions(model, narrowing)
    last = 0
    while True:
        query = (
            sa.select(table)
            .where(table.c.id > last, *conditions)
            .order_by(table.c.id)
            .limit(EXPORT_CHUNK_ROWS)
        )
        with transaction() as connection:
            rows = [_logged(row) for row in connection.execute(query)]
        yield from rows
        if len(rows) < EXPORT_CHUNK_ROWS:
            return
        last = rows[-1].id


def _conditions(model: str | None, narrowing: Narrowing) -> list[sa.ColumnElement[bool]]:
    given: dict[str, Any] = {"model": model, **narrowing}
    since, until = given.pop("since", None), given.pop("until", None)
    conditions = [table.c[name] == value for name, value in given.items() if value is not None]
    if since:
        conditions.append(table.c.created_at >= since)
    if until:
        conditions.append(table.c.created_at < until)
    return conditions


def _logged(row: Any) -> LoggedPrediction:
    return LoggedPrediction(**row._asdict())


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    columns = {str(name): [_json_value(value) for value in frame[name]] for name in frame.columns}
    return [
        dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
    ]


def _json_value(value: Any) -> Any:
    """Return what JSON can hold: no NaN, no infinity, no types of numpy or pandas."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, float):
        return value if math.isfinite(value) else None if math.isnan(value) else str(value)
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return str(value)
