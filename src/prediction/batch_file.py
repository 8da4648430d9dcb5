"""The file of a batch as a table of raw values; what they mean is settled against the schema."""

from __future__ import annotations

import csv
import io

import orjson
import pandas as pd

from src.errors import PredictionError
from src.messages import N_

FORMATS = ("csv", "tsv", "txt", "xlsx", "parquet", "json", "ndjson", "jsonl")
"""File endings that are taken."""

DELIMITERS = ";,\t|"
SNIFFED_CHARACTERS = 65_536


def read_table(data: bytes, name: str) -> pd.DataFrame:
    """Read a batch file.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        Its name; the ending decides how it is read.

    Returns
    -------
    DataFrame
        Texts as they stand in text files, so that nothing is misread before the schema is known.

    Raises
    ------
    PredictionError
        If the file is empty, binary under a text ending, ragged, or of no known format.
    """
    ending = name.rsplit(".", 1)[-1].casefold()
    if ending not in FORMATS:
        raise PredictionError(
            N_("«{name}» não é de um formato aceito. Envie CSV, XLSX, Parquet ou JSON."), name=name
        )
    if not data.strip():
        raise PredictionError(
            N_("«{name}» está vazio. Confira se a exportação terminou e envie de novo."), name=name
        )
    try:
        if ending == "xlsx":
            table = pd.read_excel(io.BytesIO(data), dtype=object)
        elif ending == "parquet":
            table = pd.read_parquet(io.BytesIO(data))
        elif ending == "json":
            table = _from_objects(orjson.loads(data))
        elif ending in ("ndjson", "jsonl"):
            table = _from_objects(
                [orjson.loads(line) for line in data.splitlines() if line.strip()]
            )
        else:
            table = _from_text(data)
    except PredictionError:
        raise
    except Exception as error:
        # Each format has errors of its own; the person needs the file's name and the reason.
        raise PredictionError(
            N_("Não foi possível ler «{name}»: {reason}. Nada foi calculado."),
            name=name,
            reason=str(error).strip()[:300] or type(error).__name__,
        ) from error
    return table.set_axis([str(column) for column in table.columns], axis="columns")


def _from_text(data: bytes) -> pd.DataFrame:
    if b"\x00" in data[:SNIFFED_CHARACTERS] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise PredictionError(
            N_("O arquivo não é texto, apesar do nome. Exporte de novo como CSV ou XLSX.")
        )
    text = _decoded(data)
    # A long cell is no reason to refuse a file. The limit is the whole process's: never lower it.
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    columns = next((row for row in rows if any(cell.strip() for cell in row)), [])
    body = [(rows.line_num, row) for row in rows if row]
    if body and all(len(row) == len(columns) + 1 for _line, row in body):
        # The rows are numbered in a column without a name, as R and pandas write them.
        body = [(line, row[1:]) for line, row in body]
    for line, row in body:
        if len(row) != len(columns):
            raise PredictionError(
                N_(
                    "A linha {line} tem {given} colunas e o cabeçalho tem {expected}. Corrija a "
                    "linha e envie de novo; nada foi calculado."
                ),
                line=line,
                given=len(row),
                expected=len(columns),
            )
    return pd.DataFrame([row for _line, row in body], columns=columns, dtype=object)


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    """Return the mark that splits the header; outside quotes, the most frequent one."""
    lines = text[:SNIFFED_CHARACTERS].splitlines()
    line = next((line for line in lines if line.strip(f" {DELIMITERS}")), "")
    bare = "".join(line.split('"')[::2])
    return max(DELIMITERS, key=bare.count) if any(mark in bare for mark in DELIMITERS) else ","


def _from_objects(rows: object) -> pd.DataFrame:
    if isinstance(rows, dict):
        rows = [rows]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise PredictionError(
            N_("O JSON precisa ser uma lista de objetos, um por linha da tabela.")
        )
    return pd.DataFrame(rows, dtype=object)
