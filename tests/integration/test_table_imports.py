"""Imports as jobs in worker processes, and their memory."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from src import datasets, files, jobs
from src.config import PROJECT_ROOT
from tests.integration.waiting import ended, wait_for


@pytest.fixture
def workers() -> Iterator[None]:
    jobs.ensure_workers("tests.integration.duties:ASKED_FOR")
    yield
    jobs.stop_workers()


def finished(job_id: str) -> jobs.Job:
    return wait_for(lambda: ended(job_id))


def big_csv(path: Path, rows: int) -> Path:
    random = np.random.default_rng(1)
    with path.open("w") as file:
        file.write("id," + ",".join(f"x{n}" for n in range(7)) + ",grupo,quando\n")
        for number in range(rows):
            values = ",".join(f"{value:.6f}" for value in random.normal(size=7))
            file.write(f"{number},{values},g{number % 9},2026-01-{1 + number % 28:02} 10:00:00\n")
    return path


@pytest.mark.usefixtures("workers")
def test_an_upload_becomes_a_table_in_a_worker_process(tmp_path: Path) -> None:
    path = big_csv(tmp_path / "x.csv", 5000)
    with path.open("rb") as file:
        stored = files.store_upload(file, "leituras.csv")
    job = finished(
        datasets.start_import(stored, "leituras", actor="Ana", source_name="leituras.csv")
    )
    assert job.state is jobs.JobState.SUCCEEDED, job.error
    assert job.result == {"name": "leituras"}
    assert job.progress.fraction == 1.0
    dataset = datasets.get("leituras")
    assert (dataset.rows, dataset.actor, dataset.source) == (5000, "Ana", "leituras.csv")
    assert not stored.exists()


@pytest.mark.usefixtures("workers")
def test_a_running_import_can_be_cancelled_and_leaves_no_table(tmp_path: Path) -> None:
    path = big_csv(tmp_path / "x.csv", 150_000)
    job_id = datasets.start_import(path, "x", actor="Ana", source_name="x.csv")
    wait_for(lambda: jobs.get(job_id).progress.done >= 35)  # it is being written
    jobs.cancel(job_id, actor="Rui")
    assert finished(job_id).state is jobs.JobState.CANCELLED
    assert datasets.list_datasets() == []


@pytest.mark.usefixtures("workers")
def test_a_failed_import_says_why(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n1,2,3\n")
    job = finished(datasets.start_import(path, "x", actor="", source_name="vendas.csv"))
    assert job.state is jobs.JobState.FAILED
    assert "vendas.csv: a linha 3 tem 3 colunas, o cabeçalho tem 2" in str(job.error)
    assert path.exists()


def test_an_import_repeated_after_a_crash_does_not_import_twice(tmp_path: Path) -> None:
    path = big_csv(tmp_path / "x.csv", 100)
    first = datasets.import_file(path, "x", import_id="job-1")
    path.unlink()
    assert datasets.import_file(path, "x", import_id="job-1") == first
    assert len(datasets.list_datasets()) == 1


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    small = _peak(big_csv(tmp_path / "small.csv", 1000))
    large = _peak(big_csv(tmp_path / "large.csv", 100_000))
    assert large - small < 150, (small, large)


def _peak(path: Path) -> float:
    """Return the peak memory of a process that imports a file, in MiB."""
    code = """
        import resource, sys
        from src import datasets
        datasets.import_file(sys.argv[1])
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    """
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), str(path)],
        cwd=PROJECT_ROOT,
        env=os.environ | {"PYTHONPATH": str(PROJECT_ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    return float(result.stdout.splitlines()[-1])
