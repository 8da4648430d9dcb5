"""The operational database: migrated, in UTC, and clear when it does not answer."""

from __future__ import annotations

import datetime as dt
import importlib
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from src import config, house, jobs, persistence
from src.errors import StorageError
from src.messages import Message
from src.persistence import engine


def is_declared(name: str | None, _kind: str, _parents: object) -> bool:
    """Leave out the full-text search, which each kind of database has in its own way."""
    return not (name or "").startswith("conversation_search")


@pytest.mark.usefixtures("any_database")
def test_the_migrations_make_exactly_the_tables_that_the_code_declares() -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    for store in sorted((config.PROJECT_ROOT / "src").glob("*/store*")):
        importlib.import_module(f"src.{store.parent.name}.store")
    with persistence.get_engine().connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_declared}
        )
        assert compare_metadata(context, persistence.metadata) == []


@pytest.mark.usefixtures("any_database")
def test_jobs_of_the_version_before_are_known_by_their_names() -> None:
    from alembic import command
    from alembic.config import Config

    migration = importlib.import_module("src.persistence.migrations.versions.0011_job_names")
    names = set(migration.NAMES.values())
    assert names <= set(house.DUTIES.handlers)
    kept = {jobs.submit(name, {}, title=Message("x"), actor="ana"): name for name in names}
    alembic = Config()
    alembic.set_main_option("script_location", str(engine.MIGRATIONS))
    persistence.get_engine().dispose()
    command.downgrade(alembic, "0010")
    with engine.transaction() as connection:
        before = set(connection.execute(sa.text("SELECT handler FROM jobs")).scalars())
    assert len(before) == len(kept)
    assert "src.training.work:compare" in before
    assert not before & set(kept.values())
    command.upgrade(alembic, "head")
    assert {job.id: job.handler for job in jobs.list_jobs()} == kept


@pytest.mark.usefixtures("any_database")
def test_moments_come_back_in_utc_whatever_zone_they_had() -> None:
    job = jobs.get(jobs.submit("a.b", {}, title=Message("x"), actor="ana"))
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
            jobs.submit("a.b", {}, title=Message("x"), actor="ana")
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
        jobs.submit("a.b", {}, title=Message("x"), actor="ana")
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


def test_a_full_disk_is_reported_and_nothing_is_half_stored() -> None:
    with persistence.get_engine().connect() as connection:
        connection.exec_driver_sql("CREATE TABLE filler (text)")
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 4}")
    try:
        with pytest.raises(StorageError, match="full"), engine.transaction() as connection:
            for _ in range(50):
                connection.exec_driver_sql("INSERT INTO filler VALUES (randomblob(4000))")
        with engine.transaction() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM filler").scalar_one() == 0
    finally:
        engine._engine.cache_clear()


def test_a_damaged_file_is_reported_as_the_database_not_answering(
    settings: config.Settings,
) -> None:
    (settings.data_dir / "bancada.db").write_bytes(b"not a database at all " * 500)
    engine._engine.cache_clear()
    with pytest.raises(StorageError, match="not a database"):
        jobs.list_jobs()


@pytest.mark.parametrize("any_database", ["postgres"], indirect=True)
@pytest.mark.usefixtures("any_database")
def test_a_server_that_ends_the_connection_is_reported_and_the_next_use_connects_again() -> None:
    def end_others() -> None:
        with engine.transaction() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    with pytest.raises(StorageError), engine.transaction() as connection:
        connection.exec_driver_sql("SELECT 1")
        end_others()
        connection.exec_driver_sql("SELECT 1")
    with pytest.raises(StorageError), engine.transaction() as connection:
        connection.exec_driver_sql("CREATE TEMPORARY TABLE filler (text text)")
        end_others()  # noticed when it is committed
    assert jobs.list_jobs() == []


@pytest.mark.parametrize("any_database", ["postgres"], indirect=True)
@pytest.mark.usefixtures("any_database")
def test_a_server_that_only_reads_is_reported() -> None:
    with pytest.raises(StorageError, match="read-only"), engine.transaction() as connection:
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        connection.exec_driver_sql("DELETE FROM jobs")


@pytest.mark.usefixtures("any_database")
def test_a_mistake_in_a_statement_is_not_blamed_on_the_database() -> None:
    with pytest.raises(sa.exc.IntegrityError), engine.transaction() as connection:
        connection.exec_driver_sql("INSERT INTO collection_totals (id) VALUES (2)")


def test_what_was_answered_as_stored_survives_a_power_cut() -> None:
    with persistence.get_engine().connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2  # FULL
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"


@pytest.mark.parametrize(
    "any_database", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
def test_of_two_that_wait_for_each_other_the_one_that_was_ended_goes_again(
    any_database: str,
) -> None:
    lock, both_hold_one = sa.text("SELECT pg_advisory_xact_lock(:key)"), threading.Barrier(2)
    begun: list[tuple[int, int]] = []

    @engine.again_if_deadlocked
    def take(first: int, second: int) -> str:
        begun.append((first, second))
        with engine.transaction() as connection:
            connection.execute(lock, {"key": first})
            if begun.count((first, second)) == 1:
                both_hold_one.wait(60)
            connection.execute(lock, {"key": second})
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(take, (1, 2), (2, 1))) == ["done", "done"]
    assert len(begun) == 3
