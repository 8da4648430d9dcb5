"""Imports of conversations and refreshes of the queue as jobs in real worker processes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from src import config, conversations, jobs, review
from src.conversations import Imported
from src.conversations.importing import BATCH
from src.jobs import JobState
from src.persistence import get_engine
from src.review import Criteria, Refreshed
from src.review.store import selection
from tests.assistant_database import FIRST, SECOND, assistant_database, say
from tests.integration.waiting import ended, wait_for

on_postgres = pytest.mark.parametrize(
    "any_database", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
"""Where a job can be held between two batches, by the lock that it takes for each."""


@pytest.fixture
def workers(any_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("BANCADA_JOB_WORKERS", "1")
    jobs.ensure_workers("tests.integration.duties:ASKED_FOR")
    yield
    jobs.stop_workers()


def written(path: Path, count: int) -> Path:
    """Write a file of conversations of two messages."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            said = [
                {"role": "user", "content": f"Quanto custa o {number}?"},
                {"role": "assistant", "content": "R$ 10"},
            ]
            file.write(json.dumps({"id": f"c{number}", "messages": said}) + "\n")
    return path


def started(path: Path) -> str:
    mapping = conversations.inspect_file(path, name="loja.jsonl").mapping
    return conversations.start_import(path, mapping, actor="ana", source_name="loja.jsonl")


def imported(job_id: str) -> Imported:
    job = wait_for(lambda: ended(job_id))
    assert job.state is JobState.SUCCEEDED, job.error
    return Imported.from_dict(job.result)


def refreshed() -> Refreshed:
    job_id = review.start_refresh(actor="ana")
    job = wait_for(lambda: ended(job_id))
    assert job.state is JobState.SUCCEEDED, job.error
    return Refreshed(**job.result)


@contextmanager
def held_after_the_first_batch(start: Callable[[], str]) -> Iterator[str]:
    """Start a job that takes the conversations' lock for each batch; hold it before its second.

    PostgreSQL hands a lock over in the order of asking: this process has it, the job asks for it,
    this process asks again; so it comes back after one batch, however fast the job is.
    """
    url = get_engine().url.set(drivername="postgresql").render_as_string(hide_password=False)
    lock = "hashtextextended('conversations', 0)"
    take = f"SELECT pg_advisory_lock({lock})"
    waiting = (
        "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database"
        " WHERE locktype = 'advisory' AND NOT granted AND d.datname = current_database()"
    )
    with (
        psycopg.connect(url, autocommit=True) as first,
        psycopg.connect(url, autocommit=True) as again,
        ThreadPoolExecutor(1) as thread,
    ):

        def asking() -> int:
            row = first.execute(waiting).fetchone()
            return row[0] if row else 0

        first.execute(take)
        again.execute("SET lock_timeout = '60s'")
        job_id = start()
        wait_for(lambda: asking() == 1)
        mine = thread.submit(again.execute, take)
        wait_for(lambda: asking() == 2)
        first.execute(f"SELECT pg_advisory_unlock({lock})")
        mine.result()
        yield job_id


@pytest.mark.usefixtures("workers")
def test_a_file_is_imported_in_a_worker_process_and_removed(tmp_path: Path) -> None:
    path = written(tmp_path / "upload.jsonl", 450)
    job_id = started(path)
    done = imported(job_id)
    assert (done.conversations, done.turns, done.duplicates) == (450, 900, 0)
    job = jobs.get(job_id)
    assert (job.progress.fraction, job.actor) == (1.0, "ana")
    assert not path.exists()
    assert jobs.in_progress("conversations.import", "conversations.import_database") == []
    (newest, *_rest) = conversations.list_conversations().items
    assert newest.imported_by == "ana"


@pytest.mark.usefixtures("workers")
def test_a_file_that_cannot_be_read_says_why_and_is_kept(tmp_path: Path) -> None:
    path = written(tmp_path / "upload.jsonl", 3)
    mapping = conversations.inspect_file(path).mapping
    path.write_text(" ", encoding="utf-8")
    job_id = conversations.start_import(path, mapping, actor="ana", source_name="loja.jsonl")
    job = wait_for(lambda: ended(job_id))
    assert job.state is JobState.FAILED
    assert "loja.jsonl está vazio" in str(job.error)
    assert path.exists()


@on_postgres
def test_a_cancelled_import_leaves_whole_batches_and_imported_again_brings_the_rest(
    workers: None, tmp_path: Path
) -> None:
    path = written(tmp_path / "upload.jsonl", 3 * BATCH)
    with held_after_the_first_batch(lambda: started(path)) as job_id:
        jobs.cancel(job_id, actor="bia")
        assert wait_for(lambda: ended(job_id)).state is JobState.CANCELLED
    there = {it.summary.origin_id: len(it.turns) for it in conversations.every()}
    assert there == {f"c{number}": 2 for number in range(BATCH)}
    done = imported(started(path))
    assert (done.conversations, done.duplicates) == (2 * BATCH, BATCH)
    assert conversations.list_conversations().total == 3 * BATCH


