"""CSV and its relatives: delimiter, header, and rows that do not fit."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress

from src.errors import FileUnreadable
from src.files import values
from src.files.chunks import Chunk, Source, chunk_rows, ragged
from src.files.contents import Content
from src.files.text import MAX_CELL, Text, detect_encoding, open_text
from src.files.values import NUMBER_FORMS
from src.messages import N_, Message

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_ROWS = 200
_BYTES_PER_CHUNK = 8 * 2**20
_CHECK_EVERY = 200
_QUOTED = re.compile('(?:[^"]|"")*+"')

csv.field_size_limit(MAX_CELL)


def open_delimited(source: Content) -> Source:
    """Look at a text file's beginning and return how to read it as a table.

    Raises
    ------
    FileUnreadable
        If it has no rows.
    """
    encoding = detect_encoding(source)
    with open_text(source, encoding=encoding) as file:
        text = _sample(file)
    delimiter = detect_delimiter(text)
    sample = _parsed(text, delimiter)
    if not sample:
        raise FileUnreadable(
            N_("{file} está vazio. Envie um arquivo com linhas."), file=source.name
        )
    header, body = sample[0], sample[1:]
    notes: list[Message] = []
    has_header = not _is_data(header)
    if not has_header:
        body = sample
        header = ["" for _cell in header]
        template = N_(
            "A primeira linha do arquivo tem dados, não nomes de colunas; foi lida como dados."
        )
        notes.append(Message(template))
    header, short = _align(header, body)
    columns = tuple(header)
    first = header[0].strip()

    def chunks(skip_ragged: bool) -> Iterator[Chunk]:
        with open_text(source, encoding=encoding) as file:
            yield from _chunks(
                file, delimiter, columns, has_header=has_header, skip_ragged=skip_ragged
            )

    return Source(
        "TSV" if delimiter == "\t" else "CSV",
        source.name,
        columns,
        chunks,
        delimiter=delimiter,
        encoding=encoding,
        unnamed_first=has_header and (short or first in ("", "Unnamed: 0")),
        notes=tuple(notes),
    )


def _sample(file: Text) -> str:
    """Return the first lines, whole."""
    lines, size = [], 0
    for line in itertools.islice(file, SAMPLE_ROWS + 1):
        lines.append(line)
        size += len(line)
        if size > MAX_CELL:
            break
    return "".join(lines)


def _blank(row: Sequence[str]) -> bool:
    return not any(cell.strip() for cell in row)


def rows(file: Text, delimiter: str, *, strict: bool = False) -> Iterator[tuple[int, list[str]]]:
    """Yield each row of a text file that is not empty, with the line it begins on, from 1.

    Parameters
    ----------
    file : Text
        At a beginning of a line; lines are counted from there.
    delimiter : str
        One character.
    strict : bool
        Refuse quotes inside a cell that do not close where the cell ends.

    Raises
    ------
    FileUnreadable
        If quotes do not close, or a cell has more than ``MAX_CELL`` characters; with the line
        on which the quotes open.

    Examples
    --------
    >>> with open_text(b'a;b\n1;"x\ny"\n2;z\n') as text:
    ...     list(rows(text, ";"))
    [(1, ['a', 'b']), (2, ['1', 'x\ny']), (4, ['2', 'z'])]
    """
    # After a tab a space belongs to the cell; after a comma it is decoration.
    skip = delimiter != "\t" and not strict
    reader = csv.reader(file, delimiter=delimiter, skipinitialspace=skip, strict=strict)
    line = 1
    try:
        for row in reader:
            if row:
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise FileUnreadable(
            N_(
                "Não foi possível ler {file}: as aspas que abrem a partir da linha {line} não "
                "fecham como se espera, ou a célula tem mais de {limit} caracteres. Corrija a "
                "linha, ou dobre as aspas que são do texto, e envie o arquivo de novo."
            ),
            file=file.source.name,
            line=_opening_line(file, line, reader.line_num, delimiter),
            limit=MAX_CELL,
        ) from error


def _opening_line(file: Text, first: int, last: int, delimiter: str) -> int:
    """Return the line on which the last quotes of a row open, between two lines of a file."""
    with open_text(file.source, encoding=file.encoding) as again:
        lines = list(itertools.islice(again, first - 1, min(last, first + 1000)))
    text, at, opened = "".join(lines), 0, 0
    opening = re.compile(rf'(?:^|[{re.escape(delimiter)}\r\n])"')
    while (quote := opening.search(text, at)) is not None:
        opened = quote.end()
        closed = _QUOTED.match(text, opened)
        if closed is None:
            break
        at = closed.end()
    ends = itertools.accumulate(map(len, lines))
    return first + sum(end < opened for end in ends)


def _parsed(text: str, delimiter: str) -> list[list[str]]:
    """Return the rows of a text that ends anywhere, from the first that is not blank."""
    parsed: list[list[str]] = []
    lines = io.StringIO(text, newline="")
    with suppress(csv.Error):  # the full reading says on which line
        parsed.extend(csv.reader(lines, delimiter=delimiter, skipinitialspace=delimiter != "\t"))
    return list(itertools.dropwhile(_blank, filter(None, parsed)))


def detect_delimiter(text: str) -> str:
    """Return the character that splits the lines of ``text`` most evenly.

    Examples
    --------
    >>> detect_delimiter("nome;preço\\nlápis;1,50\\ncaneta;2,75\\n")
    ';'
    """
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        sample = _parsed(text, delimiter)
        if not sample:
            continue
        widths = Counter(len(row) for row in (sample[1:] or sample))
        width, count = widths.most_common(1)[0]
        if max(width, len(sample[0])) < 2:
            continue
        even = count / widths.total()
        fits = len(sample[0]) in (width, width - 1, width + 1)
        # A header that fits weighs more than many columns: `1,5;2,5` is even under a comma too.
        score = (even * (1.0 if len(sample[0]) == width else 0.9 if fits else 0.3), width)
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
    file: Text, delimiter: str, columns: tuple[str, ...], *, has_header: bool, skip_ragged: bool
) -> Iterator[Chunk]:
    width = len(columns)
    limit = chunk_rows(width)
    chunk, start = Chunk([], [], 0.0), 0
    beginning = True
    for line, row in rows(file, delimiter):
        if beginning:
            if _blank(row):
                continue
            beginning = False
            if has_header:
                continue
        if len(row) > width and _blank(row[width:]):
            row = row[:width]  # delimiters at the end of the line
        if len(row) != width:
            if not skip_ragged:
                raise ragged(file.source.name, line, len(row), width)
            chunk.skipped += 1
            chunk.first_skipped = chunk.first_skipped or line
            continue
        chunk.rows.append(row)
        chunk.lines.append(line)
        if len(chunk.rows) % _CHECK_EVERY and len(chunk.rows) < limit:
            continue
        at = file.raw.tell()
        if len(chunk.rows) >= limit or at - start > _BYTES_PER_CHUNK:
            chunk.fraction = file.fraction
            yield chunk
            chunk, start = Chunk([], [], 0.0), at
    chunk.fraction = 1.0
    yield chunk
