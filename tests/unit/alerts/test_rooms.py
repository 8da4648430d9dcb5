"""Rooms that have rules: nobody's are forgotten, and no two share a name."""

from __future__ import annotations

import importlib
from types import ModuleType

from src.config import PROJECT_ROOT
from src.dashboard.parts import alerts
from src.house import ALWAYS, DUTIES


def rooms() -> list[ModuleType]:
    found = [
        importlib.import_module(f"src.{path.parent.name}")
        for path in (PROJECT_ROOT / "src").glob("*/alerts.py")
    ]
    assert len(found) >= 2
    return found


def test_the_dashboard_and_the_api_check_the_rules_of_every_room() -> None:
    for room in rooms():
        assert f"{room.__name__}:check_alerts_if_due" in DUTIES.periodic
        assert f"{room.__name__}:check_alerts_if_due" in ALWAYS


def test_no_two_rules_have_one_name() -> None:
    ids = [rule.id for room in rooms() for rule in room.alert_rules()]
    assert len(ids) == len(set(ids))


def test_every_state_of_an_empty_house_has_a_word(any_database: str) -> None:
    for room in rooms():
        for rule in room.alert_rules():
            assert rule.read().state in alerts.STATES
