"""JSON (records, columns, or either under one key) and newline-delimited JSON, read as a stream."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from src.datasets.chunks import Chunk, Source, chunk_rows
from src.datasets.text_files import MAX_CELL, detect_encoding
from src.errors import ImportFailed
from src.messages import N_, Message

_BLOCK = 2**18
_WHITESPACE = " \t\r\n"


def open_json(path: Path, name: str) -> Source:
    """Look at a JSON file and return how to read it as a table.

    Takes a list of records, a dict of columns, either of them under a single key (such as
    ``{"data": [...]}``), and one record a line. Lists are read record by record; a dict of columns
    is held in memory.

    Raises
    ------
    ImportFailed
        If it is not JSON or not a table.
    """
    encoding = detect_encoding(path)
    columns: dict[str, None] = {}
    for _line, record, _fraction in _records(path, name, encoding):
        for key in record:
            columns.setdefault(key)
    if not columns:
        raise ImportFailed(
            N_("{file} não tem registros. Envie uma lista de registros com ao menos um."), file=name
        )
    keys = tuple(columns)

    def chunks(_skip_ragged: bool) -> Iterator[Chunk]:
        chunk, limit = Chunk([], [], 0.0), chunk_rows(len(keys))
        size = 0
        for line, record, fraction in _records(path, name, encoding):
            row = [_cell(record.get(key)) for key in keys]
            chunk.rows.append(row)
            chunk.lines.append(line)
            size += sum(len(cell) for cell in row if isinstance(cell, str))
            if len(chunk.rows) >= limit or size > MAX_CELL:
                chunk.fraction = fraction
                yield chunk
                chunk, size = Chunk([], [], 0.0), 0
        chunk.fraction = 1.0
        yield chunk

    return Source("JSON", keys, chunks, encoding=encoding)


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value


Record = tuple[int, dict[str, Any], float]
"""A record with its line (its number in a list) and how far into the file it is."""


def _records(path: Path, name: str, encoding: str) -> Iterator[Record]:
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding, errors="replace") as file:
        size = max(1, path.stat().st_size)
        try:
            if _is_one_a_line(file):
                yield from _lines(file, raw, size)
            else:
                yield from _document(_Stream(file), raw, size)
        except (json.JSONDecodeError, _NotATable, RecursionError) as error:
            raise ImportFailed(
                N_(
                    "{file} não pôde ser lido como tabela: {reason}. Envie uma lista de registros, "
                    "um registro por linha, ou um objeto com uma lista por coluna."
                ),
                file=name,
                reason=error.reason if isinstance(error, _NotATable) else str(error)[:200],
            ) from error


class _NotATable(Exception):
    """JSON, but of another shape."""

    def __init__(self, template: str, **params: Any) -> None:
        super().__init__(template)
        self.reason = Message(template, params)


def _is_one_a_line(file: io.TextIOWrapper) -> bool:
    """Whether the first line is a whole record and another follows."""
    first = file.readline(MAX_CELL)
    while first and not first.strip():
        first = file.readline(MAX_CELL)
    following = file.read(200).strip()
    file.seek(0)
    try:
        record = json.loads(first)
    except json.JSONDecodeError:
        return False
    if not isinstance(record, dict):
        return False
    return following.startswith("{") or not any(
        isinstance(value, list | dict) for value in record.values()
    )


def _lines(file: io.TextIOWrapper, raw: Any, size: int) -> Iterator[Record]:
    number = 0
    while line := file.readline():
        number += 1
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise _NotATable(
                N_("a linha {line} não é um registro JSON ({reason})"),
                line=number,
                reason=error.msg,
            ) from error
        yield number, _record(record, number), raw.tell() / size


def _document(stream: _Stream, raw: Any, size: int) -> Iterator[Record]:
    start = stream.peek()
    if start == "[":
        for number, item in enumerate(stream.items(), start=1):
            yield number, _record(item, number), raw.tell() / size
        return
    columns: dict[str, Any] = {}
    for key in stream.object_keys():
        if stream.peek() == "[" and stream.peek(1) == "{":
            for number, item in enumerate(stream.items(), start=1):
                yield number, _record(item, number), raw.tell() / size
            return
        columns[key] = stream.value()
    yield from _from_columns(columns)


def _record(item: Any, number: int) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise _NotATable(N_("o item {number} da lista não é um registro"), number=number)
    return item


def _from_columns(columns: dict[str, Any]) -> Iterator[Record]:
    columns = {
        key: list(value.values()) if isinstance(value, dict) else value
        for key, value in columns.items()
    }
    lengths = {len(value) if isinstance(value, list) else -1 for value in columns.values()}
    if len(lengths) > 1 or lengths == {-1}:
        raise _NotATable(N_("as colunas não são listas do mesmo tamanho"))
    for number, cells in enumerate(zip(*columns.values(), strict=True), start=1):
        yield number, dict(zip(columns, cells, strict=True)), 1.0


class _Stream:
    """JSON values one after the other, from a buffer that is filled as they are taken."""

    def __init__(self, file: io.TextIOWrapper) -> None:
        self._file = file
        self._buffer = ""
        self._at = 0
        self._decoder = json.JSONDecoder()

    def _fill(self) -> bool:
        # Doubling keeps the repeated attempts at one long value linear in its length.
        block = self._file.read(max(_BLOCK, len(self._buffer) - self._at))
        self._buffer = self._buffer[self._at :] + block
        self._at = 0
        return bool(block)

    def peek(self, skip: int = 0) -> str:
        """Return the next character that is not a space, or the one ``skip`` further on."""
        at, left = self._at, skip
        while True:
            while at < len(self._buffer) and self._buffer[at] in _WHITESPACE:
                at += 1
            if at < len(self._buffer):
                if not left:
                    return self._buffer[at]
                left -= 1
                at += 1
                continue
            at -= self._at
            if not self._fill():
                return ""

    def take(self, expected: str) -> None:
        found = self.peek()
        if found != expected:
            raise _NotATable(
                N_("esperava «{expected}» e encontrou «{found}»"), expected=expected, found=found
            )
        self._at = self._buffer.index(expected, self._at) + 1

    def value(self) -> Any:
        if not self.peek():
            raise _NotATable(N_("o arquivo termina no meio"))
        while self._buffer[self._at] in _WHITESPACE:
            self._at += 1
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError:
                if not self._fill():
                    raise
                continue
            if end == len(self._buffer) and self._fill():
                continue  # a number may go on in the next block
            self._at = end
            return value

    def items(self) -> Iterator[Any]:
        """Yield the values of the list that comes next."""
        self.take("[")
        if self.peek() == "]":
            return
        while True:
            yield self.value()
            if self.peek() == "]":
                return
            self.take(",")

    def object_keys(self) -> Iterator[str]:
        """Yield the keys of the object that comes next; the caller takes each value."""
        self.take("{")
        if self.peek() == "}":
            return
        while True:
            key = self.value()
            self.take(":")
            yield key
            if self.peek() == "}":
                return
            self.take(",")
