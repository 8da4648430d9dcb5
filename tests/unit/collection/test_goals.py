"""When there is enough, and when it is good enough."""

from __future__ import annotations

import datetime as dt

import pytest

from src.collection import progress, quality

TODAY = dt.date(2026, 1, 10)


def test_a_goal_is_dated_at_the_pace_of_late() -> None:
    first, second, third = progress(600, 100.0, TODAY)
    assert (first.is_met, first.share, first.expected) == (True, 1.0, None)
    assert (second.is_met, second.share) == (False, 0.6)
    assert second.expected == TODAY + dt.timedelta(days=4)
    assert third.expected == TODAY + dt.timedelta(days=44)


def test_without_anything_coming_in_there_is_no_date() -> None:
    assert [goal.expected for goal in progress(0, 0.0, TODAY)] == [None] * 3
    assert progress(0, 1e-9, TODAY)[2].expected is None


def test_quality_targets() -> None:
    types = {"click": 80, "view_details": 50, "whatsapp_contact": 20}
    met = quality(accepted=96, rejected=4, sessions=101, cars=51, by_type=types)
    assert [entry.is_met for entry in met] == [True] * 4
    types["whatsapp_contact"] = 0
    missed = quality(accepted=95, rejected=5, sessions=100, cars=50, by_type=types)
    assert [entry.is_met for entry in missed] == [False] * 4
    nothing = quality(accepted=0, rejected=0, sessions=0, cars=0, by_type=dict.fromkeys(types, 0))
    assert [entry.is_met for entry in nothing] == [False] * 4


@pytest.mark.parametrize(("position", "target"), enumerate((500, 1_000, 5_000)))
def test_a_goal_is_met_at_its_number(position: int, target: int) -> None:
    before, at = progress(target - 1, 1.0, TODAY)[position], progress(target, 1.0, TODAY)[position]
    assert (before.target, before.is_met) == (target, False)
    assert before.share == (target - 1) / target
    assert before.expected == TODAY + dt.timedelta(days=1)
    assert (at.is_met, at.share, at.expected) == (True, 1.0, None)


BALANCED = {"click": 95, "view_details": 5}


@pytest.mark.parametrize(
    ("name", "target", "met", "missed"),
    [
        ("error_rate", 0.05, {"rejected": 49}, {"rejected": 50, "accepted": 950}),
        ("sessions", 100, {"sessions": 101}, {"sessions": 100}),
        ("cars", 50, {"cars": 51}, {"cars": 50}),
        ("balance", 0.05, {}, {"by_type": {"click": 951, "view_details": 49}}),
    ],
)
def test_a_quality_target_is_met_from_its_limit_on(
    name: str, target: float, met: dict[str, object], missed: dict[str, object]
) -> None:
    enough = {"accepted": 951, "rejected": 0, "sessions": 101, "cars": 51, "by_type": BALANCED}
    for figures, expected in ((met, True), (missed, False)):
        found = {one.name: one for one in quality(**(enough | figures))}  # type: ignore[arg-type]
        assert found[name].target == target
        assert {one.name: one.is_met for one in found.values()} == dict.fromkeys(found, True) | {
            name: expected
        }


def test_where_nothing_came_in_nothing_is_measured() -> None:
    nothing = quality(accepted=0, rejected=0, sessions=0, cars=0, by_type={"click": 0})
    assert [entry.measured for entry in nothing] == [0, 0, 0, 0]
