"""What is in a table: types, missing values, ranges, frequent values, and what to look out for.

Counted by SQLite itself, so a large table costs time but not memory; computed once, at import.
"""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from src.datasets import frames, leaks, store
from src.datasets.model import Column, Dataset
from src.errors import DatasetError
from src.files import Kind
from src.jsonable import Jsonable
from src.messages import N_, Message

TOP = 10
SHOWN_CHARACTERS = 80
MANY_CATEGORIES = 50
MOSTLY = 0.5
RARE_CLASS = 0.15
_ID_NAME = re.compile(
    r"(?:^|[_\W])(?:id|uuid|guid|codigo|código|cpf|cnpj|index|indice|índice)$", re.I
)
_INFINITE = "(9e999, -9e999)"


@dataclass(frozen=True)
class ColumnProfile(Jsonable):
    """One column in figures.

    Attributes
    ----------
    missing, distinct, infinite : int
        Cells without a value; different values; infinite values (numbers only).
    minimum, maximum, mean : int, float or None
        Over the finite values of a numeric column.
    first, last : datetime or None
        The range of a ``datetime`` column.
    top : tuple of (value, count)
        The most frequent values, most frequent first, if values repeat at all.
    """

    name: str
    kind: Kind
    missing: int
    distinct: int
    infinite: int = 0
    minimum: int | float | None = None
    maximum: int | float | None = None
    mean: float | None = None
    first: dt.datetime | None = None
    last: dt.datetime | None = None
    top: tuple[tuple[Any, int], ...] = ()
    warnings: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Profile:
    """A table in figures; ``warnings`` holds those of its columns, and the target's."""

    name: str
    rows: int
    columns: tuple[ColumnProfile, ...]
    warnings: tuple[Message, ...] = ()

    def column(self, name: str) -> ColumnProfile:
        """Return one column's figures."""
        return next(column for column in self.columns if column.name == name)

    @property
    def missing_share(self) -> float:
        """Share of cells without a value, 0 to 1."""
        cells = self.rows * len(self.columns)
        return sum(column.missing for column in self.columns) / cells if cells else 0.0


def profile(name: str, target: str | None = None) -> Profile:
    """Return a table in figures, with what to look out for.

    Parameters
    ----------
    name : str
        The table.
    target : str, optional
        The column to be predicted. With it, columns that predict it suspiciously well are named:
        a sign that their value is known only after the outcome.

    Raises
    ------
    DatasetNotFound
        If there is no such table.
    DatasetError
        If the table has no such column.
    """
    dataset = store.get(name)
    stored = store.stored_profile(name)
    columns = tuple(_from_json(facts, dataset) for facts in stored["columns"])
    warnings = [
        warning
        for column in columns
        if column.name not in dataset.damaged_columns  # the import's own warning names them all
        for warning in column.warnings
    ]
    if target is not None:
        _require(dataset, target)
        warnings = [*_target_warnings(dataset, target), *warnings]
    return Profile(dataset.name, dataset.rows, columns, tuple(warnings))


def class_balance(name: str, column: str, limit: int = 50) -> dict[Any, int]:
    """Return how many rows have each value of a column, most frequent first.

    Missing values are counted under None; at most ``limit`` values are returned.

    Raises
    ------
    DatasetNotFound, DatasetError
        If there is no such table or column.
    """
    dataset = store.get(name)
    kind = _require(dataset, column).kind
    with store.reading() as connection:
        rows = connection.execute(
            f"SELECT {store.quoted(column)}, COUNT(*) FROM {store.quoted(dataset.name)} "  # noqa: S608
            "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?",
            [limit],
        ).fetchall()
    return {_value(value, kind): count for value, count in rows}


@dataclass(frozen=True)
class Histogram:
    """How a numeric or datetime column is distributed.

    Attributes
    ----------
    edges : list
        Borders of the bins, one more than ``counts``: numbers, or moments.
    counts : list of int
        Values in each bin; the last bin includes its right border.
    """

    edges: list[Any]
    counts: list[int]


