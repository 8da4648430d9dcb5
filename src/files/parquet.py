"""Parquet: typed by its own schema, read in batches."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from src.errors import FileUnreadable
from src.files.chunks import Chunk, Source, chunk_rows
from src.files.content import Content
from src.messages import N_


def open_parquet(source: Content) -> Source:
    """Look at a Parquet file and return how to read it as a table.

    Raises
    ------
    FileUnreadable
        If it is damaged or has no columns.
    """
    try:
        with source.open() as raw, pq.ParquetFile(raw) as file:
            columns = tuple(file.schema_arrow.names)
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(source.name, error) from error

    def chunks(_skip_ragged: bool) -> Iterator[Chunk]:
        try:
            with source.open() as raw, pq.ParquetFile(raw) as file:
                total, done = max(1, file.metadata.num_rows), 0
                for batch in file.iter_batches(batch_size=chunk_rows(len(columns))):
                    cells = [
                        [_cell(cell) for cell in column.to_pylist()] for column in batch.columns
                    ]
                    lines = list(range(done + 1, done + batch.num_rows + 1))
                    done += batch.num_rows
                    yield Chunk(list(zip(*cells, strict=True)), lines, done / total)
        except (pa.ArrowException, OSError) as error:
            raise _unreadable(source.name, error) from error

    unnamed = bool(columns) and columns[0] == "__index_level_0__"
    return Source(
        "Parquet",
        source.name,
        ("", *columns[1:]) if unnamed else columns,
        chunks,
        parse_text=False,
        unnamed_first=unnamed,
    )


def _unreadable(name: str, error: Exception) -> FileUnreadable:
    return FileUnreadable(
        N_("{file} não pôde ser lido como Parquet ({reason}). Exporte de novo e envie outra vez."),
        file=name,
        reason=str(error)[:200],
    )


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int | float):
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
