"""A data set built as a job in real worker processes: watched, killed, cancelled."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from src import config, conversations, finetuning, jobs
from src.conversations import NewConversation, NewFeedback, NewTurn, Role
from src.errors import FinetuningError, TrainingSetNotFound
from src.finetuning import Recipe
from src.jobs import JobState
from tests.integration.waiting import ended, wait_for
from tests.unit.finetuning.talks import said

AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("BANCADA_JOB_WORKERS", "1")
    jobs.ensure_workers("tests.integration.duties:ASKED_FOR")
    yield
    jobs.stop_workers()


def fill(count: int) -> None:
    conversations.add(
        [
            NewConversation(
                origin_id=str(number),
                turns=tuple(
                    NewTurn(
                        (Role.CUSTOMER, Role.ASSISTANT)[turn % 2],
                        said(number, turn),
                        at=AT + dt.timedelta(minutes=number, seconds=turn),
                    )
                    for turn in range(4)
                ),
                customer={"id": f"k{number}"},
                status="resolved",
                feedback=(NewFeedback("rating", "customer", f"r{number}", stars=5),),
            )
            for number in range(count)
        ],
        "loja",
        actor="ana",
    )


def test_a_build_killed_in_the_middle_goes_on_and_publishes_once(workers: None) -> None:
    fill(400)
    job_id = finetuning.start_build("bia", Recipe(), actor="ana")
    assert [job.id for job in jobs.in_progress("finetuning.build")] == [job_id]
    prepared = config.get_settings().data_dir / "jobs" / job_id / "prepared.jsonl"
    wait_for(lambda: prepared.exists() and prepared.stat().st_size > 20_000)
    psutil.Process(int(jobs.get(job_id).worker.split(":")[1])).kill()  # type: ignore[union-attr]
    job = wait_for(lambda: ended(job_id))
    assert job.state is JobState.SUCCEEDED, job.error
    assert job.attempt == 2
    assert job.result == {"name": "bia", "version": 1}
    (found,) = finetuning.list_sets()
    assert sum(found.examples.values()) == 400
    assert (found.actor, found.job_id) == ("ana", job_id)
    assert finetuning.changed_files("bia", 1) == ()


def test_a_cancelled_build_leaves_nothing(workers: None) -> None:
    fill(400)
    job_id = finetuning.start_build("bia", Recipe(), actor="ana")
    wait_for(lambda: jobs.get(job_id).progress.done > 50)
    jobs.cancel(job_id, actor="bia")
    assert wait_for(lambda: ended(job_id)).state is JobState.CANCELLED
    assert finetuning.list_sets() == []
    workdir = config.get_settings().data_dir / "jobs" / job_id
    wait_for(lambda: not workdir.exists())


def test_a_build_that_leaves_nothing_says_which_filter_took_them(workers: None) -> None:
    fill(3)
    recipe = Recipe(filters=finetuning.Filters(channels=("telefone",)))
    job_id = finetuning.start_build("bia", recipe, actor="ana")
    job = wait_for(lambda: ended(job_id))
    assert job.state is JobState.FAILED
    assert "de outros canais (3)" in str(job.error)


def test_validation_runs_as_a_job_and_its_report_is_kept(workers: None, tmp_path: Path) -> None:
    path = tmp_path / "upload"
    chat = [{"role": "user", "content": "Oi"}, {"role": "assistant", "content": "Olá"}]
    path.write_text(json.dumps({"messages": chat}) + "\n{\n", encoding="utf-8")
    job_id = finetuning.start_file_validation(
        path, Recipe(), source_name="de_fora.jsonl", actor="ana"
    )
    assert wait_for(lambda: ended(job_id)).result == {"result": "error"}
    (offence,) = finetuning.validation(job_id).offences
    assert (offence.file, offence.line, offence.check) == ("de_fora.jsonl", 2, "format")
    assert not path.exists()


def test_what_cannot_be_built_or_validated_starts_nothing() -> None:
    with pytest.raises(FinetuningError):
        finetuning.start_build("../x", Recipe(), actor="ana")
    with pytest.raises(FinetuningError):
        finetuning.start_build("x", Recipe(per_topic=0), actor="ana")
    with pytest.raises(TrainingSetNotFound):
        finetuning.start_validation("x", 1, actor="ana")
    assert jobs.list_jobs() == []
