"""A file becomes a table: first every cell is looked at, then every row is written."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pandas as pd
from sqlite_utils import Database

from src.datasets import frames, names, profiling, store
from src.datasets.chunks import Chunk, Source
from src.datasets.inference import Evidence, Reading, decide
from src.datasets.model import Column, Dataset
from src.datasets.sources import open_source
from src.errors import ImportFailed
from src.logs import get_logger
from src.messages import N_, Message
from src.persistence import utc_now

OnProgress = Callable[[int, float], None]
log = get_logger(__name__)


def _silent(_rows: int, _fraction: float) -> None:
    """Report to nobody."""


PREVIEW_ROWS = 1000
LOOKING, WRITING = 0.3, 0.7
"""Progress at the end of the first reading and of the second; the profile is the rest."""


@dataclass
class _Plan:
    """What the first reading found."""

    columns: tuple[Column, ...]
    readings: list[Reading]
    drop_first: bool
    rows: int
    warnings: list[Message] = field(default_factory=list)

    @property
    def damaged(self) -> tuple[str, ...]:
        return tuple(
            column.name
            for column, reading in zip(self.columns, self.readings, strict=True)
            if reading.damaged
        )

    def convert(self, chunk: Chunk) -> list[list[Any]]:
        """Return the chunk's values, column by column."""
        cells = list(zip(*chunk.rows, strict=True))[1 if self.drop_first else 0 :]
        return [
            reading.convert(column) for reading, column in zip(self.readings, cells, strict=True)
        ]


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
    source = open_source(path, source_name)
    plan = _look(source, source_name, skip_ragged, report)
    plan.warnings.extend(notes)
    columns = plan.columns
    digest = hashlib.sha256(json.dumps([[column.name, column.kind] for column in columns]).encode())
    with store.writing(lambda: report(0, LOOKING)) as database:
        if name is None:
            name = names.derived_table_name(source_name, store.taken_keys())
        elif replace and names.key(name) in store.taken_keys():
            store.remove(database, store.get(name), actor)
        else:
            check_free(name)
        store.insert_rows(database, name, columns, _rows(source, plan, skip_ragged, digest, report))
        dataset = Dataset(
            name=name,
            rows=plan.rows,
            columns=columns,
            imported_at=utc_now(),
            source=source_name,
            actor=actor,
            fingerprint=digest.hexdigest(),
            warnings=tuple(plan.warnings),
            damaged_columns=plan.damaged,
        )
        _finish(database, dataset, import_id, report)
    report(plan.rows, 1.0)
    log.info("table_imported", name=name, rows=plan.rows, columns=len(columns), actor=actor)
    return name


def import_frame(frame: pd.DataFrame, name: str, *, source: str, actor: str) -> str:
    """Store a data frame of numbers and texts as a table."""
    evidence = [Evidence(parse_text=False) for _column in frame.columns]
    cells = [frame[column].tolist() for column in frame.columns]
    lines = list(range(1, len(frame) + 1))
    for column, values in zip(evidence, cells, strict=True):
        column.update(values, lines)
    labels = [str(column) for column in frame.columns]
    readings, notes = decide(labels, evidence)
    columns = tuple(
        Column(label, reading.kind) for label, reading in zip(labels, readings, strict=True)
    )
    plan = _Plan(columns, readings, False, len(frame), notes)
    digest = hashlib.sha256(json.dumps([[column.name, column.kind] for column in columns]).encode())
    source_rows = Chunk(list(zip(*cells, strict=True)), lines, 1.0)
    table = Source("DataFrame", tuple(labels), lambda _skip: iter([source_rows]))
    with store.writing() as database:
        name = names.derived_table_name(name, store.taken_keys())
        store.insert_rows(database, name, columns, _rows(table, plan, False, digest, _silent))
        dataset = Dataset(
            name, len(frame), columns, utc_now(), source, actor, digest.hexdigest(), tuple(notes)
        )
        _finish(database, dataset, None, _silent)
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
    if names.key(name) in taken:
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
    source = open_source(path, source_name)
    head = Source(**{**source.__dict__, "chunks": lambda skip: _head(source, skip)})
    plan = _look(head, source_name, True, _silent)
    first = next(head.chunks(True))
    first.rows, first.lines = first.rows[:20], first.lines[:20]
    values = plan.convert(first)
    marks = {
        reading.style.decimal
        for reading in plan.readings
        if reading.style is not None and reading.kind == "number"
    }
    return Detection(
        format=source.format,
        delimiter=source.delimiter,
        encoding=source.encoding,
        decimal=marks.pop() if len(marks) == 1 else None,
        columns=plan.columns,
        sample=pd.DataFrame(
            {
                column.name: frames.to_array(_stored(cells), column.kind)
                for column, cells in zip(plan.columns, values, strict=True)
            }
        ),
        warnings=tuple(plan.warnings),
    )


