"""XLSX: the first sheet that has rows, read as a stream."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from src.errors import FileUnreadable
from src.files.chunks import Chunk, Source, chunk_rows, plain, ragged
from src.files.contents import Content
from src.messages import N_, Message


def open_spreadsheet(source: Content) -> Source:
    """Look at a workbook and return how to read its first sheet with rows as a table.

    The first row that is not empty is the header; columns without a name and without a value are
    left out.

    Raises
    ------
    FileUnreadable
        If it cannot be opened or no sheet has rows.
    """
    try:
        workbook = load_workbook(source.open(), read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise FileUnreadable(
            N_(
                "{file} não pôde ser aberto como planilha ({reason}). Salve de novo como XLSX ou "
                "CSV."
            ),
            file=source.name,
            reason=str(error)[:200],
        ) from error
    with closing(workbook):
        sheet_name, header = _first_sheet(workbook)
        sheets = len(workbook.sheetnames)
    if sheet_name is None:
        raise FileUnreadable(
            N_("{file} está vazio: nenhuma planilha tem linhas. Envie outro arquivo."),
            file=source.name,
        )
    several = Message(
        N_("O arquivo tem {count} planilhas; foi lida «{sheet}»."),
        {"count": sheets, "sheet": sheet_name},
    )
    columns = tuple("" if cell is None else str(cell) for cell in header)

    def chunks(skip_ragged: bool) -> Iterator[Chunk]:
        return _chunks(source, sheet_name, columns, skip_ragged=skip_ragged)

    return Source(
        "XLSX",
        source.name,
        columns,
        chunks,
        unnamed_first=bool(columns) and not columns[0].strip(),
        notes=(several,) if sheets > 1 else (),
    )


def _first_sheet(workbook: Any) -> tuple[str | None, Sequence[Any]]:
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows(values_only=True):
            if any(cell is not None for cell in row):
                return sheet.title, _trimmed(row)
    return None, ()


def _trimmed(row: Sequence[Any]) -> Sequence[Any]:
    end = len(row)
    while end and row[end - 1] is None:
        end -= 1
    return row[:end]


def _chunks(
    source: Content, sheet_name: str, columns: tuple[str, ...], *, skip_ragged: bool
) -> Iterator[Chunk]:
    width, limit = len(columns), chunk_rows(len(columns))
    with closing(load_workbook(source.open(), read_only=True, data_only=True)) as workbook:
        sheet = workbook[sheet_name]
        total = sheet.max_row or 0
        chunk, waiting = Chunk([], [], 0.0), True
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            cells = _trimmed(row)
            if not cells:
                continue
            if waiting:
                waiting = False
                continue
            if len(cells) > width:
                if not skip_ragged:
                    raise ragged(source.name, number, len(cells), width)
                chunk.skipped += 1
                chunk.first_skipped = chunk.first_skipped or number
                continue
            chunk.rows.append([*map(plain, cells), *[None] * (width - len(cells))])
            chunk.lines.append(number)
            if len(chunk.rows) >= limit:
                chunk.fraction = min(1.0, number / total) if total else 0.0
                yield chunk
                chunk = Chunk([], [], 0.0)
        chunk.fraction = 1.0
        yield chunk
