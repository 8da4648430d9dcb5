"""The few statements that must be fast, written for the driver itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from src.collection.store.tables import Found, Query
from src.persistence.engine import UtcDateTime

KEYS_ASKED = 10_000
"""How many keys one query names; SQLite takes 32,766 values."""


def put(
    connection: sa.Connection, table: sa.Table, rows: Sequence[tuple[Any, ...]], *, add: bool
) -> None:
    """Insert rows; where the key is there already, add to its other columns or replace them.

    Parameters
    ----------
    rows : sequence of tuple
        Values of all columns, in order: plain ones, with days and moments (UTC) as texts.
    """
    if rows:
        connection.exec_driver_sql(_statement(table, add, connection.dialect.name), list(rows))


@lru_cache(maxsize=64)
def _statement(table: sa.Table, add: bool, dialect: str) -> str:
    names = [column.name for column in table.columns]
    keys = [column.name for column in table.primary_key.columns]
    places = ", ".join(_place(column, dialect) for column in table.columns)
    changes = ", ".join(
        f"{name} = {table.name}.{name} + excluded.{name}" if add else f"{name} = excluded.{name}"
        for name in names
        if name not in keys
    )
    return (
        f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places}) "  # noqa: S608 - names only
        f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"
    )


def _place(column: sa.Column[Any], dialect: str) -> str:
    if dialect == "sqlite":
        return "?"
    return "%s::timestamp AT TIME ZONE 'UTC'" if isinstance(column.type, UtcDateTime) else "%s"


def among(
    connection: sa.Connection, query: Query, key: sa.Column[Any], values: Collection[str]
) -> Iterator[Found]:
    """Yield the rows of a query whose key is one of the values."""
    asked = list(values)
    for start in range(0, len(asked), KEYS_ASKED):
        yield from connection.execute(query.where(key.in_(asked[start : start + KEYS_ASKED])))