def _head(source: Source, skip_ragged: bool) -> Iterator[Chunk]:
    left = PREVIEW_ROWS
    for chunk in source.chunks(skip_ragged):
        chunk.rows, chunk.lines = chunk.rows[:left], chunk.lines[:left]
        left -= len(chunk.rows)
        yield chunk
        if left <= 0:
            return


def _look(source: Source, source_name: str, skip_ragged: bool, report: OnProgress) -> _Plan:
    """Read the file once and decide what its columns are."""
    if len(source.columns) > store.MAX_COLUMNS:
        raise ImportFailed(
            N_("{file} tem {columns} colunas; o limite é {limit}. Divida a tabela."),
            file=source_name,
            columns=len(source.columns),
            limit=store.MAX_COLUMNS,
        )
    evidence = [Evidence(parse_text=source.parse_text) for _column in source.columns]
    if evidence and source.unnamed_first:
        evidence[0].consecutive = True
    rows = skipped = 0
    first_skipped = None
    for chunk in source.chunks(skip_ragged):
        for column, cells in zip(evidence, zip(*chunk.rows, strict=True), strict=False):
            column.update(cells, chunk.lines)
        rows += len(chunk.rows)
        skipped += chunk.skipped
        first_skipped = first_skipped or chunk.first_skipped
        report(rows, LOOKING * chunk.fraction)
    if not rows:
        raise ImportFailed(
            N_(
                "{file} não tem linhas para importar, só o cabeçalho. Confira a exportação e envie "
                "de novo."
            ),
            file=source_name,
        )
    notes = list(source.notes)
    drop = bool(evidence) and evidence[0].consecutive and len(evidence) > 1
    raw = source.columns[1:] if drop else source.columns
    if drop:
        evidence = evidence[1:]
        notes.append(
            Message(N_("A primeira coluna não tinha nome e só numerava as linhas; foi descartada."))
        )
    labels, name_notes = names.tidy_column_names(raw)
    readings, reading_notes = decide(labels, evidence, delimiter=source.delimiter)
    if skipped:
        notes.append(
            Message(
                N_(
                    "{count} linhas irregulares, com colunas a mais ou a menos, ficam de fora; a "
                    "primeira é a linha {line}."
                ),
                {"count": skipped, "line": first_skipped},
            )
        )
    columns = tuple(
        Column(label, reading.kind) for label, reading in zip(labels, readings, strict=True)
    )
    # What matters most comes first.
    return _Plan(columns, readings, drop, rows, [*reading_notes, *name_notes, *notes])


def _rows(
    source: Source, plan: _Plan, skip_ragged: bool, digest: Any, report: OnProgress
) -> Iterator[Sequence[Any]]:
    """Read the file again and yield what is stored, row by row."""
    done = 0
    for chunk in source.chunks(skip_ragged):
        if not chunk.rows:
            continue
        rows = list(zip(*(_stored(cells) for cells in plan.convert(chunk)), strict=True))
        digest.update(b"".join(map(_canonical, rows)))
        yield from rows
        done += len(rows)
        report(done, LOOKING + (WRITING - LOOKING) * chunk.fraction)


def _stored(cells: Sequence[Any]) -> Sequence[Any]:
    if any(hasattr(cell, "isoformat") for cell in cells):
        return [None if cell is None else cell.isoformat(sep=" ") for cell in cells]
    return cells


def _canonical(row: Sequence[Any]) -> bytes:
    # JSON has no infinity; repr keeps it apart from a missing value.
    if any(isinstance(cell, float) and math.isinf(cell) for cell in row):
        return repr(row).encode()
    return orjson.dumps(row)


def _finish(
    database: Database, dataset: Dataset, import_id: str | None, report: OnProgress
) -> None:
    profile = profiling.compute(
        database.conn,
        dataset,
        lambda share: report(dataset.rows, WRITING + (1 - WRITING) * 0.99 * share),
    )
    store.add_to_catalogue(database, dataset, profile, import_id)
