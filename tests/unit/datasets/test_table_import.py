"""Files become tables."""

from __future__ import annotations

import datetime as dt
import json
import math
import sqlite3
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import Workbook

from src import datasets, files
from src.config import Settings
from src.messages import Message


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def imported(path: Path, **options: object) -> pd.DataFrame:
    return datasets.load(datasets.import_file(path, **options))  # type: ignore[arg-type]


def kinds(name: str) -> dict[str, str]:
    return {column.name: column.kind for column in datasets.get(name).columns}


def notes(name: str) -> str:
    return " ".join(map(str, datasets.get(name).warnings))


BRAZILIAN = "cidade;preço;quando;ativo\nSão Paulo;1.234,56;21/11/2026 14:03;sim\nBelém;7,5;;não\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "cp850", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_a_brazilian_csv_in_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    frame = imported(write(tmp_path / "vendas.csv", BRAZILIAN, encoding))
    assert list(frame) == ["cidade", "preço", "quando", "ativo"]
    assert frame["cidade"].tolist() == ["São Paulo", "Belém"]
    assert frame["preço"].tolist() == [1234.56, 7.5]
    assert frame["quando"][0] == pd.Timestamp("2026-11-21 14:03")
    assert pd.isna(frame["quando"][1])
    assert frame["ativo"].dtype == bool
    assert frame["ativo"].tolist() == [True, False]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(tmp_path: Path, delimiter: str) -> None:
    rows = [["a", "b", "c"], ["1", "x", "2"], ["3", "y", "4"]]
    text = "\n".join(delimiter.join(row) for row in rows)
    frame = imported(write(tmp_path / "t.csv", text))
    assert frame.to_dict("list") == {"a": [1, 3], "b": ["x", "y"], "c": [2, 4]}


def test_quotes_hold_delimiters_and_line_breaks(tmp_path: Path) -> None:
    frame = imported(
        write(tmp_path / "t.csv", 'a, "b"\n"x, y", "linha 1\nlinha 2"\n"diz ""oi""",z\n')
    )
    assert frame["a"].tolist() == ["x, y", 'diz "oi"']
    assert frame["b"].tolist() == ["linha 1\nlinha 2", "z"]


def test_an_unnamed_index_is_dropped_and_said(tmp_path: Path) -> None:
    name = datasets.import_file(write(tmp_path / "t.csv", ",a,b\n0,x,1\n1,y,2\n2,x,3\n"))
    assert list(datasets.load(name)) == ["a", "b"]
    assert "foi descartada" in notes(name)


def test_an_index_without_even_a_place_in_the_header_is_dropped(tmp_path: Path) -> None:
    text = '"date","lux"\n"140","2015-02-02 14:19:00",585.2\n"141","2015-02-02 14:19:59",578.4\n'
    name = datasets.import_file(write(tmp_path / "t.txt", text))
    assert kinds(name) == {"date": "datetime", "lux": "number"}
    assert datasets.load(name)["lux"].tolist() == [585.2, 578.4]
    assert "foi descartada" in notes(name)


def test_an_unnamed_column_that_is_no_index_is_kept(tmp_path: Path) -> None:
    name = datasets.import_file(write(tmp_path / "t.csv", "mpg,hp\nMazda,21,110\nFiat,32,66\n"))
    assert datasets.load(name)["coluna_1"].tolist() == ["Mazda", "Fiat"]
    assert "coluna_1" in notes(name)


def test_delimiters_at_the_end_of_every_line_are_no_column(tmp_path: Path) -> None:
    frame = imported(write(tmp_path / "t.csv", "a;b\n1;2;\n3;4;\n"))
    assert frame.to_dict("list") == {"a": [1, 3], "b": [2, 4]}


def test_a_file_without_a_header_loses_no_row(tmp_path: Path) -> None:
    name = datasets.import_file(write(tmp_path / "t.csv", "5.1,3.5,2\n4.9,3.0,1\n"))
    assert len(datasets.load(name)) == 2
    assert list(datasets.load(name)) == ["coluna_1", "coluna_2", "coluna_3"]
    assert "primeira linha" in notes(name)


def test_a_single_column(tmp_path: Path) -> None:
    assert imported(write(tmp_path / "t.csv", "lux\n1\n2\n"))["lux"].tolist() == [1, 2]


