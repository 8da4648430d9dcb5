"""How a column's cells become values: decided once, kept with the table and with its models.

A file that comes later is read by what is kept, not by what its own cells look like: the same
``3.201`` is a decimal in one file and three thousand in another.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from src.files import values
from src.files.values import LARGEST_INTEGER, MISSING, NUMBER_FORMS, PLACEHOLDERS, Kind, Value
from src.jsonable import Jsonable, Words

if TYPE_CHECKING:
    import pandas as pd

_ATTRIBUTE = "bancada_readings"
_WHOLE = {
    ".": frozenset(("int", "long", "comma3", "commas")),
    ",": frozenset(("int", "long", "dot3", "dots")),
    None: frozenset(("int", "long")),
}
_NUMBER = {
    ".": NUMBER_FORMS - {"comma", "br", "dots"},
    ",": NUMBER_FORMS - {"dot", "us", "commas"},
    None: frozenset(("int", "long", "float", "inf")),
}
"""Forms that a number may have, by the column's decimal mark."""


@dataclass(frozen=True)
class Reading(Jsonable):
    """How one column is read.

    Attributes
    ----------
    kind : {"integer", "number", "boolean", "category", "text", "datetime"}
        What its values are.
    decimal : {".", ","} or None
        The decimal mark; the other one groups thousands. None where no number of the file told.
    day_first : bool
        Whether 03/04/2026 is in April.
    missing : frozenset of str
        Texts that mean that there is no value.
    true, false : frozenset of str
        Words for the two truths, in small letters.
    damaged : bool
        Whether its numbers were ruined before the import; they are kept as text.
    """

    kind: Kind
    decimal: str | None = None
    day_first: bool = True
    missing: Words = MISSING
    true: Words = frozenset()
    false: Words = frozenset()
    damaged: bool = False

    @classmethod
    def of(cls, kind: Kind, decimal: str | None = None, *, day_first: bool = True) -> Reading:
        """Return the reading of a kind, with the words that are known today."""
        texts = kind in ("category", "text")
        truths = values.BOOLEANS if kind == "boolean" else {}
        return cls(
            kind,
            decimal,
            day_first,
            MISSING if texts else MISSING | PLACEHOLDERS,
            frozenset(word for word, truth in truths.items() if truth),
            frozenset(word for word, truth in truths.items() if not truth),
        )

    def convert(self, cells: Sequence[Any]) -> list[Value]:
        """Return the cells as values of the column's kind, None where there is none.

        Raises
        ------
        ValueError, KeyError
            If a cell is none that the reading was made for; :meth:`convert_known` takes any.
        """
        if self.kind in ("integer", "number"):
            return self._numbers(cells)
        read = {"boolean": self._boolean, "datetime": self._moment}.get(self.kind, self._text)
        return list(map(read, cells))

    def convert_known(self, cells: Sequence[Any]) -> tuple[list[Any], bool]:
        """Return the cells as values where they fit, else as they are, and whether all fit."""
        fits = [self._fits(cell) for cell in cells]
        if all(fits):
            return list(self.convert(cells)), True
        pairs = zip(cells, fits, strict=True)
        return [self.convert([cell])[0] if fit else cell for cell, fit in pairs], False

    def _fits(self, cell: Any) -> bool:
        if self.kind in ("category", "text"):
            return True
        if isinstance(cell, str):
            if (word := cell.strip()) in self.missing:
                return True
            if self.kind == "boolean":
                return word.lower() in self.true or word.lower() in self.false
            form = values.form(cell)
        elif (form := values.typed_form(cell)) == "missing":
            return True
        if self.kind == "integer":
            return form in _WHOLE[self.decimal] and (
                form != "long" or abs(values.integer(cell)) <= LARGEST_INTEGER
            )
        if self.kind == "number":
            return form in _NUMBER[self.decimal]
        if self.kind == "datetime" and form in ("iso", "day"):
            return values.is_moment(cell, day_first=self.day_first)
        return form == {"boolean": "bool", "datetime": "moment"}[self.kind]

    def _numbers(self, cells: Sequence[Any]) -> list[Value]:
        missing = self.missing
        make: Any = int if self.kind == "integer" else float
        if self.kind == "integer" or self.decimal != ",":
            try:
                return [None if cell is None or cell in missing else make(cell) for cell in cells]
            except (ValueError, TypeError):
                pass  # thousands, currency: the careful way
        return [self._number(cell) for cell in cells]

    def _number(self, cell: Any) -> Value:
        decimal = self.decimal or "."
        if isinstance(cell, str):
            if cell.strip() in self.missing:
                return None
            if self.kind == "integer":
                return values.integer(cell.replace("," if decimal == "." else ".", ""))
            return values.parse_number(cell, decimal)
        if cell is None or (isinstance(cell, float) and math.isnan(cell)):
            return None
        return int(cell) if self.kind == "integer" else float(cell)

    def _boolean(self, cell: Any) -> Value:
        if not isinstance(cell, str):
            return cell
        word = cell.strip()
        if word in self.missing:
            return None
        truth = word.lower() in self.true
        if not truth and word.lower() not in self.false:
            raise ValueError(cell)
        return truth

    def _moment(self, cell: Any) -> Value:
        if not isinstance(cell, str):
            return cell
        if cell.strip() in self.missing:
            return None
        return values.parse_moment(cell, day_first=self.day_first)

    def _text(self, cell: Any) -> Value:
        if cell is None or (isinstance(cell, float) and math.isnan(cell)):
            return None
        if isinstance(cell, dt.datetime):
            return cell.isoformat(sep=" ")
        tidy = str(cell).strip().replace("\x00", "")
        return None if tidy in self.missing else tidy


def attach(frame: pd.DataFrame, readings: Mapping[str, Reading]) -> pd.DataFrame:
    """Let a frame carry how its columns were read, also into Parquet and back; return it."""
    kept = {name: reading.to_dict() for name, reading in readings.items()}
    # One text: pandas copies the attributes deeply with every step, and Parquet takes only JSON.
    frame.attrs[_ATTRIBUTE] = json.dumps(kept, ensure_ascii=False)
    return frame


def attached(frame: pd.DataFrame) -> dict[str, Reading]:
    """Return how a frame's columns were read, by name; nothing for a frame that was not."""
    kept = json.loads(frame.attrs.get(_ATTRIBUTE, "{}"))
    return {name: Reading.from_dict(reading) for name, reading in kept.items()}
