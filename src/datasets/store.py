"""The SQLite file of the analyst's tables: written whole tables at a time, read as needed.

Next to the tables stands a catalogue, ``_bancada_tabelas``; a table and its row in the catalogue
come and go in one transaction, so whatever kills a writer leaves neither half.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Any

from filelock import FileLock, Timeout
from sqlite_utils import Database

from src.config import get_settings
from src.datasets.model import Column, Dataset
from src.errors import DatasetNotFound, StorageError
from src.files import Kind, Reading, name_key
from src.messages import N_, Message
from src.persistence import utc_now

CATALOGUE = "_bancada_tabelas"
HISTORY = "_bancada_historico"
LOCK_SECONDS = 30.0
"""How long a quick change waits for an import that is being written."""

MAX_COLUMNS = 2000
"""SQLite's own limit."""

_TYPES: dict[Kind, type] = {
    "integer": int,
    "number": float,
    "boolean": int,
    "category": str,
    "text": str,
    "datetime": str,
}


def quoted(name: str) -> str:
    """Return ``name`` as SQL quotes an identifier."""
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def reading() -> Iterator[sqlite3.Connection]:
    """Open the tables for reading; there are none when nothing was ever imported.

    Raises
    ------
    StorageError
        If the file cannot be read.
    """
    path = get_settings().tables_path
    with _reported():
        # Opening a file that is not there would make it.
        connection = sqlite3.connect(path if path.exists() else ":memory:", timeout=LOCK_SECONDS)
        with closing(connection):
            yield connection


@contextmanager
def writing(waiting: Callable[[], None] | None = None) -> Iterator[Database]:
    """Open the tables for one change, alone: committed at the end, undone on any error.

    Parameters
    ----------
    waiting : callable, optional
        Called every half second while another change is being written; what it raises ends the
        wait. Without it the wait ends after ``LOCK_SECONDS``.

    Raises
    ------
    StorageError
        If the disk is full, the file cannot be written, or another change takes too long.
    """
    settings = get_settings()
    lock = FileLock(settings.data_dir / "tabelas.lock")
    with _reported():
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with _acquired(lock, waiting), closing(Database(settings.tables_path)) as database:
            database.conn.execute(f"PRAGMA busy_timeout = {int(LOCK_SECONDS * 1000)}")
            database.conn.execute("PRAGMA cache_size = -65536")  # KiB; a profile sorts much
            database.enable_wal()
            _prepare(database)
            with database.atomic():
                yield database
            database.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _acquired(lock: FileLock, waiting: Callable[[], None] | None) -> AbstractContextManager[object]:
    while True:
        try:
            return lock.acquire(timeout=LOCK_SECONDS if waiting is None else 0.5)
        except Timeout as error:
            if waiting is None:
                raise StorageError(
                    N_("Uma importação está sendo gravada. Espere que ela termine e tente de novo.")
                ) from error
            waiting()


@contextmanager
def _reported() -> Iterator[None]:
    try:
        yield
    except (sqlite3.DatabaseError, OSError) as error:
        raise StorageError(
            N_(
                "As tabelas não puderam ser lidas ou gravadas ({reason}). Nada foi alterado. "
                "Confira se o disco tem espaço e tente de novo."
            ),
            reason=str(error),
        ) from error


def _prepare(database: Database) -> None:
    database.table(CATALOGUE).create(
        {
            "name": str,
            "name_key": str,
            "rows": int,
            "columns": str,
            "imported_at": str,
            "source": str,
            "actor": str,
            "fingerprint": str,
            "warnings": str,
            "damaged_columns": str,
            "profile": str,
            "import_id": str,
        },
        pk="name_key",
        if_not_exists=True,
    )
    database.table(HISTORY).create(
        {"at": str, "actor": str, "action": str, "name": str, "rows": int}, if_not_exists=True
    )


def insert_rows(
    database: Database, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]]
) -> None:
    """Create the table and fill it, inside the transaction of :func:`writing`."""
    table = database.table(name)
    table.create({column.name: _TYPES[column.kind] for column in columns})
    header = [column.name for column in columns]
    table.insert_all(itertools.chain([header], rows), batch_size=2000)


def add_to_catalogue(
    database: Database, dataset: Dataset, profile: dict[str, Any], import_id: str | None
) -> None:
    """Enter a filled table, inside the transaction of :func:`writing`."""
    database.table(CATALOGUE).insert(
        {
            "name": dataset.name,
            "name_key": name_key(dataset.name),
            "rows": dataset.rows,
            "columns": _json(
                [column.name, column.kind, column.reading and column.reading.to_dict()]
                for column in dataset.columns
            ),
            "imported_at": dataset.imported_at.isoformat(),
            "source": dataset.source,
            "actor": dataset.actor,
            "fingerprint": dataset.fingerprint,
            "warnings": _json(map(Message.to_dict, dataset.warnings)),
            "damaged_columns": _json(dataset.damaged_columns),
            "profile": json.dumps(profile, ensure_ascii=False),
            "import_id": import_id,
        }
    )
    _remember(database, dataset, "import", dataset.actor)


