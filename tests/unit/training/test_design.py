"""What is asked of a table, and what a stored comparison says of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from src.persistence import utc_now
from src.training import ComparisonRecord, Design, Task

pytestmark = pytest.mark.core


def record(settings: dict[str, Any]) -> ComparisonRecord:
    return ComparisonRecord(
        "c1", "visitas", "bought", Task.BINARY, "AUC", settings, "f" * 64, 100, "ana", utc_now()
    )


@pytest.mark.parametrize(
    "design",
    [
        Design("bought"),
        Design("bought", Task.BINARY, 3, ("age", "city"), "session", "at", "score"),
    ],
)
def test_a_design_survives_json_without_what_was_not_given(design: Design) -> None:
    stored = json.loads(json.dumps(design.to_dict()))
    assert None not in stored.values()
    assert Design.from_dict(stored) == design


def test_a_comparison_of_before_there_were_groups_says_its_design() -> None:
    settings = {
        "folds": 3,
        "n_select": 5,
        "turbo": True,
        "seed": 42,
        "tune_trials": 0,
        "ignored_columns": ["age"],
    }
    assert record(settings).design == Design("bought", Task.BINARY, 3, ("age",))


def test_a_comparison_in_time_says_its_design() -> None:
    settings = {
        "folds": 5,
        "ignored_columns": [],
        "group": "session",
        "order": "at",
        "reference": "score",
        "parts": {"train": {"groups": 7, "rows": 70}, "holdout": {"groups": 3, "rows": 30}},
        "events": "click",
    }
    design = record(settings).design
    assert design == Design("bought", Task.BINARY, group="session", order="at", reference="score")
    assert design.is_in_time


@pytest.mark.parametrize("column", ["group", "order"])
def test_a_group_or_an_order_alone_splits_in_time(column: str) -> None:
    assert Design("bought", **{column: "x"}).is_in_time
    assert not Design("bought", reference="x").is_in_time
