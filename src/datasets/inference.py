"""What a column is, from all its cells.

:class:`Evidence` is fed every cell of a column in chunks and keeps only counts; when the file is
through, :func:`decide` looks at all columns together, because a decimal comma in one tells how to
read ``1.234`` in another.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from src.datasets import values
from src.datasets.model import Kind, Value
from src.datasets.values import BOOLEANS, MISSING, NUMBER_FORMS, PLACEHOLDERS, NumberStyle
from src.messages import N_, Message

MAX_CATEGORIES = 200
NEARLY = 0.05
"""A share of odd cells below which a text column is reported as nearly one of numbers."""

EXACT_INTEGER = 2**53
"""Beyond it a float does not hold every integer."""

LARGEST_INTEGER = 2**63 - 1
"""What a column of integers can hold."""

_POINT = frozenset(("dot", "us", "commas"))
_COMMA = frozenset(("comma", "br"))
_MAX_KEPT = 200


@dataclass
class Evidence:
    """What the cells of one column looked like so far.

    Parameters
    ----------
    parse_text : bool
        Whether texts may be numbers, dates and booleans; False where the file itself says text.
    consecutive : bool
        Whether the cells so far are integers that grow by one; only followed if it starts as True.
    """

    parse_text: bool = True
    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, tuple[str, int]] = field(default_factory=dict)
    distinct: set[str] | None = field(default_factory=set)
    day_first: int = 0
    month_first: int = 0
    iso_valid: int = 0
    big: int = 0
    huge: int = 0
    consecutive: bool = False
    _previous: int | None = None

    def update(self, cells: Sequence[Any], lines: Sequence[int]) -> None:
        """Take in the next cells and the lines they stand on."""
        forms = [
            (values.form(cell) if self.parse_text else _literal(cell))
            if type(cell) is str
            else _typed(cell)
            for cell in cells
        ]
        found = Counter(forms)
        for form in found:
            if form not in self.examples:
                at = forms.index(form)
                self.examples[form] = (str(cells[at])[:40], lines[at])
        self.counts += found
        if found["iso"] or found["day"]:
            self._try_moments(cells, forms)
        if found["long"]:
            sizes = [
                abs(_integer(cell))
                for cell, form in zip(cells, forms, strict=True)
                if form == "long"
            ]
            self.big += sum(size > EXACT_INTEGER for size in sizes)
            self.huge += sum(size > LARGEST_INTEGER for size in sizes)
        if self.distinct is not None:
            self.distinct.update(
                cell if len(cell) <= _MAX_KEPT else f"{cell[:_MAX_KEPT]}{hash(cell)}"
                for cell, form in zip(cells, forms, strict=True)
                if type(cell) is str and form not in ("missing", "inf")
            )
            if len(self.distinct) > MAX_CATEGORIES:
                self.distinct = None
        if self.consecutive:
            self._follow(cells, found)

    def _try_moments(self, cells: Sequence[Any], forms: Sequence[str]) -> None:
        for cell, form in zip(cells, forms, strict=True):
            if form == "iso":
                self.iso_valid += _is_moment(cell)
            elif form == "day":
                self.day_first += _is_moment(cell)
                self.month_first += _is_moment(cell, day_first=False)

    def _follow(self, cells: Sequence[Any], found: Counter[str]) -> None:
        if found["int"] != len(cells):
            self.consecutive = False
            return
        numbers = [int(cell) for cell in cells]
        if self._previous is not None:
            numbers.insert(0, self._previous)
        self.consecutive = all(b - a == 1 for a, b in pairwise(numbers))
        self._previous = numbers[-1]

    @property
    def present(self) -> int:
        """Cells that hold something."""
        return self.counts.total() - self.counts["missing"]


def _literal(text: str) -> str:
    return "missing" if text == "" else "other"


def _typed(cell: object) -> str:
    if cell is None:
        return "missing"
    if isinstance(cell, bool):
        return "bool"
    if isinstance(cell, int):
        return "int" if abs(cell) < 10**15 else "long"
    if isinstance(cell, float):
        return "missing" if math.isnan(cell) else "inf" if math.isinf(cell) else "float"
    return "moment"


def _integer(cell: Any) -> int:
    return int(cell) if not isinstance(cell, str) else int(cell.replace("R$", "").replace(" ", ""))


def _is_moment(text: str, *, day_first: bool = True) -> bool:
    try:
        values.parse_moment(text, day_first=day_first)
    except (ValueError, OverflowError):
        return False
    return True


@dataclass(frozen=True)
class Reading:
    """How one column is read."""

    kind: Kind
    style: NumberStyle | None = None
    day_first: bool = True
    damaged: bool = False

    def convert(self, cells: Sequence[Any]) -> list[Value]:
        """Return the cells as values of the column's kind, None where there is none."""
        if self.kind in ("integer", "number"):
            return self._numbers(cells)
        if self.kind == "boolean":
            return [_boolean(cell) for cell in cells]
        if self.kind == "datetime":
            return [self._moment(cell) for cell in cells]
        return [_text(cell) for cell in cells]

    def _numbers(self, cells: Sequence[Any]) -> list[Value]:
        make: Any = int if self.kind == "integer" else float
        if self.style is None or self.style.decimal == ".":
            try:
                return [None if cell is None or cell in MISSING else make(cell) for cell in cells]
            except (ValueError, TypeError):
                pass  # thousands, currency, placeholders: the careful way
        return [self._number(cell) for cell in cells]

    def _number(self, cell: Any) -> Value:
        if isinstance(cell, str):
            if _is_missing(cell):
                return None
            style = self.style or NumberStyle()
            if self.kind == "integer":
                return _integer(cell.replace(style.thousands, "").replace("\u00a0", ""))
            return values.parse_number(cell, style)
        if cell is None or (isinstance(cell, float) and math.isnan(cell)):
            return None
        return int(cell) if self.kind == "integer" else float(cell)

    def _moment(self, cell: Any) -> Value:
        if isinstance(cell, str):
            if _is_missing(cell):
                return None
            return values.parse_moment(cell, day_first=self.day_first)
        return cell


