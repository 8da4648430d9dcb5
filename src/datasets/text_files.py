"""CSV and its relatives: encoding, delimiter, header, and rows that do not fit."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from charset_normalizer import from_bytes

from src.datasets import values
from src.datasets.chunks import Chunk, Source, chunk_rows, ragged
from src.datasets.values import NUMBER_FORMS
from src.errors import ImportFailed
from src.messages import N_, Message

DELIMITERS = (",", ";", "\t", "|")
MAX_CELL = 16 * 2**20
"""Characters of one cell; a quote that is never closed would swallow the file otherwise."""

SAMPLE_ROWS = 200
_BLOCK = 2**20
_BYTES_PER_CHUNK = 8 * 2**20
_CHECK_EVERY = 200
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1b\x1a")) + b"\x7f"

csv.field_size_limit(MAX_CELL)


def looks_binary(head: bytes) -> bool:
    """Whether the beginning of a file is not text in any usual encoding."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _utf16(head):
        return False
    if b"\x00" in head:
        return True
    return len(head) - len(head.translate(None, _CONTROL)) > len(head) * 0.02


def _utf16(head: bytes) -> str | None:
    """Return the UTF-16 flavour of text without a byte-order mark, mostly Latin letters."""
    even, odd = head[0:4000:2], head[1:4000:2]
    if not odd:
        return None
    if odd.count(0) > len(odd) * 0.7 and even.count(0) < len(even) * 0.1:
        return "utf-16-le"
    if even.count(0) > len(even) * 0.7 and odd.count(0) < len(odd) * 0.1:
        return "utf-16-be"
    return None


def detect_encoding(path: Path) -> str:
    """Return the encoding of a text file: by its mark, else UTF-8 if all of it is, else by look."""
    with path.open("rb") as file:
        head = file.read(_BLOCK)
        for mark, name in _BOMS:
            if head.startswith(mark):
                return name
        if found := _utf16(head):
            return found
        decoder = codecs.getincrementaldecoder("utf-8")()
        block = head
        try:
            while block:
                decoder.decode(block)
                block = file.read(_BLOCK)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return _eight_bit(block)
    return "utf-8"


def _eight_bit(block: bytes) -> str:
    lines = [line for line in block.splitlines() if any(byte > 127 for byte in line)]
    best = from_bytes(b"\n".join(lines)[:65_536], cp_isolation=["cp1252", "cp850", "mac_roman"])
    match = best.best()
    encoding = match.encoding if match is not None else "cp1252"
    if encoding == "cp1252":
        try:
            block.decode(encoding)
        except UnicodeDecodeError:
            return "latin-1"  # takes every byte
    return encoding


def open_text(path: Path, name: str) -> Source:
    """Look at a text file's beginning and return how to read it as a table.

    Raises
    ------
    ImportFailed
        If it has no rows below the header.
    """
    encoding = detect_encoding(path)
    text = _sample(path, encoding, name)
    delimiter = detect_delimiter(text)
    rows = _parsed(text, delimiter)
    if not rows:
        raise ImportFailed(N_("{file} está vazio. Envie um arquivo com linhas."), file=name)
    header, body = rows[0], rows[1:]
    notes: list[Message] = []
    has_header = not _is_data(header)
    if not has_header:
        body = rows
        header = ["" for _cell in header]
        notes.append(
            Message(
                N_(
                    "A primeira linha do arquivo tem dados, não nomes de colunas; foi lida como "
                    "dados."
                )
            )
        )
    header, short = _align(header, body)
    columns = tuple(header)

    def chunks(skip_ragged: bool) -> Iterator[Chunk]:
        return _chunks(
            path, name, encoding, delimiter, columns, has_header=has_header, skip_ragged=skip_ragged
        )

    kind = {"\t": "TSV"}.get(delimiter, "CSV")
    return Source(
        kind,
        columns,
        chunks,
        delimiter=delimiter,
        encoding=encoding,
        unnamed_first=has_header
        and (short or not header[0].strip() or header[0].strip() == "Unnamed: 0"),
        notes=tuple(notes),
    )


