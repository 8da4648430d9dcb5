"""A file becomes a table: first every cell is looked at, then every row is written."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pandas as pd
from sqlite_utils import Database

from src import files
from src.datasets import names, profiling, store
from src.datasets.model import Column, Dataset
from src.errors import ImportFailed
from src.files import Chunk, Layout, Source
from src.logs import get_logger
from src.messages import N_, Message
from src.persistence import utc_now

OnProgress = Callable[[int, float], None]
log = get_logger(__name__)

PREVIEW_ROWS = 1000
LOOKING, WRITING = 0.3, 0.7
"""Progress at the end of the first reading and of the second; the profile is the rest."""


def _silent(_rows: int, _fraction: float) -> None:
    """Report to nobody."""


def import_file(
    path: str | Path,
    name: str | None = None,
    *,
    actor: str = "",
    source_name: str | None = None,
    skip_ragged: bool = False,
    on_progress: OnProgress | None = None,
    import_id: str | None = None,
    replace: bool = False,
    notes: Sequence[Message] = (),
) -> str:
    """Import a file as a table and return the table's name.

    CSV, TSV, JSON, newline-delimited JSON, XLSX and Parquet are told apart by their content.
    Delimiter, encoding, decimal mark, dates and booleans are found out; the file is read twice, in
    chunks, so memory does not grow with it. Either the whole table is there in the end or none.

    Parameters
    ----------
    path : path
        The file.
    name : str, optional
        The table's name; by default a free one after the file's.
    actor : str
        Who imports.
    source_name : str, optional
        What the file was called where it came from; by default its name.
    skip_ragged : bool
        Leave out rows with more or fewer cells than the header instead of refusing the file.
    on_progress : callable, optional
        Called as ``on_progress(rows_done, fraction)``; what it raises ends the import.
    import_id : str, optional
        Repeating an import with the same identifier returns the table that the first one made.
    replace : bool
        Let a table of that name give way, in the transaction that writes the new one.
    notes : sequence of Message
        What else is to be known of the table; kept with what the import noticed.

    Raises
    ------
    ImportFailed
        If the file cannot be read as a table, or the name cannot be used.
    StorageError
        If the disk does not take it.

    Examples
    --------
    >>> import_file("vendas.csv")  # doctest: +SKIP
    'vendas'
    """
    path = Path(path)
    source_name = source_name or path.name
    report = on_progress or _silent
    if import_id is not None and (made := store.imported_by(import_id)):
        return made
    if name is not None:
        name = names.check_table_name(name) if replace else check_free(name)
    with files.faults_as(ImportFailed):
        source = files.open_table(path, source_name)
        layout = _look(source, skip_ragged, lambda rows, fraction: report(rows, LOOKING * fraction))
        layout = dataclasses.replace(layout, notes=(*layout.notes, *notes))
        with store.writing(lambda: report(0, LOOKING)) as database:
            if name is None:
                name = free_name(source_name)
            elif replace and files.name_key(name) in store.taken_keys():
                store.remove(database, store.get(name), actor)
            else:
                check_free(name)
            table = _dataset(name, layout, source_name, actor)
            _write(database, table, layout, source.chunks(skip_ragged), report, import_id)
    report(layout.rows, 1.0)
    log.info(
        "table_imported", name=name, rows=layout.rows, columns=len(layout.readings), actor=actor
    )
    return name


def import_frame(frame: pd.DataFrame, name: str, *, source: str, actor: str) -> str:
    """Store a data frame of numbers and texts as a table."""
    cells = [frame[column].tolist() for column in frame.columns]
    chunk = Chunk(list(zip(*cells, strict=True)), list(range(1, len(frame) + 1)), 1.0)
    labels = tuple(map(str, frame.columns))
    whole = Source("DataFrame", source, labels, lambda _skip: iter([chunk]), parse_text=False)
    layout = files.look(whole)
    with store.writing() as database:
        name = free_name(name)
        _write(database, _dataset(name, layout, source, actor), layout, whole.chunks(False))
    return name


def check_free(name: str) -> str:
    """Return the name in the form in which it will be stored.

    Raises
    ------
    ImportFailed
        If it cannot be a table's name or is taken.
    """
    name = names.check_table_name(name)
    taken = store.taken_keys()
    if files.name_key(name) in taken:
        raise ImportFailed(
            N_(
                "Já existe uma tabela chamada «{name}» (maiúsculas e minúsculas não contam). "
                "Sugestão: «{suggestion}»."
            ),
            name=name,
            suggestion=names.derived_table_name(name + ".", taken),
        )
    return name


def free_name(file_name: str) -> str:
    """Return a free table name close to a file's name."""
    return names.derived_table_name(file_name, store.taken_keys())


