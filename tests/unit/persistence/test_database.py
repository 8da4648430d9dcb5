"""The operational database: migrated, in UTC, and clear when it does not answer."""

from __future__ import annotations

import datetime as dt
import importlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from src import config, jobs, persistence
from src.errors import StorageError
from src.messages import Message
from src.persistence import engine


@pytest.mark.usefixtures("any_database")
def test_the_migrations_make_exactly_the_tables_that_the_code_declares() -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    for store in sorted((config.PROJECT_ROOT / "src").glob("*/store*")):
        importlib.import_module(f"src.{store.parent.name}.store")
    with persistence.get_engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, persistence.metadata) == []


@pytest.mark.usefixtures("any_database")
def test_moments_come_back_in_utc_whatever_zone_they_had() -> None:
    job = jobs.get(jobs.submit("a:b", {}, title=Message("x"), actor="ana"))
    assert job.created_at.utcoffset() == dt.timedelta(0)
    assert abs((persistence.utc_now() - job.created_at).total_seconds()) < 60


def test_the_values_of_a_statement_that_fails_are_not_in_its_error() -> None:
    insert = sa.text("INSERT INTO alert_states (rule, firing) VALUES (:rule, :firing)")
    with pytest.raises(sa.exc.IntegrityError) as failed, engine.transaction() as connection:
        connection.execute(insert, {"rule": "joao@example.org", "firing": None})
    assert "joao@example.org" not in str(failed.value)


def test_preparing_at_the_same_moment_from_many_places_is_safe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANCADA_DATA_DIR", str(tmp_path / "fresh"))
    config.get_settings.cache_clear()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: persistence.prepare(), range(4)))
    assert jobs.list_jobs() == []


def test_a_locked_database_is_reported_with_its_remedy(
    settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_wait_seconds", 30.0)
    persistence.wait_at_most(0.1)
    holder = sqlite3.connect(settings.data_dir / "bancada.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(StorageError, match="locked"):
            jobs.submit("a:b", {}, title=Message("x"), actor="ana")
    finally:
        holder.execute("ROLLBACK")
        holder.close()
        engine._engine.cache_clear()
    assert jobs.list_jobs() == []


def test_a_database_that_is_gone_is_reported_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BANCADA_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    config.get_settings.cache_clear()
    with pytest.raises(StorageError):
        jobs.submit("a:b", {}, title=Message("x"), actor="ana")
    with pytest.raises(StorageError):
        jobs.list_jobs()


def test_short_postgresql_addresses_name_the_driver_that_is_pinned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for prefix in ("postgres", "postgresql"):
        monkeypatch.setenv("BANCADA_DATABASE_URL", f"{prefix}://me@host/db")
        config.get_settings.cache_clear()
        url = sa.make_url(config.get_settings().resolved_database_url)
        assert (url.drivername, url.host) == ("postgresql+psycopg", "host")
