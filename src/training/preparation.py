"""How the raw columns become numbers, inside each fold, with plain scikit-learn and skrub parts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler


def build_preparation(features: pd.DataFrame) -> Pipeline:
    """Return an unfitted preparation for the columns of a table.

    Numbers are unscaled and in the end float32, as PyCaret and skrub have them, so that the
    leaderboard is PyCaret's to the last figure (a column far from zero for its spread is centred
    first); missing and infinite values take the median. Few categories are one-hot encoded, many
    and texts go through skrub's ``StringEncoder``. A date gives its parts; the moment itself is
    left out, because no row to come repeats it.

    Parameters
    ----------
    features : DataFrame
        As :func:`src.training.table.prepare_table` returns them.

    Returns
    -------
    Pipeline
        Takes a DataFrame, returns a float32 array of shape (rows, prepared features).
    """
    numbers = [name for name in features if types.is_numeric_dtype(features[name])]
    others = [name for name in features if name not in numbers]
    distant = [name for name in numbers if _blurs(features[name])]
    near = [name for name in numbers if name not in distant]
    steps = []
    if near:
        steps.append(("numbers", _numbers(), near))
    if distant:
        centred = Pipeline([*_numbers().steps, ("centre", StandardScaler(with_std=False))])
        steps.append(("distant", centred, distant))
    if others:
        steps.append(("others", _others(), others))
    columns = ColumnTransformer(steps, verbose_feature_names_out=False)
    return Pipeline([("columns", columns), ("single", _single_precision())])


def modules_for(features: pd.DataFrame) -> tuple[str, ...]:
    """Return what a preparation of these columns loads, where that takes seconds."""
    return () if all(map(types.is_numeric_dtype, features.dtypes)) else ("skrub",)


def _blurs(column: pd.Series) -> bool:
    """Whether float32 would wipe out the differences: a small spread far from zero, like a time."""
    values = column.to_numpy(dtype="float64", na_value=np.nan)
    values = values[np.isfinite(values)]
    if not len(values):
        return False
    step = np.spacing(np.float32(min(np.abs(values).max(), np.finfo(np.float32).max)))
    return bool(step > 1e-4 * values.std() > 0)


def _single_precision() -> FunctionTransformer:
    # What is too large for float32 would become infinite; it is cut to the largest number.
    limit = float(np.finfo(np.float32).max)
    return _by_column(np.clip, a_min=-limit, a_max=limit, dtype=np.float32, casting="same_kind")


def _numbers() -> Pipeline:
    unknown = {"nan": np.nan, "posinf": np.nan, "neginf": np.nan}
    return Pipeline(
        [
            ("float", _by_column(pd.DataFrame.astype, dtype="float64")),
            ("finite", _by_column(np.nan_to_num, **unknown)),
            ("impute", _median()),
        ]
    )


def _by_column(function: Any, **options: Any) -> FunctionTransformer:
    # Functions of NumPy and pandas only: a saved pipeline loads without this package.
    return FunctionTransformer(function, kw_args=options, feature_names_out="one-to-one")


def _median() -> SimpleImputer:
    return SimpleImputer(strategy="median", keep_empty_features=True)


def _others() -> Pipeline:
    from skrub import DatetimeEncoder, TableVectorizer  # seconds, that a table of numbers can save

    dates = DatetimeEncoder(resolution="minute", add_weekday=True, add_total_seconds=False)
    encode = TableVectorizer(high_cardinality=_texts(), datetime=dates)
    return Pipeline([("encode", encode), ("impute", _median())])


def _texts() -> Pipeline:
    from skrub import ApplyToCols, StringEncoder

    # The encoder refuses a column without a single text, which a row to predict may well have.
    return Pipeline(
        [
            ("object", FunctionTransformer(pd.DataFrame.astype, kw_args={"dtype": "object"})),
            ("fill", FunctionTransformer(pd.DataFrame.fillna, kw_args={"value": ""})),
            ("encode", ApplyToCols(StringEncoder())),
        ]
    )
