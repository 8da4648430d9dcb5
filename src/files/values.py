"""What one cell of text can be, and how it becomes a value.

A cell's *form* is what it looks like on its own: ``1.234`` may be a decimal or a thousand. Which it
is, only the whole column and the whole file tell (``inference.py``), or what was found out before
(``readings.py``).
"""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Any, Literal

Kind = Literal["integer", "number", "boolean", "category", "text", "datetime"]

Value = int | float | bool | str | dt.datetime | None
"""One cell, once its type is known."""

LARGEST_INTEGER = 2**63 - 1
"""What a column of integers can hold."""

MISSING = frozenset(
    (
        "",
        *("NA", "N/A", "n/a", "NaN", "nan", "NAN", "null", "NULL", "Null", "<NA>", "NaT"),
        *("#N/A", "#N/D", "#DIV/0!", "#VALOR!", "#VALUE!", "#REF!", "#NOME?", "#NAME?", "#NUM!"),
        "#NÚM!",
    )
)
"""Texts that always mean that there is no value."""

PLACEHOLDERS = frozenset(("?", "-", "--", "—", ".", "..", "...", "*"))
"""Texts that mean "no value" in a column of numbers, dates or booleans, and are text elsewhere."""

BOOLEANS = {
    "true": True,
    "false": False,
    "verdadeiro": True,
    "falso": False,
    "sim": True,
    "não": False,
    "nao": False,
}

NUMBER_FORMS = frozenset(
    ("int", "long", "dot", "comma", "dot3", "comma3", "dots", "commas", "br", "us", "float", "inf")
)

_SIGN = r"-?(?:R\$\s*-?\s*)?"
_FORM = re.compile(
    rf"""
      {_SIGN}(?:
          (?P<int>0|[1-9]\d{{0,14}})
        | (?P<dot3>[1-9]\d{{0,2}}\.\d{{3}})
        | (?P<comma3>[1-9]\d{{0,2}},\d{{3}})
        | (?P<dot>\d+\.\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)
        | (?P<comma>\d+,\d*(?:[eE][+-]?\d+)?|,\d+)
        | (?P<dots>[1-9]\d{{0,2}}(?:\.\d{{3}}){{2,}})
        | (?P<commas>[1-9]\d{{0,2}}(?:,\d{{3}}){{2,}})
        | (?P<br>[1-9]\d{{0,2}}(?:\.\d{{3}})+,\d+)
        | (?P<us>[1-9]\d{{0,2}}(?:,\d{{3}})+\.\d+)
        | (?P<long>[1-9]\d{{15,}})
        | (?P<inf>(?i:inf|infinity|infinito)|∞)
      )
    | (?P<bool>(?i:true|false|verdadeiro|falso|sim|n[ãa]o))
    | (?P<iso>\d{{4}}[-/]\d{{2}}[-/]\d{{2}}
        (?:[T\ ]\d{{2}}:\d{{2}}(?::\d{{2}}(?:[.,]\d{{1,9}})?)?\ ?(?:Z|[+-]\d{{2}}:?\d{{2}})?)?)
    | (?P<day>\d{{1,2}}(?:/\d{{1,2}}/(?:\d{{4}}|\d{{2}})|-\d{{1,2}}-\d{{4}}|\.\d{{1,2}}\.\d{{4}})
        (?:,?\ \d{{1,2}}:\d{{2}}(?::\d{{2}})?)?)
    """,
    re.VERBOSE,
)
_match = _FORM.fullmatch


def form(text: str) -> str:
    """Return what a text looks like: one of the groups above, ``missing``, ``soft`` or ``other``.

    Examples
    --------
    >>> form("1.234,56"), form("1.234"), form("0.5"), form("sim"), form("21/11/2026 14:03")
    ('br', 'dot3', 'dot', 'bool', 'day')
    """
    found = _match(text)
    if found is not None:
        return found.lastgroup or "other"
    tidy = text.strip()
    if tidy in MISSING:
        return "missing"
    if tidy in PLACEHOLDERS:
        return "soft"
    if len(tidy) != len(text):
        return form(tidy)
    return "other"