def _is_missing(text: str) -> bool:
    tidy = text.strip()
    return tidy in MISSING or tidy in PLACEHOLDERS


def _boolean(cell: Any) -> Value:
    if isinstance(cell, str):
        return None if _is_missing(cell) else BOOLEANS[cell.strip().lower()]
    return cell


def _text(cell: Any) -> Value:
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return None
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    tidy = str(cell).strip().replace("\x00", "")
    return None if tidy in MISSING else tidy


def file_decimal(evidence: Iterable[Evidence]) -> str | None:
    """Return the decimal mark that the file's unambiguous numbers use; None if none or both do."""
    point = comma = False
    for column in evidence:
        if _is_numeric(column):
            point |= any(column.counts[form] for form in _POINT)
            comma |= any(column.counts[form] for form in _COMMA)
    if point == comma:
        return None
    return "." if point else ","


def decide(
    names: Sequence[str], evidence: Sequence[Evidence], *, delimiter: str | None = None
) -> tuple[list[Reading], list[Message]]:
    """Return how each column is to be read, and what a person should know about it."""
    decimal = file_decimal(evidence)
    readings, notes = [], []
    damaged: dict[str, Evidence] = {}
    for name, column in zip(names, evidence, strict=True):
        reading, note = _decide(name, column, decimal, delimiter)
        readings.append(reading)
        if reading.damaged:
            damaged[name] = column
        if note is not None:
            notes.append(note)
    if damaged:
        notes.insert(0, _damage(damaged))
    return readings, notes


def _is_numeric(column: Evidence) -> bool:
    counts = column.counts
    numbers = sum(counts[form] for form in NUMBER_FORMS)
    return numbers > counts["inf"] and numbers + counts["soft"] == column.present


def _decide(
    name: str, column: Evidence, decimal: str | None, delimiter: str | None
) -> tuple[Reading, Message | None]:
    counts, present = column.counts, column.present
    solid = present - counts["soft"]
    if solid <= 0:
        return Reading("category" if present else "text"), None
    if _is_numeric(column):
        return _decide_number(name, column, decimal, delimiter)
    if counts["bool"] == solid:
        return Reading("boolean"), _placeholders(name, column)
    moments = column.iso_valid + counts["moment"]
    if moments + column.day_first == solid:
        note = None
        if column.day_first and column.month_first == counts["day"]:
            note = Message(
                N_(
                    "As datas de {column} não dizem se o dia vem antes do mês; foram lidas como "
                    "dia/mês/ano."
                ),
                {"column": name},
            )
        return Reading("datetime"), note or _placeholders(name, column)
    if moments + column.month_first == solid:
        return Reading("datetime", day_first=False), _placeholders(name, column)
    return Reading(_text_kind(column)), _nearly(name, column)


def _text_kind(column: Evidence) -> Kind:
    if column.distinct is None:
        return "text"
    different = len(column.distinct)
    repeats = different * 2 <= column.present or (different <= 10 and different < column.present)
    return "category" if repeats else "text"


