"""The parts of the reader that other rooms use: text, rows with their lines, JSON within limits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from src import files
from src.errors import FileUnreadable, FinetuningError


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "cp850", "utf-16"])
def test_a_text_of_any_usual_encoding_is_decoded(tmp_path: Path, encoding: str) -> None:
    text = "cidade;preço\r\nSão Paulo;câmbio não é opção\r\n" * 3
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode(encoding))
    with files.open_text(path) as file:
        assert file.read() == text
        assert file.fraction == 1.0


def test_rows_are_yielded_with_the_line_they_begin_on() -> None:
    with files.open_text(b'a,b\n\n1,"x\ny"\n2,z') as file:
        assert list(files.rows(file, ",")) == [(1, ["a", "b"]), (3, ["1", "x\ny"]), (5, ["2", "z"])]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ('1,"oi\n1,ola\n', 2),
        ('1,"duas\nlinhas"\n2,"diz ""oi""\n2,x\n', 4),
        ('1,"ola" "tchau"\n', 2),
    ],
)
def test_quotes_that_do_not_close_are_named_by_the_line_where_they_open(
    body: str, line: int
) -> None:
    with (
        files.open_text(("a,b\n" + body).encode()) as file,
        pytest.raises(FileUnreadable, match=f"a partir da linha {line} "),
    ):
        list(files.rows(file, ",", strict=True))


def test_a_file_is_an_error_of_the_room_that_reads_it(tmp_path: Path) -> None:
    with (
        pytest.raises(FinetuningError, match="Não foi possível abrir sumiu"),
        files.faults_as(FinetuningError),
    ):
        files.open_table(tmp_path / "sumiu.csv")


def records(text: str) -> list[dict[str, object]]:
    source = files.open_table(text.encode(), "t.json")
    (chunk,) = source.chunks(False)
    return [dict(zip(source.columns, row, strict=True)) for row in chunk.rows]


def nested(levels: int) -> str:
    return "[" * levels + "]" * levels


@pytest.mark.parametrize(
    "text",
    [
        f'[{{"a": {nested(100_000)}}}]',
        f'{{"a": 1}}\n{{"a": {nested(100_000)}}}\n',
        f'{{"a": {nested(100_000)}, "b": 1}}',
    ],
    ids=["list", "lines", "columns"],
)
def test_json_nested_without_end_is_refused(text: str) -> None:
    with pytest.raises(FileUnreadable, match="mais de 100 níveis"):
        records(text)


def test_brackets_inside_texts_are_no_nesting() -> None:
    text = '\\"[{' * 500
    assert records(f'[{{"a": "{text}"}}]') == [{"a": text.replace("\\", "")}]
    assert files.loads(f'{{"a": "{text}"}}') == {"a": text.replace("\\", "")}


@pytest.mark.parametrize("value", ["NaN", "1e400", "1" * 40])
def test_json_of_python_and_pandas_is_a_table_too(value: str) -> None:
    source = files.open_table(
        f'[{{"a": {value}, "b": 1}}, {{"a": 2.5, "b": 2}}]'.encode(), "t.json"
    )
    (chunk,) = source.chunks(False)
    assert [row[1] for row in chunk.rows] == [1, 2]
    assert str(chunk.rows[0][0]) == str(json.loads(value))


def test_a_single_object_over_several_lines_is_one_row() -> None:
    assert records('{\n  "lux": 1.5,\n  "sala": "a"\n}') == [{"lux": 1.5, "sala": "a"}]
