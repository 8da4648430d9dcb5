"""A comparison as a job in real worker processes: watched, killed, resumed, cancelled."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from src import config, datasets, jobs, training
from src.errors import TrainingError
from src.jobs import JobState, store, worker
from src.training import store as training_store
from tests.integration.waiting import ended, wait_for
from tests.unit.training.tables import campaign, houses

pytestmark = pytest.mark.core


DESIGN = training.Design("bought", folds=2)


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("BANCADA_JOB_WORKERS", "1")
    jobs.ensure_workers("tests.integration.duties:ASKED_FOR")
    yield
    jobs.stop_workers()


@pytest.fixture
def table(tmp_path: Path) -> str:
    path = tmp_path / "campanha.csv"
    campaign(400).to_csv(path, index=False)
    return datasets.import_file(path, "campanha", actor="ana")


def test_a_comparison_killed_in_the_middle_goes_on_where_it_was(workers: None, table: str) -> None:
    comparison_id = training.start_comparison(table, DESIGN, actor="ana")
    wait_for(lambda: len(training.get_comparison(comparison_id).candidates) >= 3)
    kept = {entry.id: entry for entry in training.get_comparison(comparison_id).candidates}
    worker = psutil.Process(int(jobs.get(comparison_id).worker.split(":")[1]))
    for child in worker.children(recursive=True):
        child.kill()
    worker.kill()

    job = wait_for(lambda: ended(comparison_id))
    assert job.state is JobState.SUCCEEDED, job.error
    assert job.attempt == 2
    record = training.get_comparison(comparison_id)
    assert record.finished_at is not None
    # scikit-learn 1.9 refuses "qda" on collinear columns; nothing else may fail.
    assert set(record.failures) <= {"qda"}
    assert len(record.leaderboard) + len(record.failures) == 15
    after = {entry.id: entry for entry in record.candidates}
    for name, entry in kept.items():
        assert after[name].seconds == entry.seconds, "a finished candidate was run again"

    assert len(record.top_ids) == 5
    assert record.verdict is not None
    features = training.training_sample(comparison_id)
    assert "bought" not in features
    for candidate_id in record.top_ids:
        predicted = training.load_pipeline(comparison_id, candidate_id).predict(features)
        assert set(predicted) <= {"yes", "no"}
        found = training.diagnostics(comparison_id, candidate_id)
        assert found.n_holdout == 120
        assert found.labels == ["no", "yes"]
        assert np.sum(found.confusion) == 120
        assert found.roc[0]["auc"] == pytest.approx(found.holdout_metrics["AUC"])
        assert {entry["feature"] for entry in found.importance} == set(features.columns)
        assert found.importance[0]["mean"] > found.importance[-1]["mean"]
    with pytest.raises(TrainingError, match="dummy"):
        training.load_pipeline(comparison_id, "dummy")


def test_a_worker_killed_alone_leaves_nothing_running_and_its_comparison_goes_on(
    workers: None, table: str
) -> None:
    comparison_id = training.start_comparison(table, DESIGN, actor="ana")
    wait_for(lambda: len(training.get_comparison(comparison_id).candidates) >= 2)
    worker = psutil.Process(int(jobs.get(comparison_id).worker.split(":")[1]))
    children = worker.children(recursive=True)
    assert children
    worker.kill()
    assert psutil.wait_procs(children, timeout=60)[1] == []
    assert wait_for(lambda: ended(comparison_id)).state is JobState.SUCCEEDED
    assert len(training.get_comparison(comparison_id).top_ids) == 5
    # The worker says first that the job ended, and clears its folder after.
    wait_for(lambda: not (config.get_settings().data_dir / "jobs" / comparison_id).exists())


def test_restarts_of_the_dashboard_are_no_crashes(
    workers: None, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    comparison_id = training.start_comparison(table, DESIGN, actor="ana")
    for number in range(4):
        # After the first restart the same candidate is in flight again.
        some = min(2, number)
        wait_for(lambda some=some: len(training.get_comparison(comparison_id).candidates) >= some)
        wait_for(lambda: jobs.get(comparison_id).state is JobState.RUNNING)
        jobs.stop_workers()
        job = jobs.get(comparison_id)
        assert (job.state, job.attempt) == (JobState.QUEUED, 0)
        jobs.ensure_workers("tests.integration.duties:ASKED_FOR")
    job = wait_for(lambda: ended(comparison_id))
    assert (job.state, job.attempt) == (JobState.SUCCEEDED, 1)
    assert set(training.get_comparison(comparison_id).failures) <= {"qda"}


def run_here(comparison_id: str) -> jobs.Job:
    """Run the waiting comparison in this process, as a worker would."""
    job = store.claim(worker.worker_id())
    assert job and job.id == comparison_id
    worker.run(job, worker.worker_id())
    return jobs.get(comparison_id)


def test_a_comparison_that_ended_before_its_job_is_not_run_again(table: str) -> None:
    comparison_id = training.start_comparison(table, DESIGN, actor="ana")
    training_store.finish(comparison_id, top_ids=("lr",), verdict=None)
    finished_at = training.get_comparison(comparison_id).finished_at
    job = run_here(comparison_id)
    assert (job.state, job.result) == (JobState.SUCCEEDED, {"top_ids": ["lr"]})
    assert training.get_comparison(comparison_id).finished_at == finished_at


def test_a_table_replaced_in_the_meantime_is_not_trained_on(table: str, tmp_path: Path) -> None:
    comparison_id = training.start_comparison(table, DESIGN, actor="ana")
    datasets.delete(table, actor="ana")
    path = tmp_path / "other.csv"
    campaign(90).to_csv(path, index=False)
    datasets.import_file(path, table, actor="ana")
    job = run_here(comparison_id)
    assert job.state is JobState.FAILED
    assert "foi trocada" in str(job.error)


def test_a_full_disk_is_named(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    comparison_id = training.start_comparison(table, DESIGN, actor="ana")
    monkeypatch.setattr("src.training.workfiles.write", full)
    job = run_here(comparison_id)
    assert job.state is JobState.FAILED
    assert "disco está cheio" in str(job.error)
    assert not (config.get_settings().data_dir / "jobs" / comparison_id).exists()


def test_a_cancelled_comparison_keeps_what_it_had(workers: None, table: str) -> None:
    comparison_id = training.start_comparison(table, DESIGN, turbo=False, actor="ana")
    wait_for(lambda: training.get_comparison(comparison_id).candidates)
    jobs.cancel(comparison_id, actor="bia")
    job = wait_for(lambda: ended(comparison_id))
    assert job.state is JobState.CANCELLED
    record = training.get_comparison(comparison_id)
    assert record.candidates
    assert record.finished_at is None


def test_a_table_that_cannot_be_trained_on_starts_nothing(tmp_path: Path) -> None:
    path = tmp_path / "tres.csv"
    houses(3).to_csv(path, index=False)
    name = datasets.import_file(path, "tres", actor="ana")
    with pytest.raises(TrainingError, match="3 linhas"):
        training.start_comparison(name, training.Design("price"), actor="ana")
    assert training.list_comparisons() == []
    assert jobs.list_jobs(handler="training.compare") == []
