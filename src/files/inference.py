"""What a column is, from all its cells.

:class:`Evidence` is fed every cell of a column in chunks and keeps only counts; when the file is
through, :func:`decide` looks at all columns together, because a decimal comma in one tells how to
read ``1.234`` in another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from src.files import values
from src.files.readings import Reading
from src.files.values import LARGEST_INTEGER, NUMBER_FORMS, Kind
from src.messages import N_, Message

MAX_CATEGORIES = 200
NEARLY = 0.05
"""A share of odd cells below which a text column is reported as nearly one of numbers."""

EXACT_INTEGER = 2**53
"""Beyond it a float does not hold every integer."""

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
    _previous: Sequence[int] = ()

    def update(self, cells: Sequence[Any], lines: Sequence[int]) -> None:
        """Take in the next cells and the lines they stand on."""
        forms = [
            (values.form(cell) if self.parse_text else _literal(cell))
            if type(cell) is str
            else values.typed_form(cell)
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
                abs(values.integer(cell))
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
                self.iso_valid += values.is_moment(cell)
            elif form == "day":
                self.day_first += values.is_moment(cell)
                self.month_first += values.is_moment(cell, day_first=False)

    def _follow(self, cells: Sequence[Any], found: Counter[str]) -> None:
        if found["int"] != len(cells):
            self.consecutive = False
            return
        numbers = [*self._previous, *map(int, cells)]
        self.consecutive = all(b - a == 1 for a, b in pairwise(numbers))
        self._previous = numbers[-1:]

    @property
    def present(self) -> int:
        """Cells that hold something."""
        return self.counts.total() - self.counts["missing"]


def _literal(text: str) -> str:
    return "missing" if text == "" else "other"


def file_decimal(evidence: Iterable[Evidence]) -> str | None:
    """Return the decimal mark that the file's unambiguous numbers use; None if none or both do."""
    point = comma = False
    for column in evidence:
        if _is_numeric(column):
            point |= any(column.counts[form] for form in ("dot", "us", "commas"))
            comma |= any(column.counts[form] for form in ("comma", "br"))
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
        return Reading.of("category" if present else "text"), None
    if _is_numeric(column):
        return _decide_number(name, column, decimal, delimiter)
    if counts["bool"] == solid:
        return Reading.of("boolean"), _placeholders(name, column)
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
        return Reading.of("datetime"), note or _placeholders(name, column)
    if moments + column.month_first == solid:
        return Reading.of("datetime", day_first=False), _placeholders(name, column)
    return Reading.of(_text_kind(column)), _nearly(name, column)


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
        return Reading.of("text"), None  # an identifier: a float would change its last digits
    if (counts["dots"] and not comma and (point or counts["commas"] or decimal == ".")) or (
        counts["commas"] and not point and (comma or decimal == ",")
    ):
        return replace(Reading.of("text"), damaged=True), None
    if (point and comma) or (counts["dot3"] and counts["comma3"] and not (point or comma)):
        return Reading.of("text"), Message(
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
    mark, sure = _mark(column, decimal, delimiter)
    ambiguous = "comma3" if mark == "," else "dot3"
    fractions = _has_fractions(counts) or bool(counts[ambiguous])
    reading = Reading.of("number" if fractions else "integer", mark)
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


def _mark(column: Evidence, decimal: str | None, delimiter: str | None) -> tuple[str | None, bool]:
    """Return the column's decimal mark, and whether that is certain."""
    counts = column.counts
    if counts["comma"] or counts["br"] or counts["dots"]:
        return ",", True
    if counts["dot"] or counts["us"] or counts["commas"]:
        return ".", True
    if decimal is not None or not (counts["dot3"] or counts["comma3"]):
        return decimal, True
    if counts["dot3"]:
        # Between commas a decimal comma would need quotes: the point is the decimal mark.
        return ".", delimiter == ","
    return "." if delimiter == "," else ",", False


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
    damaged = ("dots", "commas")
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
            "count": sum(column.counts[form] for column in columns.values() for form in damaged),
            "example": _example(next(iter(columns.values())), *damaged),
        },
    )