RECORDS = [
    {"lux": 1.5, "sala": "a", "ok": True, "quando": "2026-11-21T14:03:00"},
    {"lux": None, "sala": "b", "ok": False, "quando": "2026-11-22", "extra": [1, 2]},
]
COLUMNS = {"lux": [1.5, None], "sala": ["a", "b"], "ok": [True, False]}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(RECORDS),
        json.dumps(RECORDS, indent=2),
        json.dumps({"data": RECORDS}),
        json.dumps({"count": 2, "ok": [], "rows": RECORDS, "next": None}),
        "\n".join(map(json.dumps, RECORDS)),
        "\n\n".join(map(json.dumps, RECORDS)) + "\n",
    ],
    ids=["list", "indented", "data", "between", "ndjson", "gaps"],
)
def test_json_records(tmp_path: Path, text: str) -> None:
    frame = imported(write(tmp_path / "t.json", text))
    assert frame["sala"].tolist() == ["a", "b"]
    assert frame["lux"][0] == 1.5
    assert math.isnan(frame["lux"][1])
    assert frame["ok"].tolist() == [True, False]
    assert frame["quando"][1] == pd.Timestamp("2026-11-22")
    assert frame["extra"][1] == "[1, 2]"


@pytest.mark.parametrize(
    "value",
    [COLUMNS, {name: dict(enumerate(cells)) for name, cells in COLUMNS.items()}],
    ids=["lists", "dicts"],
)
def test_json_columns(tmp_path: Path, value: object) -> None:
    frame = imported(write(tmp_path / "t.json", json.dumps(value)))
    assert frame["sala"].tolist() == ["a", "b"]
    assert frame["ok"].tolist() == [True, False]


def test_json_larger_than_what_is_read_at_once(tmp_path: Path) -> None:
    records = [{"n": number, "t": "x" * (number % 700)} for number in range(3000)]
    frame = imported(write(tmp_path / "t.json", json.dumps({"data": records})))
    assert frame["n"].tolist() == list(range(3000))


def test_a_spreadsheet(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "Leituras"
    sheet.append([])
    sheet.append(["sala", "lux", "quando", "ok", "preço"])
    sheet.append(["a", 1, dt.datetime.fromisoformat("2026-11-21 14:03"), True, "1.234,56"])
    sheet.append(["b", 2, dt.datetime.fromisoformat("2026-11-22"), False, "0,5"])
    sheet.append([None, None, None])
    book.create_sheet("Notas").append(["outra"])
    book.save(tmp_path / "t.xlsx")
    name = datasets.import_file(tmp_path / "t.xlsx")
    frame = datasets.load(name)
    assert frame["lux"].tolist() == [1, 2]
    assert frame["preço"].tolist() == [1234.56, 0.5]
    assert frame["quando"][0] == pd.Timestamp("2026-11-21 14:03")
    assert frame["ok"].dtype == bool
    assert "2 planilhas; foi lida «Leituras»" in notes(name)


def test_parquet_keeps_its_own_types(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "código": ["01", "02", "01"],
            "n": [1, 2, 3],
            "x": [0.1, np.inf, np.nan],
            "ok": [True, None, False],
            "quando": pd.to_datetime(["2026-11-21 00:00:00.0", None, "2026-11-22 10:00:00.5"]),
            "grupo": pd.Categorical(["a", "b", "a"]),
        }
    )
    frame.to_parquet(tmp_path / "t.parquet")
    name = datasets.import_file(tmp_path / "t.parquet")
    assert kinds(name) == {
        "código": "category",
        "n": "integer",
        "x": "number",
        "ok": "boolean",
        "quando": "datetime",
        "grupo": "category",
    }
    found = datasets.load(name)
    assert found["x"].tolist()[:2] == [0.1, math.inf]
    assert found["quando"][2] == pd.Timestamp("2026-11-22 10:00:00.5")
    assert found["código"].tolist() == ["01", "02", "01"]
    assert found["ok"].tolist()[0] is True


def test_the_content_decides_over_the_ending(tmp_path: Path) -> None:
    pd.DataFrame({"a": [1, 2]}).to_parquet(tmp_path / "t.csv")
    assert imported(tmp_path / "t.csv")["a"].tolist() == [1, 2]


