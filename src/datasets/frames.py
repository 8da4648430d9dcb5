"""Stored rows as data frames with proper types."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from src.datasets import store
from src.datasets.model import Column, Dataset, Kind

_ROWS = 20_000
_MAX_SHARED = 10_000


def load(name: str) -> pd.DataFrame:
    """Return a whole table as a DataFrame.

    Integers come as ``int64`` (``float64`` with NaN where some are missing), numbers as
    ``float64``, booleans as ``bool`` (``object`` with NaN where some are missing), moments as
    ``datetime64[us]``, texts and categories as ``object`` (``str`` from pandas 3 on), NaN where
    missing.

    Raises
    ------
    DatasetNotFound
        If there is no such table.
    """
    return _read(name, -1, 0)


def preview(name: str, rows: int = 100, *, offset: int = 0) -> pd.DataFrame:
    """Return ``rows`` rows from the ``offset``-th on, typed as :func:`load` does.

    Raises
    ------
    DatasetNotFound
        If there is no such table.
    """
    return _read(name, rows, offset)


def sample(name: str, rows: int, *, seed: int = 42) -> pd.DataFrame:
    """Return at most ``rows`` rows drawn at random, always the same ones."""
    dataset = store.get(name)
    if dataset.rows <= rows:
        return load(name)
    numbers = np.random.default_rng(seed).choice(dataset.rows, rows, replace=False) + 1
    with _connection() as connection:
        return _frame(dataset, store.select_some(connection, dataset, np.sort(numbers).tolist()))


@contextmanager
def _connection() -> Iterator[sqlite3.Connection]:
    with store.reading() as connection:
        assert connection is not None  # the table was found in it
        yield connection


def _read(name: str, rows: int, offset: int) -> pd.DataFrame:
    dataset = store.get(name)
    with _connection() as connection:
        return _frame(dataset, store.select(connection, dataset, rows, offset))


def _frame(dataset: Dataset, cursor: sqlite3.Cursor) -> pd.DataFrame:
    parts: list[list[npt.NDArray[Any]]] = [[] for _column in dataset.columns]
    shared: list[dict[str, str]] = [{} for _column in dataset.columns]
    while chunk := cursor.fetchmany(_ROWS):
        for position, cells in enumerate(zip(*chunk, strict=True)):
            kind = dataset.columns[position].kind
            parts[position].append(to_array(cells, kind, shared[position]))
    return pd.DataFrame(
        {
            column.name: _series(column, arrays)
            for column, arrays in zip(dataset.columns, parts, strict=True)
        }
    )


def to_array(
    cells: Sequence[Any], kind: Kind, shared: dict[str, str] | None = None
) -> npt.NDArray[Any]:
    """Return stored values as an array of the kind's type."""
    missing = None in cells
    if kind == "integer" and not missing:
        return np.array(cells, dtype=np.int64)
    if kind in ("integer", "number"):
        return np.array(cells, dtype=np.float64)  # None becomes NaN
    if kind == "boolean":
        if not missing:
            return np.array(cells, dtype=bool)
        return _objects([np.nan if cell is None else bool(cell) for cell in cells])
    if kind == "datetime":
        return np.array(["NaT" if cell is None else cell for cell in cells], dtype="datetime64[us]")
    memory = {} if shared is None else shared
    if len(memory) > _MAX_SHARED:
        memory.clear()
    return _objects([np.nan if cell is None else memory.setdefault(cell, cell) for cell in cells])


def _objects(values: list[Any]) -> npt.NDArray[Any]:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _series(column: Column, arrays: list[npt.NDArray[Any]]) -> pd.Series[Any]:
    if not arrays:
        arrays = [to_array((), column.kind)]
    array = np.concatenate(
        arrays
    )  # int64 beside float64 becomes float64, bool beside object object
    if column.kind in ("text", "category"):
        return pd.Series(list(array) if array.size else array, dtype=pd.Series(["a"]).dtype)
    return pd.Series(array)
