"""Who may move a job from state to state."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path

import pytest

from src import jobs
from src.errors import JobError, JobLost, JobNotFound
from src.jobs import JobState, Progress, store
from src.messages import Message
from src.persistence import utc_now
from src.persistence.engine import transaction

pytestmark = pytest.mark.usefixtures("any_database")


def submit() -> str:
    return jobs.submit("room.work", {"n": 1}, title=Message("Teste {n}", {"n": 1}), actor="ana")


def test_a_submitted_job_waits_with_all_it_was_given() -> None:
    job = jobs.get(submit())
    assert job.state is JobState.QUEUED
    assert (job.handler, job.params, job.actor) == ("room.work", {"n": 1}, "ana")
    assert str(job.title) == "Teste 1"
    assert job.created_at.tzinfo is not None


@pytest.mark.parametrize("handler", ["", "room", "room.", "room:work", "a b.c", "src.room:run"])
def test_a_job_is_asked_for_by_its_name(handler: str) -> None:
    with pytest.raises(JobError):
        jobs.submit(handler, {}, title=Message("x"), actor="ana")


def test_an_unknown_job_is_said_to_be_unknown() -> None:
    with pytest.raises(JobNotFound):
        jobs.get("0" * 32)


def test_the_oldest_job_is_claimed_first_and_only_once() -> None:
    first, second = submit(), submit()
    claimed = [store.claim("a:1:1"), store.claim("b:2:2"), store.claim("c:3:3")]
    assert [job and job.id for job in claimed] == [first, second, None]


def test_an_unprepared_worker_leaves_a_job_to_others_for_a_while() -> None:
    first, other = submit(), jobs.submit("room.workshop", {}, title=Message("x"), actor="ana")
    claimed = store.claim("a:1:1", leaving=["room.work"], for_seconds=60)
    assert claimed and claimed.id == other
    assert store.claim("a:1:1", leaving=["room.work"], for_seconds=60) is None
    claimed = store.claim("a:1:1", leaving=["room.work"], for_seconds=0)
    assert claimed and claimed.id == first


def test_many_workers_at_once_never_claim_the_same_job() -> None:
    submitted = {submit() for _ in range(20)}
    claimed: list[str] = []
    lock = threading.Lock()

    def work(number: int) -> None:
        while (job := store.claim(f"host:{number}:0")) is not None:
            with lock:
                claimed.append(job.id)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == sorted(submitted)


def test_what_waits_or_runs_is_in_progress() -> None:
    names = ("room.judge", "room.refresh", "other.judge", "room.judge")
    ids = [jobs.submit(name, {}, title=Message("x"), actor="ana") for name in names]
    assert store.claim("a:1:1")
    jobs.cancel(ids[3], actor="ana")
    found = jobs.in_progress("room.judge", "room.refresh")
    assert [job.id for job in found] == ids[:2]
    assert [job.id for job in jobs.in_progress()] == ids[:3]


@pytest.mark.parametrize(
    "damage",
    [
        {"progress": {"done": 3.5, "total": "x"}},
        {"progress": []},
        {"error": {"no": "template"}, "result": ["no", "dict"]},
    ],
)
def test_a_damaged_row_holds_up_no_other_job(damage: dict[str, object]) -> None:
    damaged, sound = submit(), submit()
    with transaction() as connection:
        connection.execute(store.table.update().where(store.table.c.id == damaged).values(**damage))
    assert {job.id for job in jobs.list_jobs()} == {damaged, sound}
    assert jobs.get(damaged).progress == Progress() and jobs.get(damaged).error is None
    taken = [store.claim("host:1:0"), store.claim("host:1:0")]
    assert [job and job.id for job in taken] == [damaged, sound]


def test_a_waiting_job_is_cancelled_at_once() -> None:
    job_id = submit()
    jobs.cancel(job_id, actor="bia")
    job = jobs.get(job_id)
    assert (job.state, job.cancelled_by) == (JobState.CANCELLED, "bia")
    assert store.claim("a:1:1") is None


def test_a_finished_job_cannot_be_cancelled_or_finished_again() -> None:
    job_id = submit()
    store.claim("a:1:1")
    store.finish(job_id, "a:1:1", JobState.SUCCEEDED, result={"x": 1})
    jobs.cancel(job_id, actor="bia")
    store.finish(job_id, "a:1:1", JobState.FAILED)
    job = jobs.get(job_id)
    assert (job.state, job.result, job.cancelled_by) == (JobState.SUCCEEDED, {"x": 1}, None)


def test_a_worker_that_lost_its_job_can_no_longer_change_it() -> None:
    job_id = submit()
    store.claim("dead:1:1")
    assert store.release_orphans(lambda worker: True) == [job_id]
    store.claim("new:2:2")
    store.report(job_id, "dead:1:1", Progress(9, 9))
    store.finish(job_id, "dead:1:1", JobState.FAILED)
    job = jobs.get(job_id)
    assert (job.state, job.worker, job.progress.done) == (JobState.RUNNING, "new:2:2", 0)


def test_a_silent_worker_on_another_machine_loses_its_job_after_a_while() -> None:
    job_id = submit()
    store.claim("elsewhere:1:1")
    assert store.release_orphans(lambda worker: None) == []
    later = utc_now() + dt.timedelta(seconds=store.HEARTBEAT_TIMEOUT_SECONDS + 1)
    assert store.release_orphans(lambda worker: False, now=later) == []  # silent, but seen alive
    assert store.release_orphans(lambda worker: None, now=later) == [job_id]


def test_a_worker_that_ends_in_order_puts_its_jobs_back_as_if_not_started() -> None:
    for _start in range(store.MAX_ATTEMPTS + 2):
        job_id = jobs.list_jobs()[0].id if jobs.list_jobs() else submit()
        claimed = store.claim("a:1:1")
        assert claimed and (claimed.id, claimed.attempt) == (job_id, 1)
        assert store.put_back("b:2:2") == []
        assert store.put_back("a:1:1") == [job_id]
    store.claim("a:1:1")
    jobs.cancel(job_id, actor="bia")
    assert store.put_back("a:1:1") == []
    assert jobs.get(job_id).state is JobState.CANCELLED


def test_a_worker_hears_that_its_job_is_another_ones_now() -> None:
    job_id = submit()
    store.claim("a:1:1")
    assert store.heartbeat(job_id, "a:1:1") is None
    jobs.cancel(job_id, actor="bia")
    assert store.heartbeat(job_id, "a:1:1") == "bia"
    with pytest.raises(JobLost):
        store.heartbeat(job_id, "b:2:2")
    store.finish(job_id, "a:1:1", JobState.CANCELLED)
    with pytest.raises(JobLost):
        store.heartbeat(job_id, "a:1:1")


def test_an_orphan_that_was_being_cancelled_is_cancelled() -> None:
    job_id = submit()
    store.claim("dead:1:1")
    jobs.cancel(job_id, actor="bia")
    store.release_orphans(lambda worker: True)
    assert jobs.get(job_id).state is JobState.CANCELLED


def test_jobs_are_listed_newest_first_and_narrowed() -> None:
    first, second = submit(), submit()
    store.claim("a:1:1")
    assert [job.id for job in jobs.list_jobs()] == [second, first]
    assert [job.id for job in jobs.list_jobs(states=(JobState.RUNNING,))] == [first]
    assert jobs.list_jobs(handler="other:run") == []


def test_expected_time_follows_the_pace_or_the_handlers_own_estimate() -> None:
    job_id = submit()
    store.claim("a:1:1")
    now = jobs.get(job_id).started_at + dt.timedelta(seconds=10)
    assert jobs.get(job_id).remaining_seconds(now) is None
    store.report(job_id, "a:1:1", Progress(2, 10))
    assert jobs.get(job_id).remaining_seconds(now) == pytest.approx(40)
    store.report(job_id, "a:1:1", Progress(2, 10, remaining_seconds=7.0))
    assert jobs.get(job_id).remaining_seconds(now) == 7.0


def test_a_share_is_told_in_parts_of_one_whole(tmp_path: Path) -> None:
    told: list[Progress] = []
    context = jobs.JobContext("0" * 32, tmp_path, "ana", 1, told.append)
    context.share(0.4567)
    assert told == [Progress(457, jobs.SHARE)]
