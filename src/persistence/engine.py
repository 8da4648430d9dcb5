"""The operational database: SQLite in WAL mode by default, PostgreSQL by URL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from filelock import FileLock

from src.config import get_settings
from src.errors import StorageError
from src.messages import N_

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
SQLITE_BUSY_MILLISECONDS = 30_000
KEPT_CONNECTIONS = 20
"""Open connections that are kept for the next who asks; opened as they are needed."""


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
    return _engine(get_settings().resolved_database_url)


@lru_cache(maxsize=8)
def _engine(url: str) -> sa.Engine:
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_pre_ping=True, pool_size=KEPT_CONNECTIONS)
    path = sa.make_url(url).database
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        url,
        connect_args={"timeout": SQLITE_BUSY_MILLISECONDS / 1000},
        pool_size=KEPT_CONNECTIONS,
    )

    @sa.event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        # WAL lets pages read while a job writes; NORMAL is durable against a killed process.
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")

    return engine


@contextmanager
def transaction() -> Iterator[sa.Connection]:
    """Open one transaction: committed at the end, rolled back on any error.

    Raises
    ------
    StorageError
        If the database cannot be reached, is locked, or has no room.
    """
    try:
        with get_engine().begin() as connection:
            yield connection
    except sa.exc.OperationalError as error:
        raise StorageError(
            N_(
                "O banco de dados não respondeu ({reason}). Nada foi gravado. Confira se o disco "
                "tem espaço e se o banco está no ar, e tente de novo."
            ),
            reason=str(error.orig),
        ) from error


def prepare() -> None:
    """Create or migrate the operational database to the newest schema.

    Safe to call from several processes at once; does nothing when the schema is current.
    """
    from alembic import command
    from alembic.config import Config

    settings = get_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with FileLock(settings.data_dir / "migrations.lock"):
        command.upgrade(config, "head")
