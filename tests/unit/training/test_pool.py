"""The time of an assignment: what counts, and what it must not cut in two."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from src.training import pool
from tests.unit.training.assignments import LIBRARY, is_loaded, load_afresh

pytestmark = pytest.mark.core
SECONDS = 0.8


def test_the_time_begins_when_the_process_has_loaded_what_it_needs(tmp_path: Path) -> None:
    outcomes = pool.run(
        {"quick": is_loaded}, folder=tmp_path, seconds=SECONDS, count=1, modules=[LIBRARY]
    )
    assert dict(outcomes) == {"quick": True}


def test_the_limit_waits_for_the_end_of_an_import(tmp_path: Path) -> None:
    told = tmp_path / "told"
    work = {"slow": partial(load_afresh, told)}
    ((_key, outcome),) = pool.run(work, folder=tmp_path, seconds=SECONDS, count=1)
    assert "limite de" in str(outcome)
    assert told.read_text() == "whole"