def histogram(name: str, column: str, bins: int = 30) -> Histogram | None:
    """Return the distribution of a numeric or datetime column; None where it has no finite value.

    Raises
    ------
    DatasetNotFound, DatasetError
        If there is no such table or column.
    """
    dataset = store.get(name)
    kind = _require(dataset, column).kind
    facts = profile(name).column(column)
    if kind == "datetime":
        if facts.first is None or facts.last is None:
            return None
        value = f"unixepoch({store.quoted(column)}) + 0.0"
        low, high = (day.replace(tzinfo=dt.UTC).timestamp() for day in (facts.first, facts.last))
    elif facts.minimum is None or facts.maximum is None:
        return None
    else:
        low, high = facts.minimum, facts.maximum
        value = store.quoted(column)
    if kind == "integer" and high - low < bins:
        bins = int(high - low) + 1
        low, high = low - 0.5, high + 0.5
    if high == low:
        low, high = low - 0.5, high + 0.5
    with store.reading() as connection:
        rows = connection.execute(
            f"SELECT MIN(?, CAST(({value} - ?) / ? AS INTEGER)) AS bin, COUNT(*) "  # noqa: S608
            f"FROM {store.quoted(dataset.name)} WHERE {store.quoted(column)} IS NOT NULL "
            f"AND {store.quoted(column)} NOT IN {_INFINITE} GROUP BY 1",
            [bins - 1, low, (high - low) / bins],
        ).fetchall()
    counts = dict(rows)
    edges: list[Any] = np.linspace(low, high, bins + 1).tolist()
    if kind == "datetime":
        edges = [dt.datetime.fromtimestamp(edge, dt.UTC).replace(tzinfo=None) for edge in edges]
    return Histogram(edges, [counts.get(number, 0) for number in range(bins)])


def _require(dataset: Dataset, column: str) -> Column:
    found = dataset.column(column)
    if found is None:
        raise DatasetError(
            N_("A tabela «{name}» não tem a coluna «{column}». Escolha uma das que ela tem."),
            name=dataset.name,
            column=column,
        )
    return found


def compute(
    connection: sqlite3.Connection, dataset: Dataset, report: Callable[[float], None]
) -> dict[str, Any]:
    """Count what :func:`profile` tells, as plain JSON values; ``report`` gets the share done."""
    columns = []
    for column in dataset.columns:
        columns.append(_count(connection, dataset.name, column))
        report(len(columns) / len(dataset.columns))
    return {"columns": columns}


def _count(connection: sqlite3.Connection, table: str, column: Column) -> dict[str, Any]:
    name, source = store.quoted(column.name), store.quoted(table)
    total, present, distinct = connection.execute(
        f"SELECT COUNT(*), COUNT({name}), COUNT(DISTINCT {name}) FROM {source}"  # noqa: S608
    ).fetchone()
    facts: dict[str, Any] = {
        "name": column.name,
        "kind": column.kind,
        "missing": total - present,
        "distinct": distinct,
    }
    if column.kind in ("integer", "number"):
        low, high, mean, finite = connection.execute(
            f"SELECT MIN({name}), MAX({name}), AVG({name}), COUNT(*) FROM {source} "  # noqa: S608
            f"WHERE {name} IS NOT NULL AND {name} NOT IN {_INFINITE}"
        ).fetchone()
        facts |= {"minimum": low, "maximum": high, "mean": mean, "infinite": present - finite}
    elif column.kind == "datetime":
        low, high = connection.execute(
            f"SELECT MIN({name}), MAX({name}) FROM {source}"  # noqa: S608
        ).fetchone()
        facts |= {"first": low, "last": high}
    elif column.kind == "text":
        facts["length"] = connection.execute(
            f"SELECT AVG(LENGTH({name})) FROM {source}"  # noqa: S608
        ).fetchone()[0]
    if distinct < present:
        facts["top"] = [
            (value[:SHOWN_CHARACTERS] if isinstance(value, str) else value, count)
            for value, count in connection.execute(
                f"SELECT {name}, COUNT(*) FROM {source} WHERE {name} IS NOT NULL "  # noqa: S608
                f"AND ({name} NOT IN {_INFINITE}) GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {TOP}"
            )
        ]
    return facts