def test_types_are_those_of_the_whole_file(tmp_path: Path) -> None:
    rows = "".join(f"{number},x\n" for number in range(30_000))
    frame = imported(write(tmp_path / "t.csv", "a,b\n" + rows + "0.5,y\n"))
    assert frame["a"].dtype == np.float64
    assert frame["a"].tolist()[-2:] == [29_999.0, 0.5]


def test_missing_values_become_nan(tmp_path: Path) -> None:
    frame = imported(write(tmp_path / "t.csv", "i,x,t,b\n1,,a,sim\n,2.5,,\n3,1.5,a,não\n"))
    assert frame["i"].dtype == np.float64
    assert frame.isna().sum().to_dict() == {"i": 1, "x": 1, "t": 1, "b": 1}


def test_the_name_comes_from_the_file_and_is_kept_free(tmp_path: Path) -> None:
    path = write(tmp_path / "leituras.csv", "a,b\n1,2\n")
    assert datasets.import_file(path) == "leituras"
    assert datasets.import_file(path) == "leituras_2"
    assert datasets.import_file(path, "outra") == "outra"
    assert {dataset.name for dataset in datasets.list_datasets()} == {
        "leituras",
        "leituras_2",
        "outra",
    }


def test_the_catalogue_says_who_when_and_from_where(tmp_path: Path) -> None:
    before = dt.datetime.now(dt.UTC)
    name = datasets.import_file(
        write(tmp_path / "x.csv", "a,b\n1,2\n"), actor="Ana", source_name="vendas.csv"
    )
    dataset = datasets.get(name)
    assert (dataset.actor, dataset.source, dataset.rows) == ("Ana", "vendas.csv", 1)
    assert before <= dataset.imported_at <= dt.datetime.now(dt.UTC)


def test_equal_content_has_an_equal_fingerprint(tmp_path: Path) -> None:
    comma = datasets.import_file(write(tmp_path / "a.csv", "a,b\n1.5,x\n2,y\n"))
    semicolon = datasets.import_file(write(tmp_path / "b.csv", "a;b\n1,5;x\n2;y\n"))
    other = datasets.import_file(write(tmp_path / "c.csv", "a,b\n1.5,x\n3,y\n"))
    prints = [datasets.get(name).fingerprint for name in (comma, semicolon, other)]
    assert prints[0] == prints[1] != prints[2]
    assert len(prints[0]) == 64


def test_any_sqlite_tool_can_read_the_table(tmp_path: Path, settings: Settings) -> None:
    datasets.import_file(write(tmp_path / "leituras.csv", "lux,sala\n1.5,a\n2,b\n"))
    connection = sqlite3.connect(settings.tables_path)
    assert connection.execute("SELECT lux, sala FROM leituras").fetchall() == [
        (1.5, "a"),
        (2.0, "b"),
    ]
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    types = {row[1]: row[2] for row in connection.execute("PRAGMA table_info(leituras)")}
    assert types == {"lux": "REAL", "sala": "TEXT"}
    connection.close()


def test_rows_keep_the_order_of_the_file_even_beside_a_column_called_rowid(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "rowid,b\n9,x\n7,y\n8,z\n")
    name = datasets.import_file(path)
    assert datasets.load(name)["b"].tolist() == ["x", "y", "z"]
    assert datasets.preview(name, 2, offset=1)["b"].tolist() == ["y", "z"]


def test_how_each_column_was_read_is_kept_and_goes_with_the_rows(tmp_path: Path) -> None:
    name = datasets.import_file(write(tmp_path / "t.csv", BRAZILIAN))
    kept = {column.name: column.reading for column in datasets.get(name).columns}
    assert files.attached(datasets.load(name)) == kept
    price = kept["preço"]
    assert price is not None
    assert (price.kind, price.decimal, "#N/D" in price.missing) == ("number", ",", True)


def test_a_catalogue_of_before_readings_were_kept_still_opens(
    tmp_path: Path, settings: Settings
) -> None:
    name = datasets.import_file(write(tmp_path / "t.csv", BRAZILIAN))
    connection = sqlite3.connect(settings.tables_path)
    with connection:
        connection.execute(
            "UPDATE _bancada_tabelas SET columns = ?",
            [json.dumps([["cidade", "text"], ["preço", "number"]])],
        )
    connection.close()
    assert [column.reading for column in datasets.get(name).columns] == [None, None]
    frame = datasets.load(name)
    assert frame["preço"].tolist() == [1234.56, 7.5]
    assert files.attached(frame) == {}


