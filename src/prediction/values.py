"""Raw values made into what a model's column expects: numbers, truths, dates, categories.

Everything works on a whole column at once, so that one row of a form and a million rows of a file
take the same way. A value that cannot be made into its column's kind becomes missing, and is told
apart from one that was missing from the start.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from src.files import read_number

TRUE_WORDS = frozenset({"true", "t", "1", "1.0", "sim", "s", "verdadeiro", "v", "yes", "y"})
FALSE_WORDS = frozenset({"false", "f", "0", "0.0", "não", "nao", "n", "falso", "no"})
MISSING_WORDS = frozenset({"", "na", "n/a", "nan", "null", "none", "nat", "<na>", "-"})
"""How people and programs write that there is no value."""

LARGEST_EXACT_INTEGER = 2**53
"""Beyond it a float skips integers, so whole numbers stay integers only below it."""


def missing(column: pd.Series) -> pd.Series:
    """Tell which values are missing: null, or a word for it (``""``, ``NA``, ``null``…)."""
    absent = column.isna()
    if _holds_objects(column):
        words = column.map(lambda value: isinstance(value, str) and _word(value) in MISSING_WORDS)
        absent |= words.astype(bool)
    return absent


def to_numbers(column: pd.Series) -> pd.Series:
    """Return the column as float64; what is no number becomes NaN, infinite values stay."""
    if _holds_objects(column):
        return column.map(_number).astype("float64")
    if pd.api.types.is_numeric_dtype(column):  # bool among them
        return pd.Series(column.to_numpy(dtype="float64", na_value=np.nan), index=column.index)
    return pd.Series(np.nan, index=column.index, dtype="float64")


def to_integers(column: pd.Series) -> pd.Series:
    """Return whole numbers as int64 where none is missing; otherwise floats."""
    numbers = to_numbers(column)
    whole = numbers.notna().all() and (numbers == numbers.round()).all()
    if whole and (numbers.abs() <= LARGEST_EXACT_INTEGER).all():
        return numbers.astype("int64")
    return numbers


def to_booleans(column: pd.Series) -> pd.Series:
    """Return True, False or None, as objects."""
    return pd.Series([_truth(value) for value in column], index=column.index, dtype=object)


def to_moments(column: pd.Series) -> pd.Series:
    """Return dates and times without zone (UTC where one was given); NaT for what is none.

    ISO 8601 is tried first; then day before month, as in ``21/11/2026 14:03``.
    """
    if pd.api.types.is_datetime64_any_dtype(column):
        return _without_zone(column)
    if not _holds_objects(column):
        return pd.Series(pd.NaT, index=column.index, dtype="datetime64[ns]")
    texts = column.map(
        lambda value: value.isoformat() if isinstance(value, dt.date | pd.Timestamp) else value
    )
    texts = texts.where(texts.map(lambda value: isinstance(value, str)).astype(bool), None)
    iso = pd.to_datetime(texts, format="ISO8601", errors="coerce", utc=True)
    rest = iso.isna() & texts.notna()
    if rest.any():
        read = pd.to_datetime(texts[rest], format="mixed", dayfirst=True, errors="coerce", utc=True)
        iso = iso.where(~rest, read.reindex(iso.index))
    return _without_zone(iso)


def to_texts(column: pd.Series) -> pd.Series:
    """Return texts as a person would write them (``3`` for 3.0), None for missing values."""
    return pd.Series(
        [
            None if null else class_text(value)
            for value, null in zip(column, column.isna(), strict=True)
        ],
        index=column.index,
        dtype=object,
    )


def class_text(value: Any) -> str:
    """Write a class or a category as text: ``3`` for 3.0; a truth stays Python's ``True``."""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)


def _holds_objects(column: pd.Series) -> bool:
    return (
        column.dtype == object
        or isinstance(column.dtype, pd.CategoricalDtype)
        or pd.api.types.is_string_dtype(column)
    )


def _word(value: str) -> str:
    return value.strip().casefold()


def _number(value: Any) -> float:
    if isinstance(value, str):
        return read_number(value)
    if isinstance(value, int | float | np.number | np.bool_):
        return float(value)
    try:
        return float(value)  # Decimal, Fraction
    except (TypeError, ValueError):
        return np.nan


def _truth(value: Any) -> bool | None:
    if isinstance(value, bool | np.bool_):
        return bool(value)
    word = _word(str(value))
    if word in TRUE_WORDS:
        return True
    return False if word in FALSE_WORDS else None


def _without_zone(column: pd.Series) -> pd.Series:
    if column.dt.tz is None:
        return column
    return column.dt.tz_convert("UTC").dt.tz_localize(None)
