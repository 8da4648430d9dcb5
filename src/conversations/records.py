"""A file as records, one after the other: chat JSONL, JSON, CSV; compressed or not."""

from __future__ import annotations

import csv
import itertools
import json
import math
import re
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ijson

from src import files
from src.errors import ConversationImportFailed, FileUnreadable
from src.files import MAX_CELL, MAX_DEPTH, Shallow, Text, TooDeep, open_text
from src.messages import N_, Message

_BLOCK, _SAMPLE = 2**20, 65_536
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r\x1b")
_LONG = N_("é longa demais: tem {length} milhões de caracteres, o máximo são {most}")
_DEEP = N_("tem listas ou objetos dentro de outros em mais de {most} níveis")
_NO_JSON = N_(
    "deixa de ser JSON no caractere {place}: está cortada, ou faltam aspas, vírgula ou chave"
)
_NO_OBJECT = Message(N_("não é um objeto JSON"), {})
_SEPARATOR = re.compile('"?sep=([,;\\t|])"?', re.IGNORECASE)
"""The line by which Excel is told what separates the cells."""


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


def detect_format(path: Path, name: str) -> str:
    """Return ``"jsonl"``, ``"json"`` or ``"csv"`` by the file's content.

    Raises
    ------
    ConversationImportFailed
        If it is empty, is no text, or cannot be read.
    """
    with files.faults_as(ConversationImportFailed), open_text(path, name) as text:
        if _is_binary(text):
            raise ConversationImportFailed(
                N_("{file} não é um arquivo de texto. Envie JSONL, JSON ou CSV."), file=name
            )
        line = text.readline(MAX_CELL)
        while line and not line.strip():
            line = text.readline(MAX_CELL)
        first = line.strip()
        if not first.startswith(("[", "{")):
            return "csv"
        cut = _is_cut(line) and _skip_line(text) > 0
        following = text.readline(MAX_CELL).strip()
    if cut:
        # One object as long as that is a document of many conversations, unless others follow.
        return "jsonl" if first[0] == "{" and following.startswith("{") else "json"
    try:
        value = files.loads(first, strict=False)
    except ValueError:
        # A broken line is one line's problem, if the next line begins an object too.
        return "jsonl" if first[0] == "{" and following.startswith('{"') else "json"
    if not isinstance(value, dict):
        return "json"
    one = any(_is_turns(inner) for inner in value.values()) and "conversations" not in value
    return "jsonl" if following.startswith("{") or one else "json"


def _is_binary(text: Text) -> bool:
    """Whether it is no text: a text may hold a NUL or two, but not many signs that nobody types."""
    head = text.source.head()
    if b"\x00" not in head or text.encoding.startswith("utf-16"):
        return False
    return len(head) - len(head.translate(None, _CONTROLS)) > max(8, len(head) // 500)


def _is_cut(line: str) -> bool:
    return len(line) == MAX_CELL and line[-1] not in "\r\n"


def _skip_line(text: Text) -> int:
    """Read on to the end of a line of which the beginning was read; return how many characters."""
    skipped = 0
    while part := text.readline(_BLOCK):
        skipped += len(part)
        if part[-1] in "\r\n":
            break
    return skipped


def _is_turns(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def read_records(
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
    with files.faults_as(ConversationImportFailed):
        if form == "json":
            yield from _document(path, name)
            return
        with open_text(path, name) as text:
            yield from (_csv if form == "csv" else _lines)(text, repeated)


def _lines(text: Text, repeated: set[str] | None) -> Iterator[Record]:
    def whole(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if repeated is not None and len(made) < len(pairs):
            times = Counter(name for name, _ in pairs)
            repeated.update(name for name in times if times[name] > 1)
        return made

    hook = None if repeated is None else whole
    number = 0
    while line := text.readline(MAX_CELL):
        number += 1
        value, problem = None, None
        if _is_cut(line) and (more := _skip_line(text)):
            length = math.ceil((len(line) + more) / 10**6)
            problem = Message(_LONG, {"length": length, "most": MAX_CELL // 10**6})
        elif not line.strip():
            continue
        else:
            try:
                # Not strict: NUL and other signs that should have been escapes are let through.
                value = files.loads(line, strict=False, object_pairs_hook=hook)
            except TooDeep:
                problem = Message(_DEEP, {"most": MAX_DEPTH})
            except ValueError as error:
                problem = Message(_NO_JSON, {"place": getattr(error, "pos", 0) + 1})
        if isinstance(value, dict):
            yield Record("", number, value, text.fraction)
        else:
            yield Record("", number, {}, text.fraction, problem or _NO_OBJECT)


def _document(path: Path, name: str) -> Iterator[Record]:
    try:
        with open_text(path, name) as beginning:
            prefix, keyed = _where(Shallow(beginning), name)
        with open_text(beginning.source, encoding=beginning.encoding) as text:
            stream: Any = Shallow(text)
            items: Any = (
                ijson.kvitems(stream, prefix, use_float=True)
                if keyed
                else (("", item) for item in ijson.items(stream, prefix, use_float=True))
            )
            for number, (key, value) in enumerate(items, start=1):
                if isinstance(value, dict):
                    yield Record(key, number, value, text.fraction)
                elif _is_turns(value):
                    yield Record(key, number, {"messages": value}, text.fraction)
                else:
                    yield Record(key, number, {}, text.fraction, _NO_OBJECT)
    except TooDeep as error:
        raise ConversationImportFailed(
            N_(
                "{file} tem listas ou objetos dentro de outros em mais de {most} níveis; uma "
                "conversa não tem tantos. Confira se é o arquivo certo e exporte-o de novo."
            ),
            file=name,
            most=MAX_DEPTH,
        ) from error
    except ijson.JSONError as error:
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


def _csv(text: Text, repeated: set[str] | None) -> Iterator[Record]:
    with open_text(text.source, encoding=text.encoding) as beginning:
        sample = beginning.read(_SAMPLE)
    told = _SEPARATOR.fullmatch(sample.partition("\n")[0].strip("\r "))
    delimiter = told[1] if told is not None else files.detect_delimiter(sample)
    try:
        rows = files.rows(text, delimiter, strict=True)
        header = [cell.strip() for cell in next(itertools.islice(rows, told is not None, None))[1]]
        if repeated is not None:
            repeated.update(cell for cell in header if cell and header.count(cell) > 1)
        for line, row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) == len(header):
                yield Record("", line, dict(zip(header, row, strict=True)), text.fraction)
                continue
            sizes = {"cells": len(row), "header": len(header)}
            why = Message(N_("tem {cells} células, o cabeçalho tem {header}"), sizes)
            yield Record("", line, {}, text.fraction, why)
    except FileUnreadable as error:
        if not isinstance(error.__cause__, csv.Error):
            raise
        raise ConversationImportFailed(
            N_(
                "{file} não pôde ser lido: as aspas que abrem na linha {line} não fecham como se "
                "espera ({reason}). Feche as aspas, ou dobre as que são do texto, e importe de "
                "novo."
            ),
            file=text.source.name,
            line=error.message.params["line"],
            reason=str(error.__cause__),
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
