"""One row at a time says what the pipeline says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from src import training
from src.training.preparation import build_preparation
from tests.unit.training.tables import campaign, houses

pytestmark = pytest.mark.core


def fitted(data: pd.DataFrame, target: pd.Series) -> Pipeline:
    steps = [("prepare", build_preparation(data)), ("model", LogisticRegression(max_iter=500))]
    return Pipeline(steps).fit(data, target)


def test_rows_known_and_new_are_scored_exactly_as_by_the_pipeline() -> None:
    data = campaign(300)
    features = data.drop(columns="bought").reset_index(drop=True)
    features["far"] = 1.7e9 + np.arange(300)  # centred first, because it is far from zero
    pipeline = fitted(features, data["bought"])
    quick = training.single_row_probabilities(pipeline, features.head())
    assert quick != pipeline.predict_proba
    rows = features.tail(20).copy()
    rows.iloc[0, rows.columns.get_loc("job")] = "never seen"
    rows.iloc[1, rows.columns.get_loc("age")] = -5
    for position in [*range(20), 0, 1, 2]:
        row = rows.iloc[[position]]
        assert np.array_equal(quick(row), pipeline.predict_proba(row))


def test_a_table_of_numbers_alone_needs_no_texts() -> None:
    data = houses()[["size", "price"]]
    pipeline = fitted(data, data["price"] > 300)
    quick = training.single_row_probabilities(pipeline, data)
    assert np.array_equal(quick(data.head(1)), pipeline.predict_proba(data.head(1)))


def test_a_pipeline_of_another_make_is_asked_as_it_is() -> None:
    data = houses()[["size", "price"]]
    pipeline = make_pipeline(LogisticRegression()).fit(data, data["price"] > 300)
    assert training.single_row_probabilities(pipeline, data) == pipeline.predict_proba
