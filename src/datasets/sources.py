"""A file as rows of cells, whatever its format: read in chunks, as often as needed."""

from __future__ import annotations

import zipfile
from pathlib import Path

from src.datasets import json_files, parquet_files, spreadsheets, text_files
from src.datasets.chunks import Chunk, Source
from src.errors import ImportFailed
from src.messages import N_

__all__ = ["FORMATS", "Chunk", "Source", "open_source"]

FORMATS = ("csv", "tsv", "txt", "json", "ndjson", "jsonl", "xlsx", "parquet")
"""File endings that an import takes."""

_MAGIC = (
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "ZIP"),
    (b"\x1f\x8b", "GZIP"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "RAR"),
    (b"\x7fELF", "ELF"),
    (b"SQLite format 3", "SQLite"),
    (b"\x80\x04\x95", "pickle"),
)
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def open_source(path: Path, file_name: str | None = None) -> Source:
    """Look at a file and return how to read it; its content decides, then its ending.

    Raises
    ------
    ImportFailed
        If it is missing, empty, or nothing that an import takes.
    """
    name = file_name or path.name
    try:
        with path.open("rb") as file:
            head = file.read(65_536)
    except OSError as error:
        raise ImportFailed(
            N_("Não foi possível abrir {file}: {reason}. Envie o arquivo de novo."),
            file=name,
            reason=error.strerror or str(error),
        ) from error
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise ImportFailed(
            N_("{file} está vazio. Confira se a exportação terminou e envie o arquivo de novo."),
            file=name,
        )
    if head.startswith(b"PAR1"):
        return parquet_files.open_parquet(path, name)
    if head.startswith(b"PK\x03\x04") and _is_spreadsheet(path):
        return spreadsheets.open_spreadsheet(path, name)
    _refuse_binary(head, name)
    ending = name.lower().rsplit(".", 1)[-1]
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if ending in ("json", "ndjson", "jsonl") or (start in (b"{", b"[") and ending != "csv"):
        return json_files.open_json(path, name)
    return text_files.open_text(path, name)


def _is_spreadsheet(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def _refuse_binary(head: bytes, name: str) -> None:
    if head.startswith(_OLD_EXCEL):
        raise ImportFailed(
            N_("{file} é uma planilha do formato antigo (.xls). Salve como .xlsx ou CSV."),
            file=name,
        )
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            raise ImportFailed(
                N_(
                    "{file} não é uma tabela: o conteúdo é {kind}. Envie CSV, JSON, XLSX ou "
                    "Parquet."
                ),
                file=name,
                kind=kind,
            )
    ending = name.lower().rsplit(".", 1)[-1]
    if ending in ("xlsx", "parquet") or text_files.looks_binary(head):
        raise ImportFailed(
            N_(
                "{file} não pôde ser lido: o conteúdo não é texto nem uma planilha inteira. "
                "Exporte de novo como CSV, JSON, XLSX ou Parquet."
            ),
            file=name,
        )
