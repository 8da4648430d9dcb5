"""Jobs in real worker processes: they end, fail, are cancelled, crash and go on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from src import jobs
from src.config import PROJECT_ROOT, Settings
from src.jobs import JobState
from src.messages import Message
from tests.integration.waiting import ended, wait_for

DUTIES = "tests.integration.duties:TRIALS"


def submit(handler: str, **params: Any) -> str:
    return jobs.submit(f"trials.{handler}", params, title=Message("Teste"), actor="ana")


@pytest.fixture
def workers() -> Iterator[None]:
    jobs.ensure_workers(DUTIES)
    yield
    jobs.stop_workers()


def test_a_job_runs_in_another_process_and_returns_its_result(workers: None) -> None:
    job_id = submit("add", a=2, b=3)
    job = wait_for(lambda: ended(job_id))
    assert job.state is JobState.SUCCEEDED
    assert job.result["sum"] == 5
    assert job.result["pid"] != os.getpid()
    assert job.actor == "ana"


def test_one_worker_prepares_while_the_other_serves_what_needs_no_preparation(
    settings: Settings,
) -> None:
    jobs.ensure_workers("tests.integration.duties:SLOW")
    try:
        prepared = submit("where")
        unprepared = submit("add", a=1, b=1)
        plain = wait_for(lambda: ended(unprepared))
        assert jobs.get(prepared).state is JobState.QUEUED  # left to the one that prepares
        (settings.data_dir / "go on").touch()
        first = wait_for(lambda: ended(prepared))
        assert first.result["prepared"]
        assert first.result["pid"] != plain.result["pid"]
        # The prepared one is busy: the other takes its turn, unprepared, rather than wait.
        busy = submit("where", until_cancelled=True)
        wait_for(lambda: jobs.get(busy).state is JobState.RUNNING)
        second = submit("where")
        assert not wait_for(lambda: ended(second)).result["prepared"]
        jobs.cancel(busy, actor="ana")
    finally:
        jobs.stop_workers()


def test_a_failure_says_why(workers: None) -> None:
    clear, unexpected = submit("fail_clearly"), submit("fail_unexpectedly")
    job = wait_for(lambda: ended(clear))
    assert job.state is JobState.FAILED
    assert str(job.error) == "A coluna lux não existe."
    job = wait_for(lambda: ended(unexpected))
    assert job.state is JobState.FAILED
    assert "FileNotFoundError" in str(job.error)
    assert job.id[:8] in str(job.error)


def test_two_jobs_run_at_once_and_do_not_mix(workers: None, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    first, second = both = [
        submit("count_slowly", n=3, waits_at=1, gate=str(gate)) for _job in range(2)
    ]
    wait_for(lambda: all(jobs.get(job_id).state is JobState.RUNNING for job_id in both))
    assert jobs.get(first).worker != jobs.get(second).worker
    gate.touch()
    assert wait_for(lambda: ended(first)).state is JobState.SUCCEEDED
    assert wait_for(lambda: ended(second)).state is JobState.SUCCEEDED


def test_progress_is_seen_while_the_job_runs(workers: None, tmp_path: Path) -> None:
    job_id = submit("count_slowly", n=20, waits_at=5, gate=str(tmp_path / "never"))
    job = wait_for(lambda: (job := jobs.get(job_id)).progress.done >= 5 and job)
    assert job.progress.total == 20
    assert not job.state.is_final


def test_cancelling_stops_the_job_between_steps_and_keeps_what_is_done(workers: None) -> None:
    job_id = submit("count_slowly", n=1000)
    wait_for(lambda: jobs.get(job_id).progress.done >= 2)
    jobs.cancel(job_id, actor="bia")
    job = wait_for(lambda: ended(job_id))
    assert job.state is JobState.CANCELLED
    assert job.cancelled_by == "bia"


def test_cancelling_ends_even_a_handler_that_does_not_listen(workers: None) -> None:
    job_id = submit("ignore_cancellation")
    wait_for(lambda: jobs.get(job_id).state is JobState.RUNNING)
    jobs.cancel(job_id, actor="bia")
    assert wait_for(lambda: ended(job_id)).state is JobState.CANCELLED
    after = submit("add", a=1, b=1)
    assert wait_for(lambda: ended(after)).state is JobState.SUCCEEDED


def test_a_job_whose_process_crashed_goes_on_where_it_was(workers: None) -> None:
    job_id = submit("count_slowly", n=6, crash_at=3, seconds=0.01)
    job = wait_for(lambda: ended(job_id))
    assert job.state is JobState.SUCCEEDED
    assert job.result == {"started_at": 4, "attempt": 2}


def test_a_job_that_always_crashes_is_given_up_with_a_reason(workers: None) -> None:
    job_id = submit("always_crash")
    job = wait_for(lambda: ended(job_id))
    assert job.state is JobState.FAILED
    assert "3 vezes" in str(job.error)


def test_jobs_go_on_after_everything_was_killed(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    starter = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import time; from src import jobs; jobs.ensure_workers({DUTIES!r}); time.sleep(600)",
        ],
        cwd=PROJECT_ROOT,
    )
    job_id = submit("count_slowly", n=6, waits_at=3, gate=str(gate))
    wait_for(lambda: jobs.get(job_id).progress.done >= 3)
    family = [psutil.Process(starter.pid), *psutil.Process(starter.pid).children(recursive=True)]
    for process in family:
        process.send_signal(signal.SIGKILL)
    starter.wait()
    psutil.wait_procs(family, timeout=60)
    assert jobs.get(job_id).state is JobState.RUNNING  # nobody was left to say otherwise
    gate.touch()
    jobs.ensure_workers(DUTIES)
    try:
        job = wait_for(lambda: ended(job_id))
    finally:
        jobs.stop_workers()
    assert job.state is JobState.SUCCEEDED
    assert job.result["started_at"] >= 3


def test_workers_end_with_the_dashboard_that_started_them() -> None:
    starter = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import time; from src import jobs; jobs.ensure_workers({DUTIES!r}); time.sleep(600)",
        ],
        cwd=PROJECT_ROOT,
    )
    children = wait_for(
        lambda: len(found := psutil.Process(starter.pid).children(recursive=True)) >= 3 and found
    )
    starter.kill()
    starter.wait()
    _gone, alive = psutil.wait_procs(children, timeout=60)
    assert not alive
