"""A file as records, one after the other: chat JSONL, JSON, CSV."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import json
import math
import re
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import ijson
from charset_normalizer import from_bytes

from src.errors import ConversationImportFailed
from src.messages import N_, Message

MAX_CELL = 16 * 2**20
"""Characters of a cell, and of a line of JSONL."""

MAX_DEPTH = 100
"""Lists and objects within one another; a parser's cost grows with the square of the depth."""

_BLOCK = 2**20
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r\x1b")
_LONG = N_("é longa demais: tem {length} milhões de caracteres, o máximo são {most}")
_DEEP = N_("tem listas ou objetos dentro de outros em mais de {most} níveis")
_NO_JSON = N_(
    "deixa de ser JSON no caractere {place}: está cortada, ou faltam aspas, vírgula ou chave"
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Record:
    """An object of the file.

    Attributes
    ----------
    key : str
        Its key in an object of conversations; empty in a list.
    place : int
        Its line, or its number in the list; from 1.
    value : dict
        Its fields; empty if ``problem`` says why it could not be read.
    fraction : float
        How far into the file it is.
    """

    key: str
    place: int
    value: dict[str, Any]
    fraction: float
    problem: Message | None = None


class TooDeep(Exception):
    """JSON is nested deeper than ``MAX_DEPTH``."""


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
                raise TooDeep


_SEPARATOR = re.compile('"?sep=([,;\\t|])"?', re.IGNORECASE)
"""The line by which Excel is told what separates the cells."""

_QUOTED = re.compile('(?:[^"]|"")*+"')
_REPLACEMENT = "\ufffd".encode()
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")


class _Shallow:
    """A stream of JSON in UTF-8 that raises ``TooDeep`` before a parser meets what is."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._depth = stream, _Depth()

    def read(self, size: int = -1) -> bytes:
        block = self._stream.read(size)
        self._depth.follow(block)
        return block.replace(b"\x00", _REPLACEMENT)

    def tell(self) -> int:
        return self._stream.tell()


def _loads(line: str, whole: Callable[[list[tuple[str, Any]]], Any] | None = None) -> Any:
    """Read a line of JSON.

    Raises
    ------
    ValueError
        If it is none.
    TooDeep
    """
    if line.count("[") + line.count("{") > MAX_DEPTH:
        _Depth().follow(line.encode("utf-8", "replace"))
    # Not strict: NUL and other signs that should have been written as escapes are let through.
    return json.loads(line, strict=False, object_pairs_hook=whole)


def detect_encoding(path: Path) -> str:
    """Return the encoding of a text file: by its mark, else UTF-8 if all of it is, else by look."""
    with path.open("rb") as file:
        block = file.read(_BLOCK)
        for mark, name in _BOMS:
            if block.startswith(mark):
                return name
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while block:
                decoder.decode(block)
                block = file.read(_BLOCK)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            lines = [line for line in block.splitlines() if any(byte > 127 for byte in line)]
            sample = b"\n".join(lines)[:65_536]
            best = from_bytes(sample, cp_isolation=["cp1252", "cp850", "mac_roman"]).best()
            return best.encoding if best is not None else "cp1252"
    return "utf-8"


def detect_format(path: Path, name: str) -> str:
    """Return ``"jsonl"``, ``"json"`` or ``"csv"`` by the file's content.

    Raises
    ------
    ConversationImportFailed
        If it is empty, is no text, or cannot be read.
    """
    try:
        with path.open("rb") as raw:
            head = raw.read(65_536)
    except OSError as error:
        raise ConversationImportFailed(
            N_("{file} não pôde ser lido: {reason}. Envie o arquivo de novo."),
            file=name,
            reason=error.strerror or "",
        ) from error
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise ConversationImportFailed(
            N_("{file} está vazio. Envie um arquivo com conversas."), file=name
        )
    if _is_binary(head):
        raise ConversationImportFailed(
            N_("{file} não é um arquivo de texto. Envie JSONL, JSON ou CSV."), file=name
        )
    with path.open(encoding=detect_encoding(path), errors="replace") as file:
        line = file.readline(MAX_CELL)
        while not (first := line.strip()):
            line = file.readline(MAX_CELL)
        if first[0] not in "[{":
            return "csv"
        cut = len(line) == MAX_CELL and line[-1] not in "\r\n" and _skip_line(file) > 0
        following = file.readline(MAX_CELL).strip()
    if cut:
        # One object as long as that is a document of many conversations, unless others follow.
        return "jsonl" if first[0] == "{" and following.startswith("{") else "json"
    try:
        value = _loads(first)
    except (ValueError, TooDeep):
        # A broken line is one line's problem, if the next line begins an object too.
        return "jsonl" if first[0] == "{" and following.startswith('{"') else "json"
    if not isinstance(value, dict):
        return "json"
    one = any(_is_turns(inner) for inner in value.values()) and "conversations" not in value
    return "jsonl" if following.startswith("{") or one else "json"


def _is_binary(head: bytes) -> bool:
    """Whether it is no text: a text may hold a NUL or two, but not many signs that nobody types."""
    if b"\x00" not in head or head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    return len(head) - len(head.translate(None, _CONTROLS)) > max(8, len(head) // 500)


def _skip_line(file: io.TextIOWrapper) -> int:
    """Read on to the end of a line of which the beginning was read; return how many characters."""
    skipped = 0
    while part := file.readline(_BLOCK):
        skipped += len(part)
        if part[-1] in "\r\n":
            break
    return skipped


def _is_turns(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def records(
    path: Path, name: str, form: str, *, repeated: set[str] | None = None
) -> Iterator[Record]:
    """Yield the file's objects, read as a stream.

    Parameters
    ----------
    repeated : set, optional
        Gets the names of columns, or of a JSONL object's fields, that are there more than once; of
        these the last one counts. Lines are read more slowly with it.

    Raises
    ------
    ConversationImportFailed
        If the file is not what ``form`` says. What came before was yielded.
    """
    encoding = detect_encoding(path)
    size = max(1, path.stat().st_size)
    with (
        path.open("rb") as raw,
        io.TextIOWrapper(raw, encoding, errors="replace", newline="") as file,
    ):
        if form == "csv":
            yield from _csv(file, raw, size, name, repeated)
        elif form == "jsonl":
            yield from _lines(file, raw, size, repeated)
        else:
            yield from _document(path, encoding, name, size)


def _lines(
    file: io.TextIOWrapper, raw: Any, size: int, repeated: set[str] | None
) -> Iterator[Record]:
    def whole(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if repeated is not None and len(made) < len(pairs):
            times = Counter(name for name, _ in pairs)
            repeated.update(name for name in times if times[name] > 1)
        return made

    number = 0
    while line := file.readline(MAX_CELL):
        number += 1
        if len(line) == MAX_CELL and line[-1] not in "\r\n" and (more := _skip_line(file)):
            size_and_most = {
                "length": math.ceil((len(line) + more) / 10**6),
                "most": MAX_CELL // 10**6,
            }
            fraction = min(1.0, raw.tell() / size)
            yield Record("", number, {}, fraction, Message(_LONG, size_and_most))
            continue
        if not line.strip():
            continue
        fraction = min(1.0, raw.tell() / size)
        try:
            value = _loads(line, None if repeated is None else whole)
        except TooDeep:
            yield Record("", number, {}, fraction, Message(_DEEP, {"most": MAX_DEPTH}))
            continue
        except ValueError as error:
            why = Message(_NO_JSON, {"place": getattr(error, "pos", 0) + 1})
            yield Record("", number, {}, fraction, why)
            continue
        if isinstance(value, dict):
            yield Record("", number, value, fraction)
        else:
            yield Record("", number, {}, fraction, Message(N_("não é um objeto JSON"), {}))


def _document(path: Path, encoding: str, name: str, size: int) -> Iterator[Record]:
    try:
        with path.open("rb") as raw:
            stream: Any = raw
            if encoding != "utf-8":
                stream = io.BytesIO(raw.read().decode(encoding, errors="replace").encode())
            prefix, keyed = _where(_Shallow(stream), name)
            stream.seek(0)
            shallow = _Shallow(stream)
            found: Any = (
                ijson.kvitems(shallow, prefix, use_float=True)
                if keyed
                else (("", item) for item in ijson.items(shallow, prefix, use_float=True))
            )
            for number, (key, value) in enumerate(found, start=1):
                fraction = min(1.0, stream.tell() / size)
                if isinstance(value, dict):
                    yield Record(key, number, value, fraction)
                elif isinstance(value, list) and _is_turns(value):
                    yield Record(key, number, {"messages": value}, fraction)
                else:
                    why = Message(N_("não é um objeto JSON"), {})
                    yield Record(key, number, {}, fraction, why)
    except TooDeep as error:
        raise ConversationImportFailed(
            N_(
                "{file} tem listas ou objetos dentro de outros em mais de {most} níveis; uma "
                "conversa não tem tantos. Confira se é o arquivo certo e exporte-o de novo."
            ),
            file=name,
            most=MAX_DEPTH,
        ) from error
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise ConversationImportFailed(
            N_("{file} não é JSON válido ({reason}). Exporte o arquivo de novo."),
            file=name,
            reason=str(error)[:200],
        ) from error


def _where(stream: Any, name: str) -> tuple[str, bool]:
    """Return where the records are, for ijson, and whether they are the values of an object."""
    events = ijson.parse(stream)
    _prefix, event, _value = next(events)
    if event == "start_array":
        return "item", False
    if event == "start_map":
        for prefix, event, _value in events:
            if "." in prefix or not prefix:
                if event == "end_map":
                    break
                continue
            if event == "start_array":
                _prefix, inner, _value = next(events)
                if inner == "start_map" and prefix in ("messages", "turns", "content"):
                    return "", False  # the whole file is one conversation
                if inner in ("start_map", "start_array"):
                    return f"{prefix}.item", False
            if event == "start_map":
                return "", True
    raise ConversationImportFailed(
        N_(
            "{file} não tem conversas que se reconheçam. Envie uma lista de conversas, um objeto "
            "com uma conversa por chave, ou uma linha por mensagem."
        ),
        file=name,
    )


def _csv(
    file: io.TextIOWrapper, raw: Any, size: int, name: str, repeated: set[str] | None
) -> Iterator[Record]:
    sample = file.read(65_536)
    file.seek(0)
    first = sample.splitlines()[0] if sample else ""
    delimiter = max(",;\t|", key=first.count)
    lines = _Lines(file)
    if (told := _SEPARATOR.fullmatch(first.strip(" "))) is not None:
        delimiter = told[1]
        next(lines)
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        header = [cell.strip() for cell in next(reader)]
        if repeated is not None:
            repeated.update(cell for cell in header if cell and header.count(cell) > 1)
        while True:
            lines.begin()
            row = next(reader, None)
            if row is None:
                return
            if not any(cell.strip() for cell in row):
                continue
            fraction = min(1.0, raw.tell() / size)
            if len(row) != len(header):
                why = Message(
                    N_("tem {cells} células, o cabeçalho tem {header}"),
                    {"cells": len(row), "header": len(header)},
                )
                yield Record("", lines.number, {}, fraction, why)
                continue
            yield Record("", lines.number, dict(zip(header, row, strict=True)), fraction)
    except csv.Error as error:
        raise ConversationImportFailed(
            N_(
                "{file} não pôde ser lido: as aspas que abrem na linha {line} não fecham como se "
                "espera ({reason}). Feche as aspas, ou dobre as que são do texto, e importe de "
                "novo."
            ),
            file=name,
            line=lines.opened(delimiter),
            reason=str(error),
        ) from error


class _Lines:
    """The lines of a CSV file, and those of the row that is being read.

    Attributes
    ----------
    number : int
        Of the last line; from 1.
    """

    def __init__(self, file: io.TextIOWrapper) -> None:
        self._file, self._row, self.number = file, list[str](), 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._file)
        self.number += 1
        self._row.append(line)
        return line

    def begin(self) -> None:
        """Begin another row."""
        self._row.clear()

    def opened(self, delimiter: str) -> int:
        """Return the line in which the last quotes of the row open."""
        text, at, opened = "".join(self._row), 0, 0
        opening = re.compile(rf'(?:^|[{re.escape(delimiter)}\r\n])"')
        while (found := opening.search(text, at)) is not None:
            opened = found.end()
            closed = _QUOTED.match(text, opened)
            if closed is None:
                break
            at = closed.end()
        ends = itertools.accumulate(map(len, self._row))
        before = sum(end < opened for end in ends)
        return self.number - len(self._row) + 1 + before


def grouped(found: Iterator[Record], key: str) -> Iterator[tuple[str, list[Record]]]:
    """Yield the rows of each conversation together, in the order of the file.

    The rows of a conversation may be anywhere in the file; they wait in a temporary file, so
    memory holds one conversation. Rows that could not be read are yielded alone, under ``""``.
    """
    places: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        waiting = sqlite3.connect(Path(folder) / "rows.db", isolation_level=None)
        try:
            waiting.execute("PRAGMA journal_mode=OFF")
            waiting.execute("CREATE TABLE rows (conversation INTEGER, place INTEGER, row TEXT)")
            waiting.execute("BEGIN")
            for record in found:
                name = str(record.value.get(key) or "").strip()
                if record.problem is not None or not name:
                    yield "", [record]
                    continue
                place = places.setdefault(name, len(places))
                text = json.dumps(record.value, ensure_ascii=True)
                waiting.execute("INSERT INTO rows VALUES (?, ?, ?)", (place, record.place, text))
            waiting.execute("COMMIT")
            waiting.execute("CREATE INDEX by_conversation ON rows (conversation)")
            for name, place in places.items():
                rows = waiting.execute(
                    "SELECT place, row FROM rows WHERE conversation = ? ORDER BY rowid", (place,)
                )
                yield name, [Record("", at, json.loads(row), 1.0) for at, row in rows]
        finally:
            waiting.close()