def _sample(path: Path, encoding: str, name: str) -> str:
    """Return the first lines, whole."""
    taken, size = [], 0
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        for line in itertools.islice(file, SAMPLE_ROWS + 1):
            taken.append(line)
            size += len(line)
            if size > MAX_CELL:
                break
    if not taken:
        raise ImportFailed(N_("{file} está vazio. Envie um arquivo com linhas."), file=name)
    return "".join(taken)


def _reader(lines: Iterable[str], delimiter: str) -> Any:
    # After a tab a space belongs to the cell; after a comma it is decoration.
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=delimiter != "\t")


def _parsed(text: str, delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        rows.extend(row for row in _reader(io.StringIO(text, newline=""), delimiter) if row)
    except csv.Error:
        return rows  # the full reading says on which line
    return rows


def detect_delimiter(text: str) -> str:
    """Return the character that splits the lines of ``text`` most evenly.

    Examples
    --------
    >>> detect_delimiter("nome;preço\\nlápis;1,50\\ncaneta;2,75\\n")
    ';'
    """
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        rows = _parsed(text, delimiter)
        if not rows:
            continue
        widths = Counter(len(row) for row in (rows[1:] or rows))
        width, count = widths.most_common(1)[0]
        if max(width, len(rows[0])) < 2:
            continue
        even = count / widths.total()
        fits = len(rows[0]) in (width, width - 1, width + 1)
        # A header that fits weighs more than many columns: `1,5;2,5` is even under a comma too.
        score = (even * (1.0 if len(rows[0]) == width else 0.9 if fits else 0.3), width)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _is_data(row: Sequence[str]) -> bool:
    """Whether a first line holds values rather than names; 0, 1, 2, ... are names."""
    forms = [values.form(cell) for cell in row]
    if [cell.strip() for cell in row] in (
        [str(number) for number in range(len(row))],
        [str(number) for number in range(1, len(row) + 1)],
    ):
        return len(row) == 1
    return any(form in NUMBER_FORMS for form in forms) and all(
        form in NUMBER_FORMS or form in ("iso", "day", "missing") for form in forms
    )


def _align(header: list[str], body: list[list[str]]) -> tuple[list[str], bool]:
    """Fit the header to rows that all have one field more, and say whether an index is unnamed.

    R writes a data frame so: the row names have no header. Lines that all end in a delimiter have
    an empty last field instead, which is no column.
    """
    if body and all(len(row) == len(header) + 1 for row in body):
        if all(not row[-1].strip() for row in body):
            return header, False
        return ["", *header], True
    return header, False


def _chunks(
    path: Path,
    name: str,
    encoding: str,
    delimiter: str,
    columns: tuple[str, ...],
    *,
    has_header: bool,
    skip_ragged: bool,
) -> Iterator[Chunk]:
    width, size = len(columns), max(1, path.stat().st_size)
    limit = chunk_rows(width)
    with (
        path.open("rb") as raw,
        io.TextIOWrapper(raw, encoding, errors="replace", newline="") as file,
    ):
        reader = _reader(file, delimiter)
        chunk, start, line = Chunk([], [], 0.0), 0, 1
        waiting = has_header
        try:
            for row in reader:
                this, line = line, reader.line_num + 1
                if not row:
                    continue
                if waiting:
                    waiting = False
                    continue
                if len(row) > width and not any(cell.strip() for cell in row[width:]):
                    row = row[:width]  # delimiters at the end of the line
                if len(row) != width:
                    if not skip_ragged:
                        raise ragged(name, this, len(row), width)
                    chunk.skipped += 1
                    chunk.first_skipped = chunk.first_skipped or this
                    continue
                chunk.rows.append(row)
                chunk.lines.append(this)
                if len(chunk.rows) % _CHECK_EVERY and len(chunk.rows) < limit:
                    continue
                at = raw.tell()
                if len(chunk.rows) >= limit or at - start > _BYTES_PER_CHUNK:
                    chunk.fraction = min(1.0, at / size)
                    yield chunk
                    chunk, start = Chunk([], [], 0.0), at
        except csv.Error as error:
            raise ImportFailed(
                N_(
                    "Não foi possível ler {file}: a partir da linha {line} há uma célula com mais "
                    "de {limit} caracteres, em geral aspas que não fecham. Corrija a linha e "
                    "importe de novo."
                ),
                file=name,
                line=line,
                limit=MAX_CELL,
            ) from error
        chunk.fraction = 1.0
        yield chunk
