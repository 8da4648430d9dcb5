"""A table on the screen, with each column said in one place: its values, its title, its looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeVar

import pandas as pd
import streamlit as st

Row = TypeVar("Row")
Width = int | Literal["small", "medium", "large"] | None
Columns = Mapping[str, tuple[Callable[[Row], Any], Any]]
"""By its name in the data: what a column holds of a row, and its title or configuration."""


def frame(rows: Sequence[Row], columns: Columns[Row]) -> pd.DataFrame:
    """Return the values in the columns."""
    return pd.DataFrame(
        {name: [value(row) for row in rows] for name, (value, _look) in columns.items()}
    )


def draw(rows: Sequence[Row], columns: Columns[Row], **options: Any) -> Any:
    """Draw one line a row as ``st.dataframe`` does, and return what is marked in it."""
    looks = {name: look for name, (_value, look) in columns.items()}
    return st.dataframe(frame(rows, columns), hide_index=True, column_config=looks, **options)


def text(title: str, width: Width = None) -> Any:
    """Return the look of a column of words."""
    return st.column_config.TextColumn(title, width=width)


def count(title: str, width: Width = None) -> Any:
    """Return the look of a column of numbers, written as the browser's language does."""
    return st.column_config.NumberColumn(title, format="localized", width=width)
