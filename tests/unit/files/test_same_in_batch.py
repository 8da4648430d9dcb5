"""Whatever the import makes of some bytes, a batch makes the same of them.

Files of every format are made, with Brazilian and foreign habits, and read in both ways.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from src import datasets, prediction
from src.errors import ImportFailed
from src.prediction import batch_file
from src.prediction.rows import check_table
from src.registry import Field, schema

pytestmark = pytest.mark.core

MISSING = ("", "NA", "#N/D", "?", "-", "—", "null", "n/a", "none", "..", " ")
TRUTHS = (
    *(("sim", "não"), ("Sim", "Não"), ("TRUE", "FALSE"), ("verdadeiro", "falso"), ("s", "n")),
    *(("v", "f"), ("t", "f"), ("yes", "no"), ("1", "0")),
)
WORDS = ("São Paulo", "Belém", "câmbio; manual", 'diz "oi"', "a,b", "007", "012", "12 kg", "1/2")
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "cp850", "utf-16")

Columns = dict[str, list[Any]]


def grouped(number: float, decimals: int, habit: str) -> str:
    """Write a number with its thousands grouped, as in Brazil or as elsewhere."""
    text = f"{number:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")) if habit == "br" else text


@st.composite
def columns(draw: DrawFn, kind: str, habit: str, rows: int) -> list[str]:
    """Draw a column of texts of one kind, some of them missing."""
    moments = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2030, 12, 31))  # noqa: DTZ001
    decimals = draw(st.integers(0, 3))
    prefix = draw(st.sampled_from(("", "", "R$ ", "-")))
    day = "%d/%m/%Y" if habit == "br" else "%m/%d/%Y"
    pattern = draw(st.sampled_from((day, f"{day} %H:%M", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S")))
    cells: dict[str, st.SearchStrategy[str]] = {
        "whole": st.integers(-50, 10**7).map(str),
        "grouped": st.floats(0, 1e7).map(lambda n: prefix + grouped(n, decimals, habit)),
        "plain": st.floats(-1e4, 1e4).map(
            lambda n: f"{n:.{decimals}f}".replace(".", "," if habit == "br" else ".")
        ),
        "moment": moments.map(lambda moment: moment.strftime(pattern)),
        "truth": st.sampled_from(draw(st.sampled_from(TRUTHS))),
        "word": st.sampled_from(WORDS),
        "text": st.text(st.characters(exclude_categories=("C",)), max_size=8),
        "mixed": st.sampled_from((*WORDS, "1.234", "12,5", "3", "sim", "01/02/2026", "1e3")),
    }
    missing = st.sampled_from(MISSING) if draw(st.booleans()) else cells[kind]
    cell = st.one_of(cells[kind], cells[kind], cells[kind], missing)
    return draw(st.lists(cell, min_size=rows, max_size=rows))


@st.composite
def tables(draw: DrawFn) -> Columns:
    """Draw a table of texts, written by one habit."""
    habit, rows = draw(st.sampled_from(("br", "us"))), draw(st.integers(1, 12))
    kinds = st.sampled_from(
        ("whole", "grouped", "plain", "moment", "truth", "word", "text", "mixed")
    )
    names = draw(
        st.lists(
            st.sampled_from(("km", "preço", "Preço", "nota", "", "quando", " x ", "sim?", "b")),
            min_size=1,
            max_size=5,
        )
    )
    made = [draw(columns(draw(kinds), habit, rows)) for _name in names]
    if draw(st.booleans()):  # as R and pandas write it: a first column that numbers the rows
        names, made = ["", *names], [[str(number) for number in range(rows)], *made]
    return {f"{at}|{name}": made[at] for at, name in enumerate(names)}


def header(table: Columns) -> list[str]:
    return [name.partition("|")[2] for name in table]


def typed(table: Columns) -> Columns:
    """Return the table as a program with types writes it: numbers, truths, moments, None."""

    def value(cell: str) -> Any:
        for read in (int, float, dt.datetime.fromisoformat):
            try:
                return read(cell)
            except ValueError:
                pass
        return {"sim": True, "não": False, "": None}.get(cell, cell)

    return {name: list(map(value, cells)) for name, cells in table.items()}


def delimited(delimiter: str, encoding: str, end: str) -> Callable[[Columns], bytes]:
    def write(table: Columns) -> bytes:
        text = io.StringIO()
        writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
        writer.writerow(header(table))
        writer.writerows(zip(*table.values(), strict=True))
        return text.getvalue().encode(encoding, "replace")

    return write


def as_json(table: Columns) -> bytes:
    return pd.DataFrame(typed(table)).to_json(orient="records", date_format="iso").encode()


def as_lines(table: Columns) -> bytes:
    rows = zip(*table.values(), strict=True)
    return "\n".join(json.dumps(dict(zip(table, row, strict=True))) for row in rows).encode()


def as_columns(table: Columns) -> bytes:
    return json.dumps(table).encode("utf-16")


def as_workbook(table: Columns) -> bytes:
    file = io.BytesIO()
    frame = pd.DataFrame(
        {name: pd.Series(cells, dtype=object) for name, cells in typed(table).items()}
    )
    frame.to_excel(file, index=False, header=header(table))
    return file.getvalue()


def as_parquet(table: Columns) -> bytes:
    file = io.BytesIO()
    frame = pd.DataFrame(typed(table))
    for name, column in frame.items():
        if column.dtype == object and column.map(type).nunique() > 1:
            frame[name] = column.map(str, na_action="ignore")
    frame.to_parquet(file)
    return file.getvalue()


def archived(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("pasta/dados.csv", content)
    return file.getvalue()


Write = Callable[[Columns], bytes]
FORMS: tuple[tuple[str, Callable[[Columns, Write], bytes]], ...] = (
    ("t.csv", lambda table, text: text(table)),
    ("t.txt", lambda table, text: text(table)),
    ("t.csv.gz", lambda table, text: gzip.compress(text(table), 1)),
    ("t.zip", lambda table, text: archived(text(table))),
    ("t.json", lambda table, _text: as_json(table)),
    ("t.json.gz", lambda table, _text: gzip.compress(as_columns(table), 1)),
    ("t.ndjson", lambda table, _text: as_lines(table)),
    ("t.xlsx", lambda table, _text: as_workbook(table)),
    ("t.parquet", lambda table, _text: as_parquet(table)),
)
TEXTS = st.builds(
    delimited, st.sampled_from(",;\t|"), st.sampled_from(ENCODINGS), st.sampled_from(("\n", "\r\n"))
)


@given(tables(), TEXTS, st.sampled_from(FORMS))
@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_an_import_and_a_batch_make_the_same_of_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: Columns, text: Write, form: Any
) -> None:
    name, write = form
    content = write(table, text)
    path = tmp_path / name
    path.write_bytes(content)
    try:
        rows = datasets.load(datasets.import_file(path, "t", replace=True))
    except ImportFailed:
        return
    # The schema as a model's manifest holds it.
    manifest = json.loads(json.dumps([item.to_dict() for item in schema.describe_table(rows)]))
    model = SimpleNamespace(schema=tuple(map(Field.from_dict, manifest)))
    monkeypatch.setattr(batch_file, "load", lambda _name: model)
    batch = prediction.read_table(content, name, "m")
    pd.testing.assert_frame_equal(batch, rows)
    # Nor does the model's schema find anything in it that training had not seen.
    checked = check_table(model.schema, batch, schema.sample_row(rows))
    assert not checked.rejected and not checked.warnings
    pd.testing.assert_frame_equal(
        checked.frame.isna(), rows.isna(), check_index_type=False, check_names=False
    )
