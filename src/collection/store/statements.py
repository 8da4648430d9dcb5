"""The few statements that must be fast, written for the driver itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any, Literal

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from src.collection.store.tables import Query
from src.persistence.engine import UtcDateTime


def put(
    connection: sa.Connection,
    table: sa.Table,
    rows: Sequence[tuple[Any, ...]],
    *,
    where_known: Literal["add", "replace", "fail"],
) -> None:
    """Insert rows; where the key is there already, add to its other columns, or replace them.

    Parameters
    ----------
    rows : sequence of tuple
        Values of all columns, in order: plain ones, with days and moments (UTC) as texts.
    """
    if rows:
        connection.exec_driver_sql(
            _statement(table, where_known, connection.dialect.name), list(rows)
        )


@lru_cache(maxsize=64)
def _statement(table: sa.Table, where_known: str, dialect: str) -> str:
    names = [column.name for column in table.columns]
    keys = [column.name for column in table.primary_key.columns]
    places = ", ".join(_place(column, dialect) for column in table.columns)
    insert = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places})"  # noqa: S608
    if where_known == "fail":
        return insert
    changes = ", ".join(
        f"{name} = excluded.{name}" + (f" + {table.name}.{name}" if where_known == "add" else "")
        for name in names
        if name not in keys
    )
    return f"{insert} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"


def _place(column: sa.Column[Any], dialect: str) -> str:
    if dialect == "sqlite":
        return "?"
    return "%s::timestamp AT TIME ZONE 'UTC'" if isinstance(column.type, UtcDateTime) else "%s"


def among(
    connection: sa.Connection, query: Query, key: sa.Column[str], values: Collection[str]
) -> sa.CursorResult[*tuple[Any, ...]]:
    """Run a query for the rows whose key is one of the values, however many these are."""
    return connection.execute(query.where(_is_one_of(connection, key, values)))


def remove(
    connection: sa.Connection, table: sa.Table, key: sa.Column[str], values: Collection[str]
) -> None:
    """Remove the rows whose key is one of the values, however many these are."""
    connection.execute(table.delete().where(_is_one_of(connection, key, values)))


def _is_one_of(
    connection: sa.Connection, key: sa.Column[str], values: Collection[str]
) -> sa.ColumnElement[bool]:
    # One parameter, not one for each: a list of ten thousand is slow to make into a statement, and
    # both databases have a limit to how many a statement takes.
    if connection.dialect.name == "sqlite":
        text = orjson.dumps(list(values)).decode()
        return key.in_(sa.select(sa.func.json_each(text).table_valued("value").c.value))
    return key == sa.any_(sa.literal(list(values), ARRAY(sa.String)))
