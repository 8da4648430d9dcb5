"""What every reader of a format gives: a description and chunks of rows."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from src.errors import FileUnreadable
from src.messages import N_, Message

CELLS = 200_000
"""Cells that a chunk holds at most, so that memory does not grow with the file."""


@dataclass
class Chunk:
    """Some rows, the line each stands on, and how far into the file they reach.

    Cells are ``str`` as written, or ``int``, ``float``, ``bool``, ``datetime`` and None where the
    format itself has types.
    """

    rows: list[Sequence[Any]]
    lines: list[int]
    fraction: float
    skipped: int = 0
    first_skipped: int | None = None


@dataclass(frozen=True)
class Source:
    """A file that can be read as a table, from the beginning as often as needed.

    Attributes
    ----------
    format : str
        For people: ``CSV``, ``JSON``, ...
    name : str
        The file's, for people.
    columns : tuple of str
        Names as they stand in the file.
    chunks : callable
        ``chunks(skip_ragged)`` reads the file from the beginning.
    parse_text : bool
        Whether texts may be numbers, dates and booleans.
    unnamed_first : bool
        The first column has no name: it may be the index of a data frame.
    notes : tuple of Message
        What opening the file showed.
    """

    format: str
    name: str
    columns: tuple[str, ...]
    chunks: Callable[[bool], Iterator[Chunk]]
    parse_text: bool = True
    delimiter: str | None = None
    encoding: str | None = None
    unnamed_first: bool = False
    notes: tuple[Message, ...] = ()


def chunk_rows(columns: int) -> int:
    """Return how many rows of so many columns make a chunk."""
    return max(1, min(20_000, CELLS // max(1, columns)))


def plain(value: Any) -> Any:
    """Return a value of a format that has types as a cell, a moment in UTC and without zone."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a local date
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def ragged(name: str, line: int, cells: int, expected: int) -> FileUnreadable:
    """Return the error for a row that does not fit under the header."""
    return FileUnreadable(
        N_(
            "Não foi possível ler {file}: a linha {line} tem {cells} colunas, o cabeçalho tem "
            "{expected}. Corrija a linha e envie de novo; em Tabelas, o arquivo também pode ser "
            "importado ignorando linhas irregulares."
        ),
        file=name,
        line=line,
        cells=cells,
        expected=expected,
    )
