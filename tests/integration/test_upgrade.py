"""A house that version 0.1.0 filled opens in this one: databases, models, files and queued jobs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from src import config, conversations, datasets, finetuning, jobs, persistence, prediction, registry
from src.config import PROJECT_ROOT
from src.dashboard.navigation import SCREENS
from src.jobs import JobState
from tests.conftest import missing
from tests.integration.waiting import ended, wait_for

VERSION_0_1_0 = "e54dd7383255"
"""The last revision of 0.1.0."""

SEED = Path(__file__).with_name("house_of_0_1.py")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with ``data``, ``models`` and ``files`` as 0.1.0 left them."""
    archive = subprocess.run(
        ["git", "archive", VERSION_0_1_0], cwd=PROJECT_ROOT, capture_output=True, check=False
    )
    if archive.returncode:
        missing("history", f"no revision {VERSION_0_1_0} in this checkout")
    folder = tmp_path_factory.mktemp("house")
    with tarfile.open(fileobj=BytesIO(archive.stdout)) as members:
        members.extractall(folder / "checkout", filter="data")
    for name in ("data", "models", "files"):
        (folder / name).mkdir()
    filled = subprocess.run(
        [sys.executable, str(SEED), str(folder / "files")],
        cwd=folder / "checkout",
        env={
            **os.environ,
            "PYTHONPATH": str(folder / "checkout"),
            "BANCADA_DATA_DIR": str(folder / "data"),
            "BANCADA_MODELS_DIR": str(folder / "models"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert filled.returncode == 0, filled.stderr
    return folder


@pytest.fixture
def opened(house: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Open that house with this version: settings point to it and its database is migrated."""
    monkeypatch.setenv("BANCADA_DATA_DIR", str(house / "data"))
    monkeypatch.setenv("BANCADA_MODELS_DIR", str(house / "models"))
    config.get_settings.cache_clear()
    persistence.prepare()
    yield house
    persistence.get_engine().dispose()


def test_every_screen_opens_and_tables_and_models_are_listed(opened: Path) -> None:
    shown = {}
    for screen in SCREENS:
        page = AppTest.from_file(str(PROJECT_ROOT / "main_dash.py"), default_timeout=120)
        page.switch_page(screen.script).run()
        assert not page.exception, screen.script
        assert not [it.value for it in page.error if "inesperado" in it.value], screen.script
        frames = [str(frame.value.to_dict()) for frame in page.dataframe]
        shown[Path(screen.script).stem] = " ".join(
            [
                *frames,
                *(str(block.value) for block in (*page.markdown, *page.caption, *page.metric)),
            ]
        )
    assert "carros" in shown["datasets"]
    assert "Carros v1" in shown["registry"]
    assert "Carros v2" in shown["registry"]


def test_models_answer_as_they_did(opened: Path) -> None:
    cars = datasets.load("carros").drop(columns="classe")
    answers = prediction.predict("champion", cars, actor="bia")["prediction"].to_list()
    assert answers == json.loads((opened / "files" / "answers.json").read_text("utf-8"))
    assert registry.get_model("antigo").quarantined
    assert [deleted.name for deleted in registry.list_deleted()] == ["apagado"]


def test_conversations_decisions_and_data_sets_are_there(opened: Path) -> None:
    assert conversations.list_conversations(limit=1).total == 60
    (version,) = [it for it in finetuning.list_sets() if it.name == "bia"]
    assert finetuning.changed_files("bia", version.version) == ()
    assert finetuning.last_count() is not None


def test_jobs_that_waited_are_done_by_their_names(opened: Path) -> None:
    stored = jobs.list_jobs()
    assert not [job.handler for job in stored if job.handler.startswith("src.")]
    waiting = [job.id for job in stored if not job.state.is_final]
    assert len(waiting) == 2
    jobs.ensure_workers()
    try:
        for job_id in waiting:
            job = wait_for(lambda job_id=job_id: ended(job_id), 300)
            assert job.state is JobState.SUCCEEDED, job.error
    finally:
        jobs.stop_workers()
