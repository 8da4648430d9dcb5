"""The operational database: SQLite in WAL mode by default, PostgreSQL by URL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import sqlalchemy as sa
from filelock import FileLock

from src.config import get_settings
from src.errors import StorageError
from src.messages import N_

_P = ParamSpec("_P")
_R = TypeVar("_R")
metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Tables of all features; each feature's ``store.py`` adds its own."""

MIGRATIONS = Path(__file__).parent / "migrations"
SQLITE_CHECKPOINT_PAGES = 8_000
POOLED, OVERFLOW = 20, 30
"""Connections that are kept, and further ones at the busiest moment."""

DEADLOCK = "40P01"
"""PostgreSQL's code for the transaction that it ended so that others can go on."""

_wait_seconds = 30.0


class UtcDateTime(sa.types.TypeDecorator[dt.datetime]):
    """A moment: stored in UTC, read back with its zone, on SQLite as on PostgreSQL."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: dt.datetime | None, dialect: sa.Dialect
    ) -> dt.datetime | None:
        """Store UTC."""
        return None if value is None else value.astimezone(dt.UTC)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> dt.datetime | None:
        """SQLite drops the zone; put it back."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


def get_engine() -> sa.Engine:
    """Return the engine of the configured database, one per URL and process."""
    return _engine(get_settings().resolved_database_url, _wait_seconds)


def wait_at_most(seconds: float) -> None:
    """Let this process wait no longer for a database that is locked or out of reach.

    Call it before the first use of the database. Without it the wait is 30 seconds, as suits work
    that nobody is waiting for.

    Parameters
    ----------
    seconds : float
        At least 0.1.
    """
    global _wait_seconds
    _wait_seconds = seconds


@lru_cache(maxsize=8)
def _engine(url: str, wait: float) -> sa.Engine:
    # Without hiding them, the values of a statement that failed, which are what people did, would
    # be in its error's text and so in the log.
    pool = {
        "pool_size": POOLED,
        "max_overflow": OVERFLOW,
        "pool_timeout": wait,
        "hide_parameters": True,
    }
    if not url.startswith("sqlite"):
        return _postgres(url, wait, pool)
    path = sa.make_url(url).database
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, connect_args={"timeout": wait}, **pool)

    @sa.event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        # WAL lets pages read while a job writes. FULL, because what is answered as stored must be
        # there after a power cut: with NORMAL, WAL outlives a killed process but not the machine.
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        # Every so many pages the log goes into the file, which waits for the disk twice more: at
        # the default of 1,000 that is at every batch of an import.
        connection.execute(f"PRAGMA wal_autocheckpoint={SQLITE_CHECKPOINT_PAGES}")
        connection.execute("PRAGMA foreign_keys=ON")

    return engine


def _postgres(url: str, wait: float, pool: dict[str, Any]) -> sa.Engine:
    milliseconds = int(wait * 1000)
    # libpq counts whole seconds and takes 1 for 2; a peer that vanished is noticed by its silence.
    away = {"connect_timeout": max(2, round(wait)), "tcp_user_timeout": milliseconds}
    engine = sa.create_engine(url, pool_pre_ping=True, connect_args=away, **pool)

    @sa.event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.execute(f"SET lock_timeout = {milliseconds}")
        connection.commit()

    return engine


@contextmanager
def transaction() -> Iterator[sa.Connection]:
    """Open one transaction: committed at the end, rolled back on any error.

    Raises
    ------
    StorageError
        If the database cannot be reached, is locked, or has no room.
    """
    with _reported(), get_engine().begin() as connection:
        yield connection


@contextmanager
def _reported() -> Iterator[None]:
    try:
        yield
    except (sa.exc.DBAPIError, sa.exc.TimeoutError) as error:
        if not _is_fault(error):
            raise
        raise StorageError(
            N_(
                "O banco de dados não respondeu ({reason}). Nada foi gravado. Confira se o disco "
                "tem espaço e se o banco está no ar, e tente de novo."
            ),
            reason=str(getattr(error, "orig", None) or error).strip(),
        ) from error


def _is_fault(error: sa.exc.DBAPIError | sa.exc.TimeoutError) -> bool:
    """Whether the database is at fault (gone, locked, full, damaged), and not the statement."""
    if isinstance(error, sa.exc.TimeoutError):  # every connection of the pool is in use
        return True
    # SQLite says that a file is damaged, and psycopg that a server only reads, by classes above
    # or beside OperationalError; the driver's InterfaceError is a connection that was closed.
    return (
        isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError | sa.exc.InternalError)
        or type(error) is sa.exc.DatabaseError
        or error.connection_invalidated
    )


def again_if_deadlocked(do: Callable[_P, _R]) -> Callable[_P, _R]:
    """Call a function once more if PostgreSQL ended its transaction to break a deadlock.

    For functions whose one transaction is all they do: nothing of it was written.
    """

    @wraps(do)
    def done(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return do(*args, **kwargs)
        except StorageError as error:
            if getattr(getattr(error.__cause__, "orig", None), "sqlstate", None) != DEADLOCK:
                raise
        return do(*args, **kwargs)

    return done


def take_turn(connection: sa.Connection, name: str) -> None:
    """Let transactions of one kind write one after another, from here to their end.

    The first thing in a transaction: what is read after it is not changed by the others.

    Parameters
    ----------
    name : str
        The kind. On SQLite, where only one transaction at a time writes at all, it plays no part.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # the driver would begin at the first change
    else:
        connection.execute(
            sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name}
        )


def ping() -> str:
    """Ask the database for a sign of life and return its kind: ``sqlite`` or ``postgresql``.

    Raises
    ------
    StorageError
        If it does not answer.
    """
    with transaction() as connection:
        connection.execute(sa.select(1))
        return connection.dialect.name


def prepare() -> None:
    """Create or migrate the operational database to the newest schema.

    Safe to call from several processes at once; does nothing when the schema is current.

    Raises
    ------
    StorageError
        If the database cannot be reached, is locked, or has no room.
    """
    from alembic import command
    from alembic.config import Config

    settings = get_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with FileLock(settings.data_dir / "migrations.lock"), _reported():
        command.upgrade(config, "head")
