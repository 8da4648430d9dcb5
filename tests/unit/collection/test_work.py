"""Files of events as jobs: what they leave behind, also when something goes wrong."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
import structlog

from src import collection, jobs
from src.collection import work
from src.config import Settings
from src.errors import BancadaError, CollectionError, JobCancelled
from tests.unit.collection.events import event


def context(job_id: str = "a" * 32) -> jobs.JobContext:
    return jobs.JobContext(job_id, Path("unused"), "Ana", 1, _report=lambda _progress: None)


def params(**changes: Any) -> dict[str, Any]:
    return {"form": "ndjson", "since": None, "until": None, "kinds": [], **changes}


def test_an_import_counts_what_became_of_the_events_and_removes_the_file(tmp_path: Path) -> None:
    collection.record(event(1))
    path = tmp_path / "upload.json"
    events = [event(1), event(2), event(3, match_score=2)]
    path.write_text(json.dumps({"interactions": events, "metadata": {}}), "utf-8")
    assert work.import_upload({"path": str(path), "name": "meus.json"}, context()) == {
        "accepted": 1,
        "duplicates": 1,
        "rejected": 1,
        "reasons": {"match_score: less_than_equal": 1},
    }
    assert not path.exists()


def test_a_file_that_could_not_be_read_stays_for_another_try(tmp_path: Path) -> None:
    path = tmp_path / "upload.json"
    path.write_text("{", "utf-8")
    with pytest.raises(CollectionError, match=r"^meus\.json não pôde ser lido"):
        work.import_upload({"path": str(path), "name": "meus.json"}, context())
    assert path.exists()


def test_an_export_holds_the_chosen_types_and_span() -> None:
    collection.record_many(
        [
            event(1, timestamp="2024-11-10T12:00:00Z"),
            event(2, timestamp="2024-11-11T12:00:00Z"),
            event(3, timestamp="2024-11-11T12:00:00Z", interaction_type="impression"),
        ]
    )
    made = work.export(params(since="2024-11-11T00:00:00+00:00", kinds=["click"]), context())
    lines = Path(made["path"]).read_text("utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["int_000002"]
    assert made["bytes"] == Path(made["path"]).stat().st_size


def test_a_cancelled_export_leaves_no_file(settings: Settings) -> None:
    collection.record(event(1))
    stopped = context()
    stopped._cancelled.set()
    with pytest.raises(JobCancelled):
        work.export(params(), stopped)
    assert list((settings.data_dir / "exports").glob("*")) == []


def test_exports_are_removed_after_a_day(settings: Settings) -> None:
    old = Path(work.export(params(), context("b" * 32))["path"])
    past = time.time() - work.KEEP_SECONDS - 1
    os.utime(old, (past, past))
    work.export(params(), context("c" * 32))
    assert collection.remove_old_exports() >= 60
    assert [path.stem for path in old.parent.iterdir()] == ["c" * 32]


def test_a_folder_that_cannot_be_made_is_said(settings: Settings) -> None:
    (settings.data_dir / "exports").write_text("in the way", "utf-8")
    with pytest.raises(BancadaError, match="não pôde ser gravado"):
        work.export(params(), context())


def test_what_is_queued_is_in_progress() -> None:
    exporting = collection.start_export("csv", actor="Ana")
    importing = collection.start_import("x.json", source_name="x.json", actor="Ana")
    under_way = jobs.in_progress("collection.import", "collection.export")
    assert [job.id for job in under_way] == [exporting, importing]


def test_who_erases_a_session_is_logged_and_whose_it_was_is_not() -> None:
    collection.record(event(1))
    session = event(1)["session_id"]
    assert collection.count_session(session) == 1
    with structlog.testing.capture_logs() as said:
        assert collection.erase_session(session, actor="Ana") == 1
    assert collection.count_session(session) == 0
    (entry,) = [entry for entry in said if entry["event"] == "session_erased"]
    assert (entry["actor"], entry["events"]) == ("Ana", 1)
    assert session not in str(said)
