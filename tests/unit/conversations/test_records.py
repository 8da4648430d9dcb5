"""Files that are odd or broken are read as far as they can be, and what is wrong is named."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest

from src import conversations
from src.conversations.parsing import moment
from src.conversations.records import detect_format, read_records
from src.errors import ConversationImportFailed
from src.files import MAX_CELL, MAX_DEPTH
from tests.unit.conversations.files import GREETING


def values(path: Path, form: str) -> list[dict[str, Any]]:
    return [record.value for record in read_records(path, path.name, form)]


@pytest.mark.parametrize("opening", ["[", '{"a":', '{"a":[', '[{"x\\\\":"[","a":'])
def test_json_that_is_nested_without_end_is_refused_before_it_is_read(
    tmp_path: Path, opening: str
) -> None:
    path = tmp_path / "c.json"
    path.write_text(opening * 20_000)
    tracemalloc.start()
    try:
        with pytest.raises(ConversationImportFailed, match=f"mais de {MAX_DEPTH} níveis"):
            conversations.inspect_file(path)
        assert tracemalloc.get_traced_memory()[1] < 50 * 2**20
    finally:
        tracemalloc.stop()


def test_a_line_that_is_nested_without_end_is_that_lines_problem(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    deep = '{"a":' + "[" * 5_000 + "]" * 5_000 + "}"
    path.write_text(f"{json.dumps(GREETING)}\n{deep}\n{json.dumps(GREETING)}\n")
    found = list(read_records(path, path.name, "jsonl"))
    assert [bool(record.value) for record in found] == [True, False, True]
    assert "níveis" in str(found[1].problem)


def test_brackets_in_texts_are_no_nesting(tmp_path: Path) -> None:
    text = "[" * 300 + "\\" + '"{' * 300
    many = [{"messages": [{"role": "user", "content": text}] * 60}] * 60  # blocks end anywhere
    path = tmp_path / "c.json"
    path.write_text(json.dumps(many))
    assert path.stat().st_size > 3 * 2**20
    assert values(path, "json") == many
    lines = tmp_path / "c.jsonl"
    lines.write_text("\n".join(json.dumps(record) for record in many))
    assert values(lines, "jsonl") == many


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ('1,cliente,"oi\n1,bot,ola\n2,cliente,a\n', 2),
        ('1,cliente,"oi\n1,bot,"ola"\n', 2),
        ('1,cliente,"duas\nlinhas"\n1,bot,ola\n2,"cliente\nnovo","diz ""oi""\n2,bot,x\n', 6),
        ('1,cliente,oi\n1,bot,"ola" "tchau"\n', 3),
    ],
)
def test_quotes_that_do_not_close_are_named_by_the_line_where_they_open(
    tmp_path: Path, rows: str, line: int
) -> None:
    path = tmp_path / "c.csv"
    path.write_text("conversa_id,papel,mensagem\n" + rows)
    with pytest.raises(ConversationImportFailed, match=f"abrem na linha {line} "):
        conversations.inspect_file(path)


def test_quotes_within_a_cell_and_over_lines_are_read_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text('id,texto\n1,"um; ""dois""\ntrês"\n2,o "quatro" e 5"\n')
    texts = [value["texto"] for value in values(path, "csv")]
    assert texts == ['um; "dois"\ntrês', 'o "quatro" e 5"']


def test_a_line_that_is_too_long_is_that_lines_problem(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    line = json.dumps(GREETING)
    long = json.dumps({"messages": [{"role": "user", "content": "x" * MAX_CELL}]})
    path.write_text(f"{long}\n{line}\n{long}\n\n{line}\n")
    assert detect_format(path, path.name) == "jsonl"
    found = list(read_records(path, path.name, "jsonl"))
    assert [(record.place, bool(record.value)) for record in found] == [
        (1, False),
        (2, True),
        (3, False),
        (5, True),
    ]
    assert "longa demais" in str(found[0].problem)


def test_one_long_line_alone_is_a_document(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    path.write_text(json.dumps({"t_1": GREETING, "x": {"content": "x" * MAX_CELL}}) + "\n")
    assert detect_format(path, path.name) == "json"


@pytest.mark.parametrize("form", ["jsonl", "json", "csv"])
def test_a_nul_in_a_text_is_replaced(tmp_path: Path, form: str) -> None:
    path = tmp_path / "c"
    lines = ('{"role": "user", "content": "a\0b"}', '{"role": "assistant", "content": "c"}')
    content = {
        "jsonl": '{"messages": [' + ",".join(lines) + "]}\n" + json.dumps(GREETING),
        "json": '[{"messages": [' + ",".join(lines) + "]}]",
        "csv": "conversa_id,papel,texto\n1,user,a\0b\n1,assistant,c\n",
    }[form]
    path.write_text(content)
    found = conversations.inspect_file(path)
    assert found.form == form
    assert found.preview[0].turns[0].content == "a\ufffdb"


def test_a_file_full_of_control_signs_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes(bytes(range(256)) * 20)
    with pytest.raises(ConversationImportFailed, match="não é um arquivo de texto"):
        conversations.inspect_file(path)


@pytest.mark.parametrize("form", ["jsonl", "json", "csv"])
@pytest.mark.parametrize("ending", ["gz", "zip"])
def test_a_compressed_file_is_read_like_what_is_inside(
    tmp_path: Path, form: str, ending: str
) -> None:
    content = {
        "jsonl": f"{json.dumps(GREETING)}\n{json.dumps(GREETING)}\n",
        "json": json.dumps([GREETING, GREETING]),
        "csv": "conversa_id,papel,texto\n1,user,não\n1,assistant,c\n",
    }[form].encode("cp1252")
    plain, packed = tmp_path / f"vendas.{form}", tmp_path / f"vendas.{form}.{ending}"
    plain.write_bytes(content)
    if ending == "gz":
        packed.write_bytes(gzip.compress(content))
    else:
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(plain.name, content)
    assert conversations.inspect_file(packed) == conversations.inspect_file(plain)


@pytest.mark.parametrize("told", ["sep=;", "SEP=;", '"sep=;"', "\ufeffsep=;"])
def test_the_line_that_tells_excel_the_separator_is_no_header(tmp_path: Path, told: str) -> None:
    path = tmp_path / "c.csv"
    path.write_text(f"{told}\r\nconversa_id;texto\r\n1;a,b,c\r\n1\r\n", encoding="utf-8")
    first, second = read_records(path, path.name, detect_format(path, path.name))
    assert (first.value, first.place) == ({"conversa_id": "1", "texto": "a,b,c"}, 3)
    assert (second.value, second.place) == ({}, 4)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("c.csv", "conversa_id,papel,texto,texto,,\n1,user,a,b,,\n"),
        ("c.jsonl", '{"messages": [{"role": "user", "texto": "a", "texto": "b"}]}\n'),
    ],
)
def test_a_name_that_two_fields_have_is_warned_of(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    found = conversations.inspect_file(path)
    assert [str(it) for it in found.warnings if "«texto»" in str(it)] == [
        "Mais de um campo se chama «texto»; de cada nome vale o último."
    ]
    assert found.preview[0].turns[0].content == "b"


@pytest.mark.parametrize(
    "text", ["02/03/26 10:00:00", "02/03/2026 10:00", "02/03/26, 10:00", "2026-03-02T10:00"]
)
def test_a_day_is_written_before_its_month(text: str) -> None:
    found = moment(text)
    assert found is not None
    assert found == dt.datetime(2026, 3, 2, 13, tzinfo=dt.UTC)
