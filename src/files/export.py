"""Tables for a spreadsheet program: its separators, its encoding, and no formulas smuggled in."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from src.files.values import read_number

if TYPE_CHECKING:
    import pandas as pd

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A cell that begins so is run as a formula by spreadsheet programs (OWASP, CSV injection)."""


def harmless(value: Any) -> Any:
    """Return a cell that a spreadsheet shows as text, whatever it begins with.

    Examples
    --------
    >>> harmless("=1+1"), harmless("-1,5"), harmless("ok")
    ("'=1+1", '-1,5', 'ok')
    """
    if not isinstance(value, str) or not value.lstrip(" ").startswith(FORMULA_STARTS):
        return value
    return value if math.isfinite(read_number(value)) else "'" + value


def to_csv(table: pd.DataFrame, language: str) -> bytes:
    """Write a table as CSV that opens with a double click, accents and numbers in their place.

    Parameters
    ----------
    table : DataFrame
        Its index is left out.
    language : {"pt_BR", "en"}
        Portuguese spreadsheets take semicolons and decimal commas.
    """
    from pandas.api import types

    brazilian = language == "pt_BR"
    safe = table.set_axis([harmless(str(name)) for name in table.columns], axis="columns")
    for position, name in enumerate(safe.columns):
        column = table.iloc[:, position]
        if not types.is_numeric_dtype(column):
            safe[name] = [_cell(value, brazilian) for value in column]
    text = safe.to_csv(
        index=False, sep=";" if brazilian else ",", decimal="," if brazilian else "."
    )
    return text.encode("utf-8-sig", errors="replace")


def _cell(value: Any, brazilian: bool) -> Any:
    if isinstance(value, float) and not isinstance(value, bool) and brazilian:
        return None if math.isnan(value) else repr(float(value)).replace(".", ",")
    return harmless(value)