@pytest.mark.postgres
def test_the_assistants_database_is_imported_and_later_only_what_is_new(
    any_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with assistant_database() as url:
        monkeypatch.setenv("BANCADA_CONVERSATIONS_URL", url)
        config.get_settings.cache_clear()
        monkeypatch.setenv("BANCADA_JOB_WORKERS", "1")
        jobs.ensure_workers("tests.integration.duties:ASKED_FOR")
        try:
            done = imported(conversations.start_database_import(actor="ana"))
            assert (done.conversations, done.turns) == (1, 2)
            with psycopg.connect(url) as made:
                made.execute("INSERT INTO conversations (id) VALUES (%s)", (SECOND,))
            say(url, SECOND, ("customer", "Oi", "2026-03-02 10:01Z"))
            say(url, FIRST, ("customer", "E o frete?", "2026-03-02 10:00Z"))
            done = imported(conversations.start_database_import(actor="ana"))
            assert (done.conversations, done.updated, done.turns) == (1, 1, 2)
            params = [str(job.params) for job in jobs.list_jobs()]
            assert not any(url in said for said in params)  # it may hold a password
        finally:
            jobs.stop_workers()


@on_postgres
def test_a_cancelled_import_from_the_database_begins_anew_without_doubling(
    any_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with assistant_database() as url:
        with psycopg.connect(url) as made:
            made.execute(
                "INSERT INTO conversations (id) SELECT gen_random_uuid() FROM"
                " generate_series(2, %s)",
                (2 * BATCH + 50,),
            )
            made.execute(
                "INSERT INTO messages SELECT gen_random_uuid(), id, 'Oi', 'customer', 's',"
                " '2026-03-01 10:00Z' FROM conversations WHERE id <> %s",
                (FIRST,),
            )
        monkeypatch.setenv("BANCADA_CONVERSATIONS_URL", url)
        config.get_settings.cache_clear()
        monkeypatch.setenv("BANCADA_JOB_WORKERS", "1")
        jobs.ensure_workers("tests.integration.duties:ASKED_FOR")
        try:
            with held_after_the_first_batch(
                lambda: conversations.start_database_import(actor="ana")
            ) as job_id:
                jobs.cancel(job_id, actor="bia")
                assert wait_for(lambda: ended(job_id)).state is JobState.CANCELLED
            assert conversations.list_conversations().total == BATCH
            done = imported(conversations.start_database_import(actor="ana"))
            assert (done.conversations, done.duplicates) == (BATCH + 50, BATCH)
        finally:
            jobs.stop_workers()


@pytest.mark.usefixtures("workers")
def test_the_queue_is_refreshed_in_a_worker_process(tmp_path: Path) -> None:
    path = written(tmp_path / "upload.jsonl", 30)
    conversations.import_file(path, conversations.inspect_file(path).mapping, actor="ana")
    review.set_criteria(Criteria(share=1.0), actor="ana")
    assert refreshed() == Refreshed(looked_at=30, added=30, changed=0, removed=0)
    assert review.queue_state().waiting == 30
    assert jobs.in_progress("review.refresh") == []


@on_postgres
def test_a_cancelled_refresh_keeps_what_it_chose_and_the_next_looks_at_everything(
    workers: None, tmp_path: Path
) -> None:
    count = 2 * selection.BATCH + 10
    path = written(tmp_path / "upload.jsonl", count)
    conversations.import_file(path, conversations.inspect_file(path).mapping, actor="ana")
    review.set_criteria(Criteria(share=1.0), actor="ana")
    with held_after_the_first_batch(lambda: review.start_refresh(actor="ana")) as job_id:
        jobs.cancel(job_id, actor="bia")
        assert wait_for(lambda: ended(job_id)).state is JobState.CANCELLED
    assert review.queue_state().waiting == selection.BATCH
    assert review.claim_next("rui") is not None  # what is in the queue can be read meanwhile
    done = refreshed()
    assert (done.looked_at, done.added) == (count, count - selection.BATCH)
    assert review.queue_state().total == count


def test_a_cancelled_import_that_waits_never_runs(tmp_path: Path) -> None:
    job_id = started(written(tmp_path / "upload.jsonl", 3))
    jobs.cancel(job_id, actor="bia")
    assert jobs.get(job_id).state is JobState.CANCELLED
    assert jobs.in_progress("conversations.import", "conversations.import_database") == []
