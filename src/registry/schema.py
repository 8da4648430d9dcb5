"""What a model was trained on: its columns, their types and ranges, and a row as an example."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from src import files
from src.jsonable import Jsonable

if TYPE_CHECKING:
    import pandas as pd

MAX_CATEGORIES = 200
BACKGROUND_ROWS = 50
BACKGROUND_CHARACTERS = 200
KINDS = {
    "integer": "integer",
    "floating": "number",
    "mixed-integer-float": "number",
    "decimal": "number",
    "boolean": "boolean",
    "datetime64": "datetime",
    "datetime": "datetime",
    "date": "datetime",
}
"""pandas' inferred types (of the values, not of the column's dtype) by our kind."""


@dataclass(frozen=True)
class Field(Jsonable):
    """One input column.

    Parameters
    ----------
    name : str
        The raw column's name.
    kind : {"integer", "number", "boolean", "category", "text", "datetime"}
        What its values are.
    minimum, maximum, mean : float or None
        Over the training rows; for ``datetime`` in seconds since 1970 (UTC), None for texts.
    categories : tuple of str
        For ``category``, the values seen in training, most frequent first, at most 200.
    nullable : bool
        Whether a training row had no value here.
    reading : Reading or None
        How the column of the file was read that became the training table; None where it did not
        come from a file, and for models of before readings were kept.
    """

    name: str
    kind: str
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    categories: tuple[str, ...] = ()
    nullable: bool = False
    reading: files.Reading | None = None


def describe_table(data: pd.DataFrame) -> tuple[Field, ...]:
    """Return one field a column, with how it was read if the table carries that."""
    readings = files.attached(data)
    return tuple(
        replace(_describe_column(str(name), data[name]), reading=readings.get(str(name)))
        for name in data.columns
    )


def describe_names(model: Any) -> tuple[Field, ...] | None:
    """Return the columns a fitted estimator remembers, or None; their types are not known."""
    names = getattr(model, "feature_names_in_", None)
    if names is None:
        return None
    return tuple(Field(str(name), "number", nullable=True) for name in names)


def _describe_column(name: str, column: pd.Series) -> Field:
    import pandas as pd
    from pandas.api import types

    nullable = bool(column.isna().any())
    known = column.dropna()
    if isinstance(known.dtype, pd.CategoricalDtype):
        known = known.astype(known.cat.categories.dtype)
    kind = KINDS.get(types.infer_dtype(known, skipna=True), "text")
    field = Field(name, kind, nullable=nullable)
    if kind == "text":
        counts = known.astype(str).value_counts()
        # A text of which nearly every row is its own value is an identifier or free text.
        if 0 < len(counts) <= MAX_CATEGORIES and len(counts) <= max(20, len(known) / 2):
            values = tuple(str(value) for value in counts.index)
            return replace(field, kind="category", categories=values)
    if kind in ("text", "boolean"):
        return field
    numbers: pd.Series
    if kind == "datetime":
        moments = pd.to_datetime(known, utc=True)
        numbers = (moments - pd.Timestamp(0, tz="UTC")).dt.total_seconds()
    else:
        numbers = known.astype(float)
    finite = numbers[numbers.abs() < math.inf]
    if finite.empty:
        return field
    least, greatest, mean = finite.min(), finite.max(), finite.mean()
    return replace(field, minimum=float(least), maximum=float(greatest), mean=float(mean))


def sample_row(data: pd.DataFrame) -> dict[str, Any] | None:
    """Return the first complete row (or the first at all) as plain JSON values."""
    if data.empty:
        return None
    complete = data.notna().all(axis=1)
    row = data.iloc[int(complete.to_numpy().argmax())]
    return {str(name): plain(value) for name, value in row.items()}


def background_rows(data: pd.DataFrame) -> list[dict[str, Any]]:
    """Return up to 50 rows, drawn with a fixed seed, as plain JSON values with texts cut short.

    A prediction is explained against them.
    """
    drawn = data.sample(min(BACKGROUND_ROWS, len(data)), random_state=0)
    columns = {str(name): [_short(plain(value)) for value in drawn[name]] for name in drawn.columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _short(value: Any) -> Any:
    return value[:BACKGROUND_CHARACTERS] if isinstance(value, str) else value


def plain(value: Any) -> Any:
    """Return a cell or a class label as a JSON value; what is missing becomes None."""
    if hasattr(value, "isoformat"):
        return None if value != value else value.isoformat()
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def fingerprint(data: pd.DataFrame) -> str:
    """Return the SHA-256 of a table's columns, types and rows, in hexadecimal."""
    import pandas as pd

    digest = hashlib.sha256()
    for name in data.columns:
        column = data[name]
        digest.update(f"{name}\0{column.dtype}\0".encode())
        try:
            hashes = pd.util.hash_pandas_object(column, index=False)
        except TypeError:  # cells that cannot be hashed, such as lists
            hashes = pd.util.hash_pandas_object(column.astype(str), index=False)
        digest.update(hashes.to_numpy().tobytes())
    return digest.hexdigest()
