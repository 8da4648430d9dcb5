"""A batch is read as the model's training table was: the same bytes are the same values."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeClassifier

from src import datasets, files, prediction, registry

pytestmark = pytest.mark.core


def trained(table: str) -> pd.DataFrame:
    """Fit a tree on a table, register it as ``m``, and return the rows it was fitted on."""
    rows = datasets.load(table)
    features = rows.drop(columns="classe")
    numbers = make_column_transformer(("passthrough", make_column_selector(dtype_include="number")))
    model = make_pipeline(numbers, DecisionTreeClassifier(random_state=0))
    registry.save_model(model.fit(features, rows["classe"]), "m", training_data=features)
    return rows


def test_the_very_training_file_scores_in_batch_as_it_did_in_training(tmp_path: Path) -> None:
    lines = ["km;nota;classe"]
    for number in range(200):
        km = f"{1 + number % 9}.{number * 7 % 1000:03}"
        lines.append(f"{km};{number % 10},50;{'caro' if number % 9 < 4 else 'barato'}")
    path = tmp_path / "carros.csv"
    path.write_text("\n".join(lines))
    rows = trained(datasets.import_file(path))
    table = prediction.read_table(path.read_bytes(), "carros.csv", "m")
    assert table["km"].tolist() == rows["km"].tolist()
    result = prediction.predict_batch("m", table)
    assert (result.scored["prediction"] == rows["classe"]).mean() == 1.0
    assert not any(result.warnings) and result.rejected.empty


BRAZILIAN = (
    "preço;nota;sim;quando;cidade;classe\n"
    "R$ 1.234,56;#N/D;sim;03/04/2026;São Paulo;caro\n"
    "R$ 7,50;?;não;05/06/2026;Belém;barato\n"
    "R$ 2.000;—;SIM;;São Paulo;caro\n"
    "9,99;3;falso;07/08/2026 14:03;Belém;barato\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "cp850", "mac_roman"])
def test_a_brazilian_file_is_the_same_in_both(tmp_path: Path, encoding: str) -> None:
    text = BRAZILIAN.replace("—", "?") if encoding == "cp850" else BRAZILIAN
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode(encoding))
    rows = trained(datasets.import_file(path))
    table = prediction.read_table(path.read_bytes(), "t.csv", "m")
    pd.testing.assert_frame_equal(table.drop(columns="classe"), rows.drop(columns="classe"))


def test_a_later_file_is_read_by_what_is_kept_not_by_its_own_cells(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("km;nota;classe\n900;1,5;a\n800;2,5;b\n3;4,5;a\n")
    trained(datasets.import_file(path))
    table = prediction.read_table(b"km;nota\n1.234;3\n#N/D;1,5\n", "u.csv", "m")
    assert table["km"].tolist()[0] == 1234
    assert table["km"].isna().tolist() == [False, True]


def test_a_cell_that_does_not_fit_stays_as_it_is_and_is_named(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("km;nota;classe\n1.200;1,5;a\n800;2,5;b\n3;4,5;a\n")
    trained(datasets.import_file(path))
    table = prediction.read_table(b"km;nota\n1.234;caro\n500;12.5\n7;1.000\n", "u.csv", "m")
    assert table["nota"].tolist() == ["caro", "12.5", 1000.0]
    result = prediction.predict_batch("m", table)
    assert result.scored["nota"].tolist() == ["12.5", 1000.0]
    assert "«caro» não é um número" in str(result.reasons[0][0])


def test_a_model_saved_without_readings_reads_as_before(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("km;nota;classe\n1.200;1,5;a\n800;2,5;b\n3;4,5;a\n")
    rows = datasets.load(datasets.import_file(path))
    rows.attrs.clear()
    model = DecisionTreeClassifier().fit(rows[["km", "nota"]], rows["classe"])
    registry.save_model(model, "m", training_data=rows[["km", "nota"]])
    table = prediction.read_table(path.read_bytes(), "t.csv", "m")
    assert table["km"].tolist() == ["1.200", "800", "3"]


def test_how_a_table_was_read_survives_parquet(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(BRAZILIAN)
    rows = datasets.load(datasets.import_file(path))
    rows.drop(columns="classe").reset_index(drop=True).to_parquet(tmp_path / "t.parquet")
    readings = files.attached(pd.read_parquet(tmp_path / "t.parquet"))
    assert readings == files.attached(rows)
    assert (readings["preço"].kind, readings["preço"].decimal) == ("number", ",")


@pytest.mark.parametrize("header", [",km,classe", ",,classe"])
def test_a_column_that_only_numbers_the_rows_is_left_out_where_training_left_it_out(
    tmp_path: Path, header: str
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"{header}\n1,1.5,a\n2,2.5,b\n3,4.5,a\n")
    rows = trained(datasets.import_file(path))
    table = prediction.read_table(path.read_bytes(), "t.csv", "m")
    assert list(table) == list(rows)


def test_a_column_without_a_name_is_kept_where_training_used_it(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(",km,classe\n7,1.5,a\n9,2.5,b\n3,4.5,a\n")
    trained(datasets.import_file(path))
    assert list(prediction.read_table(b",km\n1,2.5\n2,3.5\n", "u.csv", "m")) == ["coluna_1", "km"]


def test_of_two_columns_that_differ_by_case_the_one_of_training_is_used(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("km;classe\n1,5;a\n2,5;b\n4,5;a\n")
    trained(datasets.import_file(path))
    table = prediction.read_table(b"Km;km\n9;1,5\n8;2,5\n", "u.csv", "m")
    assert table["km"].tolist() == [1.5, 2.5]
