"""JSON as records, read as a stream: a list, columns, either under a key, or one object a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import ijson

from src.errors import FileUnreadable
from src.files.chunks import Chunk, Source, chunk_rows, plain
from src.files.contents import Content
from src.files.text import MAX_CELL, Text, detect_encoding, open_text
from src.messages import N_, Message

MAX_DEPTH = 100
"""Lists and objects within one another; a parser's cost grows with the square of the depth."""

LARGEST_WHOLE = 256 * 2**20
"""Bytes of a document that may be read at once where it cannot be read as a stream."""

Record = tuple[int, dict[str, Any], float]
"""A record with its line (its number in a list) and how far into the file it is."""

_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")


class TooDeep(ValueError):
    """JSON is nested deeper than ``MAX_DEPTH``."""


class _NotATable(ValueError):
    """JSON, but of another shape; a Message says of which."""


class Shallow:
    """A text as a stream of JSON in UTF-8, for ijson; raises ``TooDeep`` before it meets what is.

    NUL, which no JSON may hold, becomes U+FFFD.
    """

    def __init__(self, text: Text) -> None:
        self._text, self._depth = text, _Depth()

    def read(self, size: int = -1) -> bytes:
        """Return the next characters in UTF-8."""
        block = self._text.read(size).replace("\x00", "\ufffd").encode("utf-8", "replace")
        self._depth.follow(block)
        return block


class _Depth:
    """How deep the JSON is that passes by in blocks of bytes."""

    def __init__(self) -> None:
        self._depth, self._quoted, self._rest = 0, False, b""

    def follow(self, block: bytes) -> None:
        """Look at the next block; raise ``TooDeep`` where it is."""
        text = (self._rest + block).replace(rb"\\", b"").replace(rb"\"", b"")
        self._rest = b"\\" if text.endswith(b"\\") else b""
        parts = text.removesuffix(b"\\").split(b'"')
        brackets = b"".join(parts[self._quoted :: 2]).translate(None, _NO_BRACKETS)
        self._quoted ^= len(parts) % 2 == 0
        opening = brackets.count(b"[") + brackets.count(b"{")
        if self._depth + opening <= MAX_DEPTH:
            self._depth += 2 * opening - len(brackets)
            return
        for bracket in brackets:
            self._depth += 1 if bracket in b"[{" else -1
            if self._depth > MAX_DEPTH:
                raise TooDeep(f"more than {MAX_DEPTH} levels")


def loads(text: str, **options: Any) -> Any:
    """Read a text of JSON, such as one line, with what ``json.loads`` takes besides.

    Raises
    ------
    ValueError
        If it is none; ``json.JSONDecodeError`` says where.
    TooDeep
        If it is nested deeper than ``MAX_DEPTH``.
    """
    if text.count("[") + text.count("{") > MAX_DEPTH:
        _Depth().follow(text.encode("utf-8", "replace"))
    return json.loads(text, **options)


def open_json(source: Content) -> Source:
    """Look at a JSON file and return how to read its records as a table.

    Takes a list of records, a dict of columns, either of them under a key (such as ``{"data":
    [...]}``), and one record a line. Lists are read record by record; a dict of columns is held in
    memory.

    Raises
    ------
    FileUnreadable
        If it is not JSON or not a table.
    """
    encoding = detect_encoding(source)
    read = _streamed
    try:
        keys = _keys(_reported(source, read, encoding))
    except FileUnreadable as error:
        if not isinstance(error.__cause__, ijson.JSONError) or source.size > LARGEST_WHOLE:
            raise
        # Python's own reader takes NaN and numbers of any size too, as Python and pandas write
        # them, and says better what is wrong.
        read = _whole
        keys = _keys(_reported(source, read, encoding))
    if not keys:
        raise FileUnreadable(
            N_("{file} não tem registros. Envie uma lista de registros com ao menos um."),
            file=source.name,
        )

    def chunks(_skip_ragged: bool) -> Iterator[Chunk]:
        chunk, limit = Chunk([], [], 0.0), chunk_rows(len(keys))
        size = 0
        for line, record, fraction in _reported(source, read, encoding):
            row = [plain(record.get(key)) for key in keys]
            chunk.rows.append(row)
            chunk.lines.append(line)
            size += sum(len(cell) for cell in row if isinstance(cell, str))
            if len(chunk.rows) >= limit or size > MAX_CELL:
                chunk.fraction = fraction
                yield chunk
                chunk, size = Chunk([], [], 0.0), 0
        chunk.fraction = 1.0
        yield chunk

    return Source("JSON", source.name, keys, chunks, encoding=encoding)


