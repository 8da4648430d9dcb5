"""The columns of a table: which of them say something of a row, and in which form."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types

from src.errors import TrainingError
from src.messages import N_, Message


def usable(data: pd.DataFrame, target: str, warnings: list[Message]) -> pd.DataFrame:
    """Return the columns that can be trained on, and add to ``warnings`` why the others cannot.

    Raises
    ------
    TrainingError
        If none can.
    """
    columns = {}
    constant, identifiers, unusable, infinite = [], [], [], []
    for name in data.columns:
        column = plain(data[name])
        if _is_span(column):
            unusable.append(name)
        elif column.nunique() <= 1 and not (column.nunique() == 1 and column.isna().any()):
            constant.append(name)
        elif _is_identifier(column):
            identifiers.append(name)
        else:
            if types.is_float_dtype(column) and np.isinf(column.to_numpy()).any():
                infinite.append(name)
            columns[name] = column
    for names, template in (
        (constant, N_("Colunas com um único valor ficaram de fora: {columns}.")),
        (
            identifiers,
            N_(
                "Colunas com um valor diferente por linha (identificadores) ficaram de fora: "
                "{columns}."
            ),
        ),
        (unusable, N_("Colunas de um tipo sem uso no treino ficaram de fora: {columns}.")),
        (infinite, N_("Valores infinitos contam como ausentes em: {columns}.")),
    ):
        if names:
            warnings.append(Message(template, {"columns": few_names(names)}))
    if not columns:
        raise TrainingError(
            N_(
                "Nenhuma coluna além de {target} serve para treinar: são constantes, vazias ou "
                "identificadores. Traga colunas que descrevam cada linha."
            ),
            target=target,
        )
    features = pd.DataFrame(columns)
    features.attrs = data.attrs  # how the columns were read goes with them to the model
    return features


def _is_span(column: pd.Series) -> bool:
    return types.is_timedelta64_dtype(column) or isinstance(column.dtype, pd.PeriodDtype)


def _is_identifier(column: pd.Series) -> bool:
    """Whether a column only names its row: consecutive integers, or one short word a row."""
    if column.isna().any() or column.nunique() < len(column):
        return False
    if types.is_integer_dtype(column):
        return int(column.max()) - int(column.min()) + 1 == len(column)
    if types.is_numeric_dtype(column) or types.is_datetime64_any_dtype(column):
        return False
    text: Any = column.astype(str)
    # One word a row that can be a date or a number is left to the preparation to read.
    wordy = text.str.contains(r"\s").mean() > 0.1 or text.str.len().mean() > 60
    return not wordy and bool(
        pd.to_datetime(text.head(50), errors="coerce", format="mixed").isna().any()
    )


def plain(column: pd.Series) -> pd.Series:
    """Return a column as NumPy numbers, booleans, dates, or text with NaN for what is missing."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(column.cat.categories.dtype)
    if _is_span(column):
        return column
    if column.dtype == object:
        column = column.infer_objects().convert_dtypes(dtype_backend="numpy_nullable")
    if types.is_datetime64_any_dtype(column):
        return column
    if types.is_bool_dtype(column) or types.is_integer_dtype(column):
        if column.isna().any():
            return column.astype("float64")
        return column.astype("bool" if types.is_bool_dtype(column) else "int64")
    if types.is_numeric_dtype(column):
        return column.astype("float64")
    texts = column.astype(object).where(column.notna(), np.nan)
    return texts.map(str, na_action="ignore").astype(object)


def few_names(values: Any, limit: int = 8) -> str:
    """Name a few values, and say how many more there are."""
    names = [str(value)[:40] for value in values]
    return ", ".join(names[:limit]) + (f" (+{len(names) - limit})" if len(names) > limit else "")