def _from_json(facts: dict[str, Any], dataset: Dataset) -> ColumnProfile:
    top = tuple((_value(value, facts["kind"]), count) for value, count in facts.get("top", ()))
    warnings = tuple(_column_warnings(facts, dataset))
    return ColumnProfile.from_dict({**facts, "top": top, "warnings": warnings})


def _value(stored: Any, kind: Kind) -> Any:
    return bool(stored) if kind == "boolean" and stored is not None else stored


def _column_warnings(facts: dict[str, Any], dataset: Dataset) -> list[Message]:
    rows, name, kind = dataset.rows, facts["name"], facts["kind"]
    distinct, missing = facts["distinct"], facts["missing"]
    present = rows - missing
    warnings: list[Message] = []

    def warn(template: str, **params: int) -> None:
        warnings.append(Message(template, {"column": name, **params}))

    if name in dataset.damaged_columns:
        warn(
            N_(
                "{column} tem números estragados antes da importação e ficou como texto. "
                "Deixe-a fora do treino."
            )
        )
        return warnings
    if not present:
        warn(N_("{column} está vazia em todas as linhas."))
    elif distinct == 1:
        warn(N_("{column} tem sempre o mesmo valor; não ajuda a prever nada."))
    if present and missing / rows > MOSTLY:
        warn(N_("{column} está vazia em {missing} de {rows} linhas."), missing=missing, rows=rows)
    if _looks_like_id(facts, present):
        warn(
            N_(
                "{column} parece um identificador: um valor diferente em cada linha. Deixe-a "
                "fora do treino."
            )
        )
    elif kind in ("category", "text") and distinct > MANY_CATEGORIES:
        warn(
            N_(
                "{column} tem {distinct} textos diferentes. Se forem categorias, agrupe as "
                "raras antes de treinar."
            ),
            distinct=distinct,
        )
    if infinite := facts.get("infinite"):
        warn(
            N_(
                "{column} tem {count} valores infinitos, em geral uma divisão por zero na "
                "origem; as contas os deixam de fora."
            ),
            count=infinite,
        )
    return warnings


def _looks_like_id(facts: dict[str, Any], present: int) -> bool:
    if present < 20 or facts["distinct"] < present:
        return False
    if facts["kind"] == "text":
        return facts.get("length", 0) <= 40
    if facts["kind"] == "integer":
        span = facts["maximum"] - facts["minimum"] + 1
        return span <= 2 * present or bool(_ID_NAME.search(facts["name"]))
    return False


def _target_warnings(dataset: Dataset, target: str) -> list[Message]:
    frame = frames.sample(dataset.name, leaks.SAMPLE_ROWS)
    kinds = {column.name: column.kind for column in dataset.columns}
    found = leaks.warnings(frame, target, kinds, excluded=dataset.damaged_columns)
    if leaks.is_classification(frame[target], kinds[target]):
        counts = class_balance(dataset.name, target)
        counts.pop(None, None)
        total = sum(counts.values())
        rarest, count = min(counts.items(), key=lambda pair: pair[1], default=(None, 0))
        if len(counts) > 1 and count / total < min(RARE_CLASS, 0.5 / len(counts)):
            found.append(
                Message(
                    N_(
                        "{column} está desbalanceada: {value} aparece em {count} de {rows} linhas. "
                        "Compare os modelos por AUC ou F1, não só pela acurácia."
                    ),
                    {"column": target, "value": str(rarest), "count": count, "rows": total},
                )
            )
    return found
