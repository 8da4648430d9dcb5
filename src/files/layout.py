"""A file's columns: their names, how each is read, and whether the first only numbers the rows."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from src.errors import FileUnreadable
from src.files.chunks import Chunk, Source
from src.files.inference import Evidence, decide
from src.files.names import tidy_column_names
from src.files.readings import Reading
from src.files.values import Value
from src.messages import N_, Message


@dataclass(frozen=True)
class Layout:
    """What reading a whole file has shown.

    Attributes
    ----------
    readings : dict
        How each column is read, by usable, distinct names.
    rows : int
        How many there are.
    drop_first : bool
        Whether the file's first column is left out, because it only numbers the rows.
    notes : tuple of Message
        What a person should know, the most important first.
    """

    readings: dict[str, Reading]
    rows: int
    drop_first: bool = False
    notes: tuple[Message, ...] = ()

    def convert(self, chunk: Chunk) -> list[list[Value]]:
        """Return a chunk's values, column by column."""
        cells = list(zip(*chunk.rows, strict=True))[1 if self.drop_first else 0 :]
        pairs = zip(self.readings.values(), cells, strict=True)
        return [reading.convert(column) for reading, column in pairs]


def look(
    source: Source,
    *,
    skip_ragged: bool = False,
    on_progress: Callable[[int, float], None] | None = None,
) -> Layout:
    """Read a file once, in chunks, and decide what its columns are.

    Parameters
    ----------
    source : Source
        As :func:`src.files.open_table` returns it.
    skip_ragged : bool
        Leave out rows with more or fewer cells than the header instead of refusing the file.
    on_progress : callable, optional
        Called as ``on_progress(rows, fraction)`` after each chunk.

    Raises
    ------
    FileUnreadable
        If it has no rows, or one that does not fit.
    """
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
        if on_progress is not None:
            on_progress(rows, chunk.fraction)
    if not rows:
        raise FileUnreadable(
            N_(
                "{file} não tem linhas para importar, só o cabeçalho. Confira a exportação e envie "
                "de novo."
            ),
            file=source.name,
        )
    notes = list(source.notes)
    drop = len(evidence) > 1 and evidence[0].consecutive
    if drop:
        evidence = evidence[1:]
        notes.append(
            Message(N_("A primeira coluna não tinha nome e só numerava as linhas; foi descartada."))
        )
    names, name_notes = tidy_column_names(source.columns[drop:])
    readings, reading_notes = decide(names, evidence, delimiter=source.delimiter)
    if skipped:
        template = N_(
            "{count} linhas irregulares, com colunas a mais ou a menos, ficam de fora; a "
            "primeira é a linha {line}."
        )
        notes.append(Message(template, {"count": skipped, "line": first_skipped}))
    notes = [*reading_notes, *name_notes, *notes]  # what matters most comes first
    return Layout(dict(zip(names, readings, strict=True)), rows, drop, tuple(notes))


def all_cells(source: Source, expected: Collection[str] = ()) -> dict[str, list[Any]]:
    """Return a whole file's cells as they are, by column; nothing is decided about them.

    Parameters
    ----------
    expected : collection of str
        Names of columns that are wanted. Where more of them are found so, a first column that only
        numbers the rows is kept, or names that differ only by case stay as they are.

    Raises
    ------
    FileUnreadable
        If a row has more or fewer cells than the header.
    """
    first = Evidence(parse_text=source.parse_text, consecutive=source.unnamed_first)
    columns: list[list[Any]] = [[] for _column in source.columns]
    for chunk in source.chunks(False):
        for column, cells in zip(columns, zip(*chunk.rows, strict=True), strict=False):
            column.extend(cells)
        if first.consecutive:
            first.update([row[0] for row in chunk.rows], chunk.lines)
    namings = [(0, tidy_column_names(source.columns)[0])]
    if first.consecutive and len(columns) > 1:
        namings.insert(0, (1, tidy_column_names(source.columns[1:])[0]))
    if len({*source.columns}) == len(columns):
        namings.append((0, list(source.columns)))
    dropped, names = max(namings, key=lambda naming: len({*naming[1]} & {*expected}))
    return dict(zip(names, columns[dropped:], strict=True))
