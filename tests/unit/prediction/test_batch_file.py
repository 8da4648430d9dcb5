"""Batch files of every format arrive with the values as they were written."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest

from src.errors import PredictionError
from src.prediction import read_table

pytestmark = pytest.mark.core

TABLE = pd.DataFrame({"lux": [15.5, 400.0], "cidade": ["Belém", "São Paulo"]})


def excel() -> bytes:
    file = io.BytesIO()
    TABLE.to_excel(file, index=False)
    return file.getvalue()


def parquet() -> bytes:
    file = io.BytesIO()
    TABLE.to_parquet(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"lux,cidade\n15.5,Bel\xc3\xa9m\n400,S\xc3\xa3o Paulo\n"),
        ("a.CSV", "lux;cidade\r\n15,5;Belém\r\n400;São Paulo\r\n".encode("cp1252")),
        ("a.tsv", "lux\tcidade\n15,5\tBelém\n400\tSão Paulo\n".encode("utf-8-sig")),
        ("a.txt", "lux|cidade\n15,5|Belém\n\n400|São Paulo".encode("utf-16")),
        ("a.csv", '"lux";"cidade"\n"15,5";"Belém"\n"400";"São Paulo"\n'.encode()),
        ("a.csv", "\n\nlux,cidade\n15.5,Belém\n400,São Paulo\n".encode()),
        ("a.txt", '"lux","cidade"\n"1",15.5,"Belém"\n"2",400,"São Paulo"\n'.encode()),
        ("a.xlsx", excel()),
        ("a.parquet", parquet()),
        ("a.json", TABLE.to_json(orient="records").encode()),
        ("a.ndjson", TABLE.to_json(orient="records", lines=True).encode()),
    ],
)
def test_each_format_gives_the_same_rows(name: str, content: bytes) -> None:
    table = read_table(content, name)
    assert list(table.columns) == ["lux", "cidade"]
    assert [str(value).replace(",", ".").removesuffix(".0") for value in table["lux"]] == [
        "15.5",
        "400",
    ]
    assert table["cidade"].tolist() == ["Belém", "São Paulo"]


@pytest.mark.parametrize("blank", ["\n", "\r\n\r\n", "  \n", ";\n"])
def test_blank_lines_before_the_header_are_passed_over(blank: str) -> None:
    table = read_table(f"{blank}lux;cidade\n15,5;Belém\n".encode(), "a.csv")
    assert table.to_dict("list") == {"lux": ["15,5"], "cidade": ["Belém"]}


def test_the_line_at_fault_is_counted_from_the_top_of_the_file() -> None:
    with pytest.raises(PredictionError, match="linha 4 tem 1 colunas, o cabeçalho tem 2"):
        read_table(b"\n\na,b\n1\n", "a.csv")


def test_a_cell_of_a_million_characters_is_read() -> None:
    content = b"nota,lux\n" + b"x" * 1_000_000 + b",1\n"
    assert len(read_table(content, "longa.csv")["nota"][0]) == 1_000_000


def test_a_line_break_inside_quotes_is_part_of_the_cell() -> None:
    table = read_table(b'nota,lux\n"a\nb",1\n', "a.csv")
    assert table["nota"].tolist() == ["a\nb"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", b"%PDF", "formato aceito"),
        ("a.csv", b" \n ", "vazio"),
        ("a.csv", b"a,b\n1\n", "linha 2 tem 1 colunas"),
        ("a.csv", b"\x00\x01\x02", "não é texto"),
        ("a.json", b"{", "a.json"),
        ("a.json", b"3", "lista de objetos"),
        ("a.xlsx", b"PK", "a.xlsx"),
    ],
)
def test_a_file_that_is_no_table_is_refused(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(PredictionError, match=reason):
        read_table(content, name)


def test_a_small_file_does_not_lower_the_cell_limit_for_the_whole_process() -> None:
    before = csv.field_size_limit()
    read_table(b"a;b\n1;2\n", "x.csv")
    assert csv.field_size_limit() >= before
