"""What a table is, and what is known about it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from src.files import Kind, Reading
from src.messages import Message


@dataclass(frozen=True)
class Column:
    """A column's name, what its values are, and how they were read.

    ``category`` is text that repeats (at most 200 different values); other text is ``text``. Tables
    of before readings were kept have none.
    """

    name: str
    kind: Kind
    reading: Reading | None = None


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
