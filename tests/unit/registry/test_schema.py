"""What is kept of the table a model was trained on."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest

from src import files
from src.registry import Field, schema

pytestmark = pytest.mark.core


def fields(**columns: object) -> dict[str, Field]:
    return {field.name: field for field in schema.describe_table(pd.DataFrame(columns))}


def test_each_kind_of_column_is_told_from_its_values() -> None:
    found = fields(
        inteiro=[1, 2, 4],
        numero=[0.5, 1.5, 4.0],
        sim=[True, False, True],
        texto=["a", "b", "a"],
        quando=pd.to_datetime(["2026-01-01", "2026-01-02", "2026-01-03"]),
    )
    assert {name: field.kind for name, field in found.items()} == {
        "inteiro": "integer",
        "numero": "number",
        "sim": "boolean",
        "texto": "category",
        "quando": "datetime",
    }
    assert (found["numero"].minimum, found["numero"].maximum, found["numero"].mean) == (0.5, 4, 2)
    assert found["texto"].categories == ("a", "b")
    assert found["quando"].minimum == dt.datetime(2026, 1, 1, tzinfo=dt.UTC).timestamp()


def test_missing_values_make_a_column_nullable_and_do_not_change_its_kind() -> None:
    found = fields(
        numero=[1.0, None, 3.0],
        sim=[True, None, False],
        texto=["a", None, "b"],
        inteiro=pd.array([1, None, 3], dtype="Int64"),
    )
    assert all(field.nullable for field in found.values())
    kinds = [found[name].kind for name in ("numero", "sim", "texto", "inteiro")]
    assert kinds == ["number", "boolean", "category", "integer"]


def test_infinite_values_are_left_out_of_the_range() -> None:
    field = fields(x=[1.0, np.inf, -np.inf, 3.0])["x"]
    assert (field.minimum, field.maximum) == (1.0, 3.0)


def test_numbers_kept_as_categories_are_numbers() -> None:
    field = fields(x=pd.Categorical([1, 2, 2]))["x"]
    assert (field.kind, field.maximum) == ("integer", 2.0)


def test_a_column_of_distinct_texts_has_no_list_of_categories() -> None:
    field = fields(x=[f"cliente {number}" for number in range(300)])["x"]
    assert field == Field("x", "text")


def test_an_empty_column_and_an_empty_table_are_described() -> None:
    assert fields(x=[None, None])["x"].nullable
    assert schema.describe_table(pd.DataFrame({"x": []}))[0].name == "x"
    assert schema.sample_row(pd.DataFrame({"x": []})) is None


def test_a_field_survives_json() -> None:
    field = fields(texto=["a", "b", "a"])["texto"]
    assert Field.from_dict(json.loads(json.dumps(field.to_dict()))) == field


def test_how_a_column_was_read_is_kept_where_the_table_carries_it() -> None:
    reading = files.Reading.of("number", ",")
    data = files.attach(pd.DataFrame({"x": [1.5, 2.5], "y": [1, 2]}), {"x": reading})
    (x, y) = schema.describe_table(data)
    assert (x.reading, y.reading) == (reading, None)
    assert Field.from_dict(json.loads(json.dumps(x.to_dict()))) == x


def test_a_field_of_before_readings_were_kept_has_none() -> None:
    old = fields(x=[1.5, 2.5])["x"].to_dict()
    del old["reading"]
    assert Field.from_dict(old).reading is None


def test_the_sample_is_the_first_complete_row_as_json_values() -> None:
    row = schema.sample_row(
        pd.DataFrame(
            {
                "n": [np.nan, 2.0],
                "i": np.array([1, 2]),
                "t": ["a", "b"],
                "q": pd.to_datetime(["2026-01-01", "2026-01-02"]),
            }
        )
    )
    assert row == {"n": 2.0, "i": 2, "t": "b", "q": "2026-01-02T00:00:00"}
    json.dumps(row)


def test_the_fingerprint_changes_with_any_cell_name_or_order() -> None:
    table = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    changed = [
        table.assign(a=[1, 3]),
        table.rename(columns={"b": "c"}),
        table.iloc[::-1],
        table.assign(a=table["a"].astype(float)),
    ]
    prints = {schema.fingerprint(other) for other in [table, *changed]}
    assert len(prints) == 5
    assert schema.fingerprint(table.copy()) == schema.fingerprint(table)


def test_cells_that_cannot_be_hashed_still_have_a_fingerprint() -> None:
    assert len(schema.fingerprint(pd.DataFrame({"a": [[1], [2]]}))) == 64
