"""Files that are odd or broken are read as far as they can be, and what is wrong is named."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from src import conversations
from src.conversations.reading import MAX_DEPTH, records
from src.errors import ConversationImportFailed
from tests.unit.conversations.files import GREETING


def values(path: Path, form: str) -> list[dict[str, Any]]:
    return [record.value for record in records(path, path.name, form)]


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
    found = list(records(path, path.name, "jsonl"))
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
