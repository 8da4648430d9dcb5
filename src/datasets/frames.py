"""Stored rows as data frames with proper types."""

from __future__ import annotations

import sqlite3
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from src import files
from src.datasets import store
from src.datasets.model import Dataset

_ROWS = 20_000


def load(name: str) -> pd.DataFrame:
    """Return a whole table as a DataFrame.

    Integers come as ``int64`` (``float64`` with NaN where some are missing), numbers as
    ``float64``, booleans as ``bool`` (``object`` with NaN where some are missing), moments as
    ``datetime64[us]``, texts and categories as ``object`` (``str`` from pandas 3 on), NaN where
    missing. The frame carries how its columns were read (:func:`src.files.attached`), so that a
    model trained on it can read later files in the same way.

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
    with store.reading() as connection:
        return _frame(dataset, store.select_some(connection, dataset, np.sort(numbers).tolist()))


def _read(name: str, rows: int, offset: int) -> pd.DataFrame:
    dataset = store.get(name)
    with store.reading() as connection:
        return _frame(dataset, store.select(connection, dataset, rows, offset))


def _frame(dataset: Dataset, cursor: sqlite3.Cursor) -> pd.DataFrame:
    parts: list[list[npt.NDArray[Any]]] = [[] for _column in dataset.columns]
    shared: list[dict[str, str]] = [{} for _column in dataset.columns]
    while chunk := cursor.fetchmany(_ROWS):
        for position, cells in enumerate(zip(*chunk, strict=True)):
            kind = dataset.columns[position].kind
            parts[position].append(files.to_array(cells, kind, shared[position]))
    frame = pd.DataFrame(
        {
            column.name: files.to_series(arrays, column.kind)
            for column, arrays in zip(dataset.columns, parts, strict=True)
        }
    )
    readings = {column.name: column.reading for column in dataset.columns if column.reading}
    return files.attach(frame, readings)