def test_delete(tmp_path: Path, settings: Settings) -> None:
    name = datasets.import_file(write(tmp_path / "t.csv", "a,b\n1,2\n"))
    datasets.delete("T", actor="Ana")
    assert datasets.list_datasets() == []
    connection = sqlite3.connect(settings.tables_path)
    assert (
        connection.execute("SELECT name FROM sqlite_master WHERE name = ?", [name]).fetchone()
        is None
    )
    history = connection.execute("SELECT action, actor FROM _bancada_historico").fetchall()
    assert history == [("import", ""), ("delete", "Ana")]
    connection.close()


def test_progress_only_grows_and_ends_at_one(tmp_path: Path) -> None:
    rows = "".join(f"{number},x\n" for number in range(50_000))
    seen: list[tuple[int, float]] = []
    datasets.import_file(
        write(tmp_path / "t.csv", "a,b\n" + rows),
        on_progress=lambda done, fraction: seen.append((done, fraction)),
    )
    fractions = [fraction for _done, fraction in seen]
    assert fractions == sorted(fractions)
    assert seen[-1] == (50_000, 1.0)
    assert len(seen) > 5


def test_looking_at_a_file_before_the_import(tmp_path: Path) -> None:
    found = datasets.inspect_file(write(tmp_path / "v.csv", BRAZILIAN, "cp1252"), "vendas.csv")
    assert (found.format, found.delimiter, found.decimal) == ("CSV", ";", ",")
    assert found.encoding == "cp1252"
    assert [column.kind for column in found.columns] == ["text", "number", "datetime", "boolean"]
    assert len(found.sample) == 2
    assert datasets.list_datasets() == []


def test_damaged_numbers_are_named_with_the_likely_cause(tmp_path: Path) -> None:
    lines = ["Duração;Valor;Taxa;Mês"]
    lines += [f"{number}.5;{number};0.{number:02};Feb" for number in range(1, 60)]
    lines += ["2.794.166.667;5.417.976.426;0.2;Mar"]
    name = datasets.import_file(write(tmp_path / "t.csv", "\n".join(lines)))
    dataset = datasets.get(name)
    assert dataset.damaged_columns == ("Duração", "Valor")
    assert "Duração, Valor" in str(dataset.warnings[0])
    assert "planilha" in str(dataset.warnings[0])
    assert datasets.load(name)["Duração"].tolist()[-1] == "2.794.166.667"
    assert kinds(name)["Taxa"] == "number"


def test_a_table_gives_way_to_the_one_that_replaces_it(tmp_path: Path) -> None:
    first = write(tmp_path / "a.csv", "x,y\n1,a\n2,b\n")
    second = write(tmp_path / "b.csv", "x,z\n3,c\n4,d\n5,e\n")
    datasets.import_file(first, "vendas", actor="ana")
    assert datasets.import_file(second, "vendas", actor="bia", replace=True) == "vendas"
    assert [table.name for table in datasets.list_datasets()] == ["vendas"]
    assert datasets.load("vendas").columns.tolist() == ["x", "z"]
    assert datasets.get("vendas").actor == "bia"


def test_a_replacement_that_fails_leaves_the_table_as_it_was(tmp_path: Path) -> None:
    first = write(tmp_path / "a.csv", "x,y\n1,a\n2,b\n")
    datasets.import_file(first, "vendas", actor="ana")

    def stop(_rows: int, fraction: float) -> None:
        if fraction > 0.9:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        datasets.import_file(
            write(tmp_path / "b.csv", "x\n3\n4\n"), "vendas", replace=True, on_progress=stop
        )
    assert datasets.load("vendas")["y"].tolist() == ["a", "b"]
    assert datasets.get("vendas").actor == "ana"


def test_notes_are_kept_with_what_the_import_noticed(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "x,y\n1,a\n2,b\n")
    datasets.import_file(path, "vendas", notes=[Message("Uma linha por venda.")])
    assert "Uma linha por venda." in notes("vendas")
