"""Bad tables: what is said, and what is left out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from src import files
from src.errors import TrainingError
from src.training import Design, Task, check_table, detect_task
from src.training.preparation import build_preparation
from src.training.table import prepare_table
from tests.unit.training.tables import campaign, houses

pytestmark = pytest.mark.core


def said(data: pd.DataFrame, target: str, **options: object) -> str:
    return " ".join(str(warning) for warning in check_table(data, Design(target, **options)))


def refused(data: pd.DataFrame, target: str, **options: object) -> str:
    with pytest.raises(TrainingError) as error:
        check_table(data, Design(target, **options))
    return str(error.value)


@pytest.mark.parametrize(
    ("values", "task"),
    [
        (["sim", "não"], Task.BINARY),
        ([True, False], Task.BINARY),
        ([0, 1], Task.BINARY),
        ([0.0, 1.0, None], Task.BINARY),
        (["a", "b", "c"], Task.MULTICLASS),
        ([0, 1, 2], Task.MULTICLASS),
        ([0.5, 1.5, 2.5], Task.REGRESSION),
        (list(range(100)), Task.REGRESSION),
    ],
)
def test_the_task_follows_from_the_target(values: list, task: Task) -> None:
    assert detect_task(pd.Series(values, name="alvo")) is task


@pytest.mark.parametrize("dtype", ["Int64", "category", "boolean", "string"])
def test_the_task_does_not_depend_on_how_pandas_stores_two_values(dtype: str) -> None:
    values = {"boolean": [True, False], "string": ["a", "b"], "category": ["a", "b"]}
    assert detect_task(pd.Series(values.get(dtype, [1, 2]), dtype=dtype)) is Task.BINARY


def test_a_good_table_gives_no_warning() -> None:
    assert check_table(campaign(), Design("bought")) == []


def test_how_the_columns_were_read_goes_with_the_features() -> None:
    data = files.attach(campaign(), {"age": files.Reading.of("integer", ",")})
    table = prepare_table(data, Design("bought"))
    assert files.attached(table.features) == files.attached(data)


def test_a_target_with_one_class_is_refused() -> None:
    assert "um único valor (yes)" in refused(campaign().assign(bought="yes"), "bought")


def test_a_class_of_one_member_is_left_out_and_named() -> None:
    data = campaign()
    data.iloc[0, data.columns.get_loc("bought")] = "talvez"
    assert "talvez" in said(data, "bought")
    table = prepare_table(data, Design("bought"))
    assert table.labels == ("no", "yes")
    assert table.task is Task.BINARY
    assert len(table.features) == len(data) - 1


def test_a_second_class_of_one_member_is_refused() -> None:
    data = campaign().assign(bought="no")
    data.iloc[0, data.columns.get_loc("bought")] = "yes"
    assert "yes" in refused(data, "bought")


def test_fewer_folds_are_used_for_a_small_class() -> None:
    data = campaign().assign(bought="no")
    data.iloc[:5, data.columns.get_loc("bought")] = "yes"
    assert "3 dobras em vez de 5" in said(data, "bought")
    assert prepare_table(data, Design("bought")).folds == 3


def test_rows_without_a_target_are_counted_and_left_out() -> None:
    data = campaign()
    data.iloc[:30, data.columns.get_loc("bought")] = None
    assert "30 linhas sem valor em bought" in said(data, "bought")
    assert len(prepare_table(data, Design("bought")).target) == len(data) - 30


def test_whole_number_classes_stay_whole_beside_missing_ones() -> None:
    data = campaign().assign(bought=lambda table: (table["bought"] == "yes").astype(float))
    data.iloc[:3, data.columns.get_loc("bought")] = np.nan
    table = prepare_table(data, Design("bought"))
    assert table.labels == (0, 1)
    assert table.target.dtype.kind == "i" or {type(value) for value in table.target} == {int}


def test_three_rows_are_refused_with_the_minimum() -> None:
    message = refused(campaign().groupby("bought").head(2).head(3), "bought")
    assert "3 linhas" in message
    assert "20" in message


def test_an_all_text_table_is_prepared() -> None:
    data = campaign()[["job", "contact", "month", "bought"]]
    table = prepare_table(data, Design("bought"))
    prepared = build_preparation(table.features).fit_transform(table.features)
    assert np.isfinite(prepared).all()
    assert table.warnings == ()


def test_a_table_of_codes_only_has_nothing_to_train_on() -> None:
    data = pd.DataFrame({"code": [f"x{i}" for i in range(50)], "y": ["a", "b"] * 25})
    assert "Nenhuma coluna" in refused(data, "y")


def test_a_date_column_gives_its_parts_and_not_the_moment() -> None:
    data = campaign().assign(
        day=pd.date_range("2026-01-01", periods=600, freq="7h"),
        text=lambda table: table["day"].dt.strftime("%Y-%m-%d %H:%M:%S"),
    )
    table = prepare_table(data, Design("bought"))
    preparation = build_preparation(table.features).fit(table.features)
    names = set(preparation.get_feature_names_out())
    assert {"day_month", "day_weekday", "day_hour", "text_month"} <= names
    assert not {name for name in names if "total_seconds" in name}
    assert np.isfinite(preparation.transform(table.features)).all()


def test_five_thousand_categories_become_a_few_columns() -> None:
    rng = np.random.default_rng(0)
    data = pd.DataFrame(
        {
            "shop": [f"loja {number}" for number in rng.integers(0, 5000, 8000)],
            "y": rng.choice(["a", "b"], 8000),
        }
    )
    assert data["shop"].nunique() > 3500
    table = prepare_table(data, Design("y"))
    preparation = build_preparation(table.features)
    assert preparation.fit_transform(table.features).shape[1] < 60
    assert preparation.transform(pd.DataFrame({"shop": ["loja nunca vista"]})).shape[0] == 1
    assert np.isfinite(preparation.transform(pd.DataFrame({"shop": [None]}))).all()


def test_constant_empty_and_counting_columns_are_named_and_left_out() -> None:
    data = campaign().assign(same=7, empty=None, number=range(600))
    message = said(data, "bought")
    assert "same, empty" in message
    assert "number" in message
    assert not {"same", "empty", "number"} & set(prepare_table(data, Design("bought")).features)


def test_infinite_values_count_as_missing() -> None:
    data = campaign()
    data.iloc[:50, data.columns.get_loc("duration")] = np.inf
    data.iloc[50:60, data.columns.get_loc("duration")] = -np.inf
    assert "infinitos" in said(data, "bought")
    table = prepare_table(data, Design("bought"))
    prepared = build_preparation(table.features).fit_transform(table.features)
    median = np.median(table.features["duration"][np.isfinite(table.features["duration"])])
    column = list(table.features.select_dtypes("number").columns).index("duration")
    assert prepared[0, column] == np.float32(median)


def test_numbers_far_from_zero_keep_what_tells_them_apart() -> None:
    data = pd.DataFrame({"x": 1_700_000_000 + np.arange(40) * 0.25, "y": ["a", "b"] * 20})
    table = prepare_table(data, Design("y"))
    prepared = build_preparation(table.features).fit_transform(table.features)
    assert prepared.dtype == np.float32
    assert np.allclose(np.diff(prepared[:, 0]), 0.25)


def test_numbers_too_large_for_single_precision_stay_finite() -> None:
    data = pd.DataFrame({"x": [1e300, -1e300, *range(38)], "y": ["a", "b"] * 20})
    table = prepare_table(data, Design("y"))
    prepared = build_preparation(table.features).fit_transform(table.features)
    assert np.isfinite(prepared).all()


def test_a_regression_target_that_is_no_number_is_refused_with_an_example() -> None:
    data = houses().astype({"price": object})
    data.loc[3, "price"] = "caro"
    assert "caro" in refused(data, "price", task=Task.REGRESSION)


def test_numbers_written_as_text_can_be_a_regression_target() -> None:
    data = houses().assign(price=lambda table: table["price"].map("{:.2f}".format))
    assert prepare_table(data, Design("price", Task.REGRESSION)).target.dtype == np.float64


def test_infinite_regression_targets_are_left_out() -> None:
    data = houses()
    data.loc[:4, "price"] = np.inf
    assert "5 linhas" in said(data, "price")


def test_a_target_of_names_is_refused() -> None:
    data = campaign().assign(name=[f"pessoa {number}" for number in range(600)])
    assert "nomes ou códigos" in refused(data, "name")


def test_a_column_that_is_not_there_is_refused() -> None:
    assert "nada" in refused(campaign(), "nada")


def test_two_columns_of_one_name_are_refused() -> None:
    data = campaign()
    assert "age" in refused(pd.concat([data, data[["age"]]], axis=1), "bought")


def test_an_absurd_number_of_folds_is_refused() -> None:
    assert "de 2 a 20" in refused(campaign(), "bought", folds=1)


def test_missing_numbers_categories_and_booleans_are_prepared() -> None:
    data = campaign().assign(
        flag=pd.array([True, False, None] * 200, dtype="boolean"),
        count=pd.array([1, None, 3] * 200, dtype="Int64"),
        kind=pd.Categorical(["x", "y", None] * 200),
    )
    data.iloc[:40, data.columns.get_loc("job")] = None
    table = prepare_table(data, Design("bought"))
    prepared = build_preparation(table.features).fit_transform(table.features)
    assert np.isfinite(prepared).all()