def typed_form(cell: object) -> str:
    """Return the form of a cell that is no text, where the format itself has types."""
    if cell is None:
        return "missing"
    if isinstance(cell, bool):
        return "bool"
    if isinstance(cell, int):
        return "int" if abs(cell) < 10**15 else "long"
    if isinstance(cell, float):
        return "missing" if math.isnan(cell) else "inf" if math.isinf(cell) else "float"
    return "moment"


def integer(cell: Any) -> int:
    """Return the whole number that a cell without marks is."""
    if not isinstance(cell, str):
        return int(cell)
    return int(cell.replace("R$", "").replace(" ", "").replace("\u00a0", ""))


def parse_number(text: str, decimal: str = ".") -> float:
    """Return the number that ``text`` is, given its decimal mark; the other groups thousands.

    Raises
    ------
    ValueError
        If it is none.

    Examples
    --------
    >>> parse_number("R$ 1.234,56", ",")
    1234.56
    """
    tidy = text.replace("R$", "").replace(" ", "").replace("\u00a0", "")
    if tidy.lower().lstrip("-") in ("infinito", "∞"):
        return -math.inf if tidy.startswith("-") else math.inf
    return float(tidy.replace("," if decimal == "." else ".", "").replace(decimal, "."))


def read_number(text: str) -> float:
    """Read a number on its own, as Brazilians or English speakers write it; NaN if it is none.

    ``1.234,56`` and ``1,234.56`` are the same number: of two different marks, the last one is the
    decimal mark. A mark that appears twice groups thousands; a lone comma or point is decimal.

    Examples
    --------
    >>> read_number("1.234,5"), read_number("15,5"), read_number("1.5e3")
    (1234.5, 15.5, 1500.0)
    """
    text = text.strip().replace("\u00a0", "").replace(" ", "").replace("−", "-")
    if "," in text:
        if "." in text:
            decimal = "," if text.rfind(",") > text.rfind(".") else "."
            text = text.replace("." if decimal == "," else ",", "")
        elif text.count(",") > 1:
            text = text.replace(",", "")
        text = text.replace(",", ".")
    elif text.count(".") > 1:
        text = text.replace(".", "")
    if "_" in text:  # Python reads 1_000; a table does not
        return math.nan
    try:
        return float(text)
    except ValueError:
        return math.nan


def parse_moment(text: str, *, day_first: bool = True) -> dt.datetime:
    """Return the moment that ``text`` is; a moment with a zone is turned into UTC.

    Raises
    ------
    ValueError
        If it is none, or not in the calendar (31/02/2026).

    Examples
    --------
    >>> parse_moment("21/11/2026 14:03")
    datetime.datetime(2026, 11, 21, 14, 3)
    """
    tidy = text.strip()
    if tidy[:4].isdigit():
        moment = dt.datetime.fromisoformat(_isoformat(tidy))
        if moment.tzinfo is not None:
            moment = moment.astimezone(dt.UTC).replace(tzinfo=None)
        return moment
    date, _, time = tidy.replace(",", "").partition(" ")
    first, second, year = (int(part) for part in re.split(r"[/.-]", date))
    if year < 100 and len(date.rsplit("/", 1)[-1]) == 2:
        year += 2000 if year < 70 else 1900  # as POSIX reads two digits, near enough
    day, month = (first, second) if day_first else (second, first)
    hour, minute, seconds = [*map(int, filter(None, time.strip().split(":"))), 0, 0, 0][:3]
    # Tables hold local moments, as their files do.
    return dt.datetime(year, month, day, hour, minute, seconds)  # noqa: DTZ001


def is_moment(text: str, *, day_first: bool = True) -> bool:
    """Whether a text of such a form is in the calendar."""
    try:
        parse_moment(text, day_first=day_first)
    except (ValueError, OverflowError):
        return False
    return True


def _isoformat(text: str) -> str:
    head, rest = text[:10].replace("/", "-"), text[10:].replace(" ", "T", 1).replace(" ", "")
    rest = rest.replace(",", ".")
    # fromisoformat takes at most six digits of a second
    return head + re.sub(r"(\.\d{6})\d+", r"\1", rest)
