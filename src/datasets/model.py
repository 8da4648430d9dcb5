"""What a table is, and what is known about it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from src.messages import Message

Kind = Literal["integer", "number", "boolean", "category", "text", "datetime"]

Value = int | float | bool | str | dt.datetime | None
"""One cell, once its type is known."""


@dataclass(frozen=True)
class Column:
    """A column's name and what its values are.

    ``category`` is text that repeats (at most 200 different values); other text is ``text``.
    """

    name: str
    kind: Kind


@dataclass(frozen=True)
class Dataset:
    """One imported table, as the catalogue holds it.

    Attributes
    ----------
    source : str
        The file or the sample it came from.
    fingerprint : str
        SHA-256 (hex) over the schema and every row: equal content, equal fingerprint.
    warnings : tuple of Message
        What the import noticed and what it did about it.
    damaged_columns : tuple of str
        Columns whose numbers were ruined before the import; kept as text, useless for training.
    """

    name: str
    rows: int
    columns: tuple[Column, ...]
    imported_at: dt.datetime
    source: str
    actor: str
    fingerprint: str
    warnings: tuple[Message, ...] = ()
    damaged_columns: tuple[str, ...] = ()

    def column(self, name: str) -> Column | None:
        """Return the column of that name, or None."""
        return next((column for column in self.columns if column.name == name), None)
