"""Who of a process's reviewers waits for whom."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from src.persistence import get_engine
from src.persistence.engine import transaction

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