@dataclass(frozen=True)
class Detection:
    """What the first rows of a file say, before it is imported.

    Attributes
    ----------
    decimal : str or None
        The decimal mark, where numbers show it.
    columns : tuple of Column
        As far as the first rows tell; the import looks at all of them.
    sample : DataFrame
        The first rows, converted.
    warnings : tuple of Message
        What the import would note, from these rows.
    """

    format: str
    delimiter: str | None
    encoding: str | None
    decimal: str | None
    columns: tuple[Column, ...]
    sample: pd.DataFrame
    warnings: tuple[Message, ...]


def inspect_file(path: str | Path, source_name: str | None = None) -> Detection:
    """Look at a file's first rows (at most 1,000) and tell how it would be read.

    Raises
    ------
    ImportFailed
        If the file cannot be read as a table.
    """
    path = Path(path)
    source_name = source_name or path.name
    with files.faults_as(ImportFailed):
        source = files.open_table(path, source_name)
        head = dataclasses.replace(source, chunks=lambda skip: _head(source, skip))
        layout = _look(head, True)
        first = next(head.chunks(True))
        first.rows, first.lines = first.rows[:20], first.lines[:20]
        cells = map(_stored, layout.convert(first))
    readings = layout.readings
    marks = {reading.decimal for reading in readings.values() if reading.kind == "number"} - {None}
    return Detection(
        format=source.format,
        delimiter=source.delimiter,
        encoding=source.encoding,
        decimal=marks.pop() if len(marks) == 1 else None,
        columns=_columns(layout),
        sample=pd.DataFrame(
            {
                name: files.to_array(column, reading.kind)
                for (name, reading), column in zip(readings.items(), cells, strict=True)
            }
        ),
        warnings=layout.notes,
    )


def _head(source: Source, skip_ragged: bool) -> Iterator[Chunk]:
    left = PREVIEW_ROWS
    for chunk in source.chunks(skip_ragged):
        chunk.rows, chunk.lines = chunk.rows[:left], chunk.lines[:left]
        left -= len(chunk.rows)
        yield chunk
        if left <= 0:
            return


def _look(source: Source, skip_ragged: bool, report: OnProgress | None = None) -> Layout:
    """Read the file once and decide what its columns are."""
    if len(source.columns) > store.MAX_COLUMNS:
        raise ImportFailed(
            N_("{file} tem {columns} colunas; o limite é {limit}. Divida a tabela."),
            file=source.name,
            columns=len(source.columns),
            limit=store.MAX_COLUMNS,
        )
    return files.look(source, skip_ragged=skip_ragged, on_progress=report)


def _columns(layout: Layout) -> tuple[Column, ...]:
    return tuple(Column(name, reading.kind, reading) for name, reading in layout.readings.items())


def _write(
    database: Database,
    dataset: Dataset,
    layout: Layout,
    chunks: Iterator[Chunk],
    report: OnProgress = _silent,
    import_id: str | None = None,
) -> None:
    """Read the file again and write the table, its profile and its entry in the catalogue."""
    digest = hashlib.sha256(
        json.dumps([[column.name, column.kind] for column in dataset.columns]).encode()
    )

    def rows() -> Iterator[Sequence[Any]]:
        done = 0
        for chunk in chunks:
            if not chunk.rows:
                continue
            rows = list(zip(*map(_stored, layout.convert(chunk)), strict=True))
            digest.update(b"".join(map(_canonical, rows)))
            yield from rows
            done += len(rows)
            report(done, LOOKING + (WRITING - LOOKING) * chunk.fraction)

    store.insert_rows(database, dataset.name, dataset.columns, rows())
    dataset = dataclasses.replace(dataset, fingerprint=digest.hexdigest())
    profile = profiling.compute(
        database.conn,
        dataset,
        lambda share: report(dataset.rows, WRITING + (1 - WRITING) * 0.99 * share),
    )
    store.add_to_catalogue(database, dataset, profile, import_id)


def _dataset(name: str, layout: Layout, source: str, actor: str) -> Dataset:
    """Return a table's entry as far as it is known before its rows are written."""
    return Dataset(
        name=name,
        rows=layout.rows,
        columns=_columns(layout),
        imported_at=utc_now(),
        source=source,
        actor=actor,
        fingerprint="",
        warnings=layout.notes,
        damaged_columns=tuple(name for name, reading in layout.readings.items() if reading.damaged),
    )


def _stored(cells: Sequence[Any]) -> Sequence[Any]:
    if any(hasattr(cell, "isoformat") for cell in cells):
        return [None if cell is None else cell.isoformat(sep=" ") for cell in cells]
    return cells


def _canonical(row: Sequence[Any]) -> bytes:
    # JSON has no infinity; repr keeps it apart from a missing value.
    if any(isinstance(cell, float) and math.isinf(cell) for cell in row):
        return repr(row).encode()
    return orjson.dumps(row)
