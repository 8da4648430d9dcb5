"""Who waits for whom: transactions that write, one after another or a few at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from src.persistence import get_engine
from src.persistence.engine import transaction
from src.review.store.tables import drafts

_one_at_a_time, _few_at_a_time = threading.Lock(), threading.BoundedSemaphore(4)


@contextmanager
def writing() -> Iterator[sa.Connection]:
    """Open a transaction that writes, with SQLite's write lock from its beginning.

    The threads of a process wait for each other here. SQLite itself only tries again after ever
    longer pauses, and one of twenty waits for most of a second; on PostgreSQL twenty at once would
    first open twenty connections, and then share one interpreter.
    """
    single = get_engine().dialect.name == "sqlite"
    with _one_at_a_time if single else _few_at_a_time, transaction() as connection:
        if single:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection


def write_first(connection: sa.Connection) -> None:
    """Take SQLite's write lock before reading; on PostgreSQL, wait for the others who write.

    The lock is the one that imports and erasures take: a conversation that was read here must not
    be erased before its item is written.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(
            sa.text("SELECT pg_advisory_xact_lock(hashtextextended('conversations', 0))")
        )
    else:
        connection.execute(drafts.delete().where(drafts.c.item_id == -1))