def _keys(records: Iterator[Record]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for _line, record, _fraction in records for key in record))


def _reported(
    source: Content, read: Callable[[Content, str], Iterator[Record]], encoding: str
) -> Iterator[Record]:
    try:
        yield from read(source, encoding)
    except (ValueError, ijson.JSONError) as error:
        reason = error.args[0] if isinstance(error, _NotATable) else str(error)[:200]
        if isinstance(error, TooDeep):
            template = N_("há listas ou objetos dentro de outros em mais de {most} níveis")
            reason = Message(template, {"most": MAX_DEPTH})
        raise FileUnreadable(
            N_(
                "{file} não pôde ser lido como tabela: {reason}. Envie uma lista de objetos, um "
                "objeto por linha, ou um objeto com uma lista por coluna."
            ),
            file=source.name,
            reason=reason,
        ) from error


def _streamed(source: Content, encoding: str) -> Iterator[Record]:
    with open_text(source, encoding=encoding) as text:
        one_a_line = _is_one_a_line(text)
    with open_text(source, encoding=encoding) as text:
        if one_a_line:
            yield from _lines(text)
            return
        place = _place(Shallow(text))
    if place is None:
        yield from _whole(source, encoding)
        return
    with open_text(source, encoding=encoding) as text:
        items = ijson.items(Shallow(text), place, use_float=True)
        for number, item in enumerate(items, start=1):
            yield number, _record(item, number), text.fraction


def _whole(source: Content, encoding: str) -> Iterator[Record]:
    with open_text(source, encoding=encoding) as text:
        # A few KiB can hold what no memory holds.
        whole = text.read(LARGEST_WHOLE + 1 if source.compressed else -1)
    if len(whole) > LARGEST_WHOLE and source.compressed:
        raise FileUnreadable(
            N_("{file} tem mais de {limit} GiB descomprimido. Divida-o e envie as partes."),
            file=source.name,
            limit=LARGEST_WHOLE / 2**30,
        )
    value = loads(whole)
    if isinstance(value, dict):
        lists = (one for one in value.values() if isinstance(one, list) and one)
        found = next((one for one in lists if isinstance(one[0], dict)), None)
        if found is None:
            yield from _from_columns(value)
            return
        value = found
    if not isinstance(value, list):
        raise _NotATable(Message(N_("não é uma lista")))
    for number, item in enumerate(value, start=1):
        yield number, _record(item, number), 1.0


def _is_one_a_line(text: Text) -> bool:
    """Whether the first line is a whole record and another follows."""
    lines = iter(lambda: text.readline(MAX_CELL), "")
    first = next(filter(str.strip, lines), "")
    following = text.read(200).strip()
    try:
        record = loads(first)
    except ValueError:
        return False
    if not isinstance(record, dict):
        return False
    return following.startswith("{") or not any(
        isinstance(value, list | dict) for value in record.values()
    )


def _lines(text: Text) -> Iterator[Record]:
    for number, line in enumerate(text, start=1):
        if not line.strip():
            continue
        try:
            record = loads(line)
        except json.JSONDecodeError as error:
            template = N_("a linha {line} não é um registro JSON ({reason})")
            raise _NotATable(Message(template, {"line": number, "reason": error.msg})) from error
        yield number, _record(record, number), text.fraction


def _place(stream: Shallow) -> str | None:
    """Return where the list of records is, for ijson; None for a dict of columns."""
    events = ijson.parse(stream)
    _prefix, event, _value = next(events)
    if event == "start_array":
        return "item"
    depth = 1
    for prefix, event, _value in events:
        if depth == 1 and event == "start_array":
            event = next(events)[1]
            if event == "start_map":
                return f"{prefix}.item"
            depth += 1
        depth += event.startswith("start_") - event.startswith("end_")
    return None


def _record(item: Any, number: int) -> dict[str, Any]:
    if not isinstance(item, dict):
        template = N_("o item {number} da lista não é um registro")
        raise _NotATable(Message(template, {"number": number}))
    return item


def _from_columns(columns: dict[str, Any]) -> Iterator[Record]:
    columns = {
        key: list(value.values()) if isinstance(value, dict) else value
        for key, value in columns.items()
    }
    lengths = {len(value) if isinstance(value, list) else -1 for value in columns.values()}
    if lengths == {-1}:
        yield 1, columns, 1.0
        return
    if len(lengths) > 1:
        raise _NotATable(Message(N_("as colunas não são listas do mesmo tamanho")))
    for number, cells in enumerate(zip(*columns.values(), strict=True), start=1):
        yield number, dict(zip(columns, cells, strict=True)), 1.0
