"""How the raw columns become numbers, inside each fold, with plain scikit-learn and skrub parts."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pandas.api import types
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer
from skrub import ApplyToCols, DatetimeEncoder, StringEncoder, TableVectorizer


def build_preparation(features: pd.DataFrame) -> ColumnTransformer:
    """Return an unfitted preparation for the columns of a table.

    Numbers stay float64 (skrub would make them float32, which changes results) and unscaled, so
    that the leaderboard is PyCaret's; missing and infinite values take the median. Few categories
    are one-hot encoded, many and texts go through skrub's ``StringEncoder``. A date gives its
    parts; the moment itself is left out, because no row to come repeats it.

    Parameters
    ----------
    features : DataFrame
        As :func:`src.training.table.prepare_table` returns them.

    Returns
    -------
    ColumnTransformer
        Takes a DataFrame, returns a float array of shape (rows, prepared features).
    """
    numbers = [name for name in features if types.is_numeric_dtype(features[name])]
    others = [name for name in features if name not in numbers]
    steps = []
    if numbers:
        steps.append(("numbers", _numbers(), numbers))
    if others:
        steps.append(("others", _others(), others))
    return ColumnTransformer(steps, verbose_feature_names_out=False)


def _numbers() -> Pipeline:
    # Functions of NumPy and pandas only: a saved pipeline loads without this package.
    return Pipeline(
        [
            (
                "float",
                FunctionTransformer(
                    pd.DataFrame.astype,
                    kw_args={"dtype": "float64"},
                    feature_names_out="one-to-one",
                ),
            ),
            (
                "finite",
                FunctionTransformer(
                    np.nan_to_num,
                    kw_args={"nan": np.nan, "posinf": np.nan, "neginf": np.nan},
                    feature_names_out="one-to-one",
                ),
            ),
            ("impute", SimpleImputer(strategy="median", keep_empty_features=True)),
        ]
    )


def _others() -> Pipeline:
    return Pipeline(
        [
            (
                "encode",
                TableVectorizer(
                    high_cardinality=_texts(),
                    datetime=DatetimeEncoder(
                        resolution="minute", add_weekday=True, add_total_seconds=False
                    ),
                ),
            ),
            ("impute", SimpleImputer(strategy="median", keep_empty_features=True)),
        ]
    )


def _texts() -> Pipeline:
    # The encoder refuses a column without a single text, which a row to predict may well have.
    return Pipeline(
        [
            ("object", FunctionTransformer(pd.DataFrame.astype, kw_args={"dtype": "object"})),
            ("fill", FunctionTransformer(pd.DataFrame.fillna, kw_args={"value": ""})),
            ("encode", ApplyToCols(StringEncoder())),
        ]
    )
