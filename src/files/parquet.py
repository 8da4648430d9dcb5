"""Parquet: typed by its own schema, read in batches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.parquet as pq

from src.errors import FileUnreadable
from src.files.chunks import Chunk, Source, chunk_rows, plain
from src.files.contents import Content
from src.messages import N_


def open_parquet(source: Content) -> Source:
    """Look at a Parquet file and return how to read it as a table.

    Raises
    ------
    FileUnreadable
        If it is damaged or has no columns.
    """
    with _opened(source) as file:
        columns = tuple(file.schema_arrow.names)

    def chunks(_skip_ragged: bool) -> Iterator[Chunk]:
        with _opened(source) as file:
            total, done = max(1, file.metadata.num_rows), 0
            for batch in file.iter_batches(batch_size=chunk_rows(len(columns))):
                cells = [map(plain, column.to_pylist()) for column in batch.columns]
                lines = list(range(done + 1, done + batch.num_rows + 1))
                done += batch.num_rows
                yield Chunk(list(zip(*cells, strict=True)), lines, done / total)

    unnamed = bool(columns) and columns[0] == "__index_level_0__"
    return Source(
        "Parquet",
        source.name,
        ("", *columns[1:]) if unnamed else columns,
        chunks,
        parse_text=False,
        unnamed_first=unnamed,
    )


@contextmanager
def _opened(source: Content) -> Iterator[pq.ParquetFile]:
    try:
        with source.open() as raw, pq.ParquetFile(raw) as file:
            yield file
    except (pa.ArrowException, OSError) as error:
        raise FileUnreadable(
            N_(
                "{file} não pôde ser lido como Parquet ({reason}). Exporte de novo e envie outra "
                "vez."
            ),
            file=source.name,
            reason=str(error)[:200],
        ) from error