def _json(values: Iterable[Any]) -> str:
    return json.dumps(list(values), ensure_ascii=False)


def _remember(database: Database, dataset: Dataset, action: str, actor: str) -> None:
    database.table(HISTORY).insert(
        {
            "at": utc_now().isoformat(),
            "actor": actor,
            "action": action,
            "name": dataset.name,
            "rows": dataset.rows,
        }
    )


_FIELDS = "name, rows, columns, imported_at, source, actor, fingerprint, warnings, damaged_columns"


def list_datasets() -> list[Dataset]:
    """Return the imported tables, newest first."""
    return [_dataset(row) for row in _entries(_FIELDS, "ORDER BY imported_at DESC")]


def get(name: str) -> Dataset:
    """Return one table's entry; upper and lower case are the same.

    Raises
    ------
    DatasetNotFound
        If there is no such table.
    """
    return _dataset(_entry(name, _FIELDS))


def stored_profile(name: str) -> dict[str, Any]:
    """Return the profile that was computed at import."""
    return json.loads(_entry(name, "profile")[0])


def imported_by(import_id: str) -> str | None:
    """Return the name of the table that this import made, or None."""
    rows = _entries("name", "WHERE import_id = ?", import_id)
    return rows[0][0] if rows else None


def taken_keys() -> set[str]:
    """Return the keys of the names in use."""
    return {name_key(dataset.name) for dataset in list_datasets()}


def delete(name: str, *, actor: str) -> None:
    """Remove a table and its entry.

    Raises
    ------
    DatasetNotFound
        If there is no such table.
    """
    dataset = get(name)
    with writing() as database:
        remove(database, dataset, actor)


def remove(database: Database, dataset: Dataset, actor: str) -> None:
    """Remove a table and its entry, inside the transaction of :func:`writing`."""
    removed = database.conn.execute(
        f"DELETE FROM {CATALOGUE} WHERE name_key = ?",  # noqa: S608 - constants
        [name_key(dataset.name)],
    ).rowcount
    if removed:
        database.table(dataset.name).drop(ignore=True)
        _remember(database, dataset, "delete", actor)


def select(
    connection: sqlite3.Connection, dataset: Dataset, rows: int = -1, offset: int = 0
) -> Any:
    """Return a cursor over a table's rows in the order of the file."""
    columns = ", ".join(quoted(column.name) for column in dataset.columns)
    order = _row_id(dataset)
    return connection.execute(
        f"SELECT {columns} FROM {quoted(dataset.name)} "  # noqa: S608 - quoted names
        + (f"ORDER BY {order} " if order else "")
        + "LIMIT ? OFFSET ?",
        [rows, offset],
    )


def select_some(connection: sqlite3.Connection, dataset: Dataset, numbers: Sequence[int]) -> Any:
    """Return a cursor over the rows of these numbers, from 1 on."""
    columns = ", ".join(quoted(column.name) for column in dataset.columns)
    row_id = _row_id(dataset)
    where = f"WHERE {row_id} IN (SELECT value FROM json_each(?))" if row_id else "LIMIT ?"  # noqa: S608
    return connection.execute(
        f"SELECT {columns} FROM {quoted(dataset.name)} {where}",  # noqa: S608 - quoted names
        [json.dumps(list(numbers)) if row_id else len(numbers)],
    )


def _row_id(dataset: Dataset) -> str | None:
    used = {column.name.lower() for column in dataset.columns}
    return next((name for name in ("rowid", "_rowid_", "oid") if name not in used), None)


def _entries(fields: str, clause: str, *values: str) -> list[Any]:
    with reading() as connection:
        if not connection.execute(
            "SELECT 1 FROM sqlite_master WHERE name = ?", [CATALOGUE]
        ).fetchone():
            return []
        return connection.execute(
            f"SELECT {fields} FROM {CATALOGUE} {clause}",  # noqa: S608 - constants
            values,
        ).fetchall()


def _entry(name: str, fields: str) -> Any:
    rows = _entries(fields, "WHERE name_key = ?", name_key(name.strip()))
    if not rows:
        raise DatasetNotFound(
            N_("A tabela «{name}» não existe. Ela pode ter sido excluída; escolha outra."),
            name=name,
        )
    return rows[0]


def _dataset(row: Any) -> Dataset:
    name, rows, columns, imported_at, source, actor, fingerprint, warnings, damaged = row
    return Dataset(
        name=name,
        rows=rows,
        columns=tuple(_column(*column) for column in json.loads(columns)),
        imported_at=dt.datetime.fromisoformat(imported_at),
        source=source,
        actor=actor,
        fingerprint=fingerprint,
        warnings=tuple(Message.from_dict(message) for message in json.loads(warnings)),
        damaged_columns=tuple(json.loads(damaged)),
    )


def _column(name: str, kind: Kind, reading: dict[str, Any] | None = None) -> Column:
    # A catalogue of before readings were kept has two values a column.
    return Column(name, kind, None if reading is None else Reading.from_dict(reading))
