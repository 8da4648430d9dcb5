"""A file as rows of cells, whatever its format: read in chunks, as often as needed."""

from __future__ import annotations

import zipfile

from src.errors import FileUnreadable
from src.files.chunks import Source
from src.files.contents import ZIP, Content, Origin, content
from src.files.delimited import open_delimited
from src.files.json_text import open_json
from src.files.text import looks_binary
from src.messages import N_

FORMATS = ("csv", "tsv", "txt", "json", "ndjson", "jsonl", "xlsx", "parquet", "gz", "zip")
"""File endings that are taken; gzip and zip with one file of text inside."""

_MAGIC = (
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"%PDF", "PDF"),
    (ZIP, "ZIP"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "RAR"),
    (b"\x7fELF", "ELF"),
    (b"SQLite format 3", "SQLite"),
    (b"\x80\x04\x95", "pickle"),
)
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def open_table(origin: Origin, name: str | None = None) -> Source:
    """Look at a file and return how to read it; its content decides, then its ending.

    CSV and its relatives, JSON, newline-delimited JSON, XLSX and Parquet are taken; those of text
    also inside a gzip, or a zip of one member.

    Parameters
    ----------
    origin : path or bytes
        The file.
    name : str, optional
        What it is called, for people; by default the path's name.

    Raises
    ------
    FileUnreadable
        If it is missing, empty, or nothing that can be a table.

    Examples
    --------
    >>> open_table(b"km;nota\\n3.201;12,50\\n").columns
    ('km', 'nota')
    """
    source = content(origin, name)
    head = source.head()
    if not source.compressed:
        # These are imported when they are needed: openpyxl and pyarrow are slow to import.
        if head.startswith(b"PAR1"):
            from src.files.parquet import open_parquet

            return open_parquet(source)
        if head.startswith(ZIP) and _is_spreadsheet(source):
            from src.files.spreadsheets import open_spreadsheet

            return open_spreadsheet(source)
    _refuse_binary(head, source)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if source.ending in ("json", "ndjson", "jsonl") or (
        start in (b"{", b"[") and source.ending != "csv"
    ):
        return open_json(source)
    return open_delimited(source)


def _is_spreadsheet(source: Content) -> bool:
    try:
        with source.open() as file, zipfile.ZipFile(file) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def _refuse_binary(head: bytes, source: Content) -> None:
    if head.startswith(_OLD_EXCEL):
        raise FileUnreadable(
            N_("{file} é uma planilha do formato antigo (.xls). Salve como .xlsx ou CSV."),
            file=source.name,
        )
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            raise FileUnreadable(
                N_(
                    "{file} não é de um formato aceito: não é texto nem tabela, o conteúdo é "
                    "{kind}. Envie CSV, JSON, XLSX ou Parquet."
                ),
                file=source.name,
                kind=kind,
            )
    if source.ending in ("xlsx", "parquet") or looks_binary(head):
        raise FileUnreadable(
            N_(
                "{file} não pôde ser lido: o conteúdo não é texto nem uma planilha inteira. "
                "Exporte de novo como CSV, JSON, XLSX ou Parquet."
            ),
            file=source.name,
        )
