"""A file as records, one after the other: chat JSONL, JSON, CSV."""

from __future__ import annotations

import codecs
import csv
import io
import json
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ijson
from charset_normalizer import from_bytes

from src.errors import ConversationImportFailed
from src.messages import N_, Message

MAX_CELL = 16 * 2**20
_BLOCK = 2**20
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
    if b"\x00" in head and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ConversationImportFailed(
            N_("{file} não é um arquivo de texto. Envie JSONL, JSON ou CSV."), file=name
        )
    with path.open(encoding=detect_encoding(path), errors="replace") as file:
        first = file.readline(MAX_CELL).strip()
        while not first:
            first = file.readline(MAX_CELL).strip()
        if first[0] not in "[{":
            return "csv"
        following = file.readline(MAX_CELL).strip()
    try:
        value = json.loads(first)
    except (json.JSONDecodeError, RecursionError):
        # A broken line is one line's problem, if the next line begins an object too.
        return "jsonl" if first[0] == "{" and following.startswith('{"') else "json"
    if not isinstance(value, dict):
        return "json"
    one = any(_is_turns(inner) for inner in value.values()) and "conversations" not in value
    return "jsonl" if following.startswith("{") or one else "json"


def _is_turns(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def records(path: Path, name: str, form: str) -> Iterator[Record]:
    """Yield the file's objects, read as a stream.

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
            yield from _csv(file, raw, size, name)
        elif form == "jsonl":
            yield from _lines(file, raw, size)
        else:
            yield from _document(path, encoding, name, size)


def _lines(file: io.TextIOWrapper, raw: Any, size: int) -> Iterator[Record]:
    number = 0
    while line := file.readline():
        number += 1
        if not line.strip():
            continue
        fraction = min(1.0, raw.tell() / size)
        try:
            value = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
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
            prefix, keyed = _where(stream, name)
            stream.seek(0)
            found: Any = (
                ijson.kvitems(stream, prefix, use_float=True)
                if keyed
                else (("", item) for item in ijson.items(stream, prefix, use_float=True))
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
    except (ijson.JSONError, UnicodeDecodeError, RecursionError) as error:
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


def _csv(file: io.TextIOWrapper, raw: Any, size: int, name: str) -> Iterator[Record]:
    sample = file.read(65_536)
    file.seek(0)
    first = sample.splitlines()[0] if sample else ""
    delimiter = max(",;\t|", key=first.count)
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(file, delimiter=delimiter)
    try:
        header = [cell.strip() for cell in next(reader)]
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            fraction = min(1.0, raw.tell() / size)
            if len(row) != len(header):
                why = Message(
                    N_("tem {cells} células, o cabeçalho tem {header}"),
                    {"cells": len(row), "header": len(header)},
                )
                yield Record("", reader.line_num, {}, fraction, why)
                continue
            yield Record("", reader.line_num, dict(zip(header, row, strict=True)), fraction)
    except csv.Error as error:
        raise ConversationImportFailed(
            N_(
                "{file} não pôde ser lido a partir da linha {line} ({reason}), em geral por aspas "
                "que não fecham. Corrija a linha e importe de novo."
            ),
            file=name,
            line=reader.line_num,
            reason=str(error),
        ) from error


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
