"""The log of predictions in the operational database."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from src.persistence import metadata, utc_now
from src.persistence.engine import UtcDateTime, transaction

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


@dataclass(frozen=True)
class LoggedPrediction:
    """One prediction, as it was given.

    Attributes
    ----------
    model_version : str
        SHA-256 of the model's bytes, in hex.
    batch_id : str or None
        Groups the rows of a batch; None for a single prediction.
    batch_row : int or None
        Position of the row in its batch, 0 upward.
    inputs : dict
        Raw value by feature, as the model received it.
    output : dict
        ``prediction``, and ``probability_<class>`` where the model gives them.
    """

    id: int
    created_at: dt.datetime
    model: str
    model_version: str
    actor: str
    batch_id: str | None
    batch_row: int | None
    inputs: dict[str, Any]
    output: dict[str, Any]


@dataclass(frozen=True)
class LogFilter:
    """Which predictions of the log; what is None does not narrow.

    Attributes
    ----------
    since, until : datetime, optional
        With zone; ``until`` is not included.
    """

    model: str | None = None
    actor: str | None = None
    batch_id: str | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """Return the filter as SQL conditions."""
        equal = {"model": self.model, "actor": self.actor, "batch_id": self.batch_id}
        found = [table.c[name] == value for name, value in equal.items() if value is not None]
        if self.since:
            found.append(table.c.created_at >= self.since)
        if self.until:
            found.append(table.c.created_at < self.until)
        return found


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
    actor: str | None = None,
    batch_id: str | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[LoggedPrediction]:
    """Return logged predictions, newest first, narrowed by what is given.

    Parameters
    ----------
    since, until : datetime, optional
        With zone; ``until`` is not included.
    limit, offset : int
        At most so many, after leaving out so many.

    Raises
    ------
    StorageError
        If the database does not answer.
    """
    wanted = LogFilter(model, actor, batch_id, since, until)
    query = (
        sa.select(table)
        .where(*wanted.conditions())
        .order_by(table.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    with transaction() as connection:
        return [_logged(row) for row in connection.execute(query)]


def count_predictions(
    model: str | None = None,
    *,
    actor: str | None = None,
    batch_id: str | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
) -> int:
    """Return how many predictions of the log :func:`list_predictions` would give without limit."""
    wanted = LogFilter(model, actor, batch_id, since, until)
    query = sa.select(sa.func.count()).select_from(table).where(*wanted.conditions())
    with transaction() as connection:
        return connection.execute(query).scalar_one()


def logged_names() -> tuple[list[str], list[str]]:
    """Return the models and the actors that occur in the log, each in alphabetical order."""
    with transaction() as connection:
        models = connection.execute(sa.select(table.c.model).distinct()).scalars().all()
        actors = connection.execute(sa.select(table.c.actor).distinct()).scalars().all()
    return sorted(models), sorted(actors)


def walk(wanted: LogFilter) -> Iterator[LoggedPrediction]:
    """Yield logged predictions oldest first, some thousands at a time in memory."""
    last = 0
    while True:
        query = (
            sa.select(table)
            .where(table.c.id > last, *wanted.conditions())
            .order_by(table.c.id)
            .limit(EXPORT_CHUNK_ROWS)
        )
        with transaction() as connection:
            rows = [_logged(row) for row in connection.execute(query)]
        yield from rows
        if len(rows) < EXPORT_CHUNK_ROWS:
            return
        last = rows[-1].id


def _logged(row: Any) -> LoggedPrediction:
    return LoggedPrediction(**row._mapping)


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