def _decide_number(
    name: str, column: Evidence, decimal: str | None, delimiter: str | None
) -> tuple[Reading, Message | None]:
    counts = column.counts
    point, comma = counts["dot"] + counts["us"], counts["comma"] + counts["br"]
    if column.huge or (column.big and (counts["missing"] or _has_fractions(counts))):
        return Reading("text"), None  # an identifier: a float would change its last digits
    if counts["dots"] and not comma and (point or counts["commas"] or decimal == "."):
        return Reading("text", damaged=True), None
    if counts["commas"] and not point and (comma or decimal == ","):
        return Reading("text", damaged=True), None
    if (point and comma) or (counts["dot3"] and counts["comma3"] and not (point or comma)):
        return Reading("text"), Message(
            N_(
                "{column} mistura vírgula e ponto como separador decimal ({first} e {second}); "
                "ficou como texto. Padronize a coluna na origem e importe de novo."
            ),
            {
                "column": name,
                "first": _example(column, "comma", "br", "comma3"),
                "second": _example(column, "dot", "us", "dot3"),
            },
        )
    style, sure = _style(column, decimal, delimiter)
    ambiguous = "dot3" if style.decimal == "." else "comma3"
    fractions = _has_fractions(counts) or bool(counts[ambiguous])
    reading = Reading("number" if fractions else "integer", style)
    if sure:
        return reading, _placeholders(name, column)
    return reading, Message(
        N_(
            "{column}: valores como {example} tanto podem ter decimais como milhares; foram lidos "
            "como {meaning}. Confira se é isso mesmo."
        ),
        {
            "column": name,
            "example": _example(column, "dot3", "comma3"),
            "meaning": Message(N_("decimais") if fractions else N_("milhares")),
        },
    )


def _has_fractions(counts: Counter[str]) -> bool:
    return any(counts[form] for form in ("dot", "us", "comma", "br", "float", "inf"))


def _style(
    column: Evidence, decimal: str | None, delimiter: str | None
) -> tuple[NumberStyle, bool]:
    """Return how the numbers are written, and whether that is certain."""
    counts = column.counts
    if counts["comma"] or counts["br"] or counts["dots"]:
        return NumberStyle(","), True
    if counts["dot"] or counts["us"] or counts["commas"]:
        return NumberStyle("."), True
    if not counts["dot3"] and not counts["comma3"]:
        return NumberStyle("."), True
    if decimal is not None:
        return NumberStyle(decimal), True
    if counts["dot3"]:
        # Between commas a decimal comma would need quotes: the point is the decimal mark.
        return NumberStyle("."), delimiter == ","
    return NumberStyle("." if delimiter == "," else ","), False


def _example(column: Evidence, *forms: str) -> str:
    return next((column.examples[form][0] for form in forms if form in column.examples), "")


def _placeholders(name: str, column: Evidence) -> Message | None:
    if not column.counts["soft"]:
        return None
    return Message(
        N_("{column}: {count} valores «{example}» foram lidos como vazios."),
        {"column": name, "count": column.counts["soft"], "example": _example(column, "soft")},
    )


def _nearly(name: str, column: Evidence) -> Message | None:
    """Say which few cells kept a column from being one of numbers or dates."""
    counts, present = column.counts, column.present
    numbers = sum(counts[form] for form in NUMBER_FORMS)
    moments = column.iso_valid + counts["moment"] + max(column.day_first, column.month_first)
    odd = present - max(numbers, moments)
    if odd > max(1, present * NEARLY) or present < 3 or odd == present:
        return None
    example, line = column.examples.get("other", ("", 0))
    params = {"column": name, "odd": odd, "present": present, "example": example, "line": line}
    if numbers >= moments:
        return Message(
            N_(
                "{column} seria numérica, mas {odd} de {present} valores não são números "
                "(o primeiro é «{example}», linha {line}); ficou como texto. Corrija esses valores "
                "e importe de novo."
            ),
            params,
        )
    return Message(
        N_(
            "{column} seria de datas, mas {odd} de {present} valores não são datas do calendário; "
            "ficou como texto. Corrija esses valores e importe de novo."
        ),
        {key: params[key] for key in ("column", "odd", "present")},
    )


def _damage(columns: dict[str, Evidence]) -> Message:
    first = next(iter(columns.values()))
    return Message(
        N_(
            "Números estragados antes da importação em {columns} ({count} valores ao todo). Causa "
            "provável: uma planilha com outra configuração regional (em geral a "
            "brasileira) abriu o arquivo e regravou decimais como milhares; «{example}» já foi um "
            "número com decimais, e onde ficava a vírgula não dá para saber. As colunas foram "
            "mantidas como texto, tal como estão no arquivo. Exporte de novo da origem ou deixe-as "
            "fora do treino."
        ),
        {
            "columns": ", ".join(columns),
            "count": sum(map(_dotted, columns.values())),
            "example": _example(first, "dots", "commas"),
        },
    )


def _dotted(column: Evidence) -> int:
    return column.counts["dots"] + column.counts["commas"]
