"""A saved pipeline asked for one row at a time, by something that waits for the answer.

skrub takes tens of milliseconds to encode the texts of a single row, almost all of it apart from
the values. How a row's texts are encoded depends on those texts alone, and a catalogue of cars and
uses repeats itself: what was encoded once is remembered.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

REMEMBERED = 20_000
"""Different combinations of texts, some hundred numbers each."""

TRIED_ROWS = 5

Probabilities = Callable[[pd.DataFrame], npt.NDArray[Any]]


def single_row_probabilities(pipeline: Any, examples: pd.DataFrame) -> Probabilities:
    """Return ``pipeline.predict_proba`` for one row at a time, quicker where that is possible.

    Parameters
    ----------
    pipeline : fitted estimator
        As a comparison made it; anything else is asked as it is.
    examples : DataFrame
        Some raw rows, on which the quick way has to say exactly what the pipeline says.

    Returns
    -------
    callable
        Takes a DataFrame of one row.
    """
    try:
        quick = _quick(pipeline)
    except (AttributeError, KeyError, TypeError):  # built otherwise than ours
        return pipeline.predict_proba
    for position in range(min(TRIED_ROWS, len(examples))):
        row = examples.iloc[[position]]
        if not np.array_equal(quick(row), pipeline.predict_proba(row)):
            return pipeline.predict_proba
    return quick


def _quick(pipeline: Any) -> Probabilities:
    columns = pipeline.named_steps["prepare"].named_steps["columns"]
    single = pipeline.named_steps["prepare"].named_steps["single"]
    model = pipeline.named_steps["model"]
    parts = [part for part in columns.transformers_ if part[0] != "remainder"]
    texts = next((list(names) for key, _fitted, names in parts if key == "others"), [])
    encoder: Any = next((fitted for key, fitted, _names in parts if key == "others"), None)

    @lru_cache(maxsize=REMEMBERED)
    def encoded(values: tuple[Any, ...]) -> npt.NDArray[Any]:
        frame = pd.DataFrame([dict(zip(texts, values, strict=True))], columns=texts)
        return np.asarray(encoder.transform(frame))

    def probabilities(row: pd.DataFrame) -> npt.NDArray[Any]:
        found = [
            encoded(tuple(row[name].iat[0] for name in texts))
            if key == "others"
            else np.asarray(fitted.transform(row[names]))
            for key, fitted, names in parts
        ]
        return np.asarray(model.predict_proba(single.transform(np.hstack(found))))

    return probabilities
