"""Rooms that have rules: nobody's are forgotten, and no two share a name."""

from __future__ import annotations

import ast
import importlib
from types import ModuleType

from src import alerts, config, house
from src.config import PROJECT_ROOT
from src.house import ALWAYS, DUTIES


def rooms() -> list[ModuleType]:
    found = [
        importlib.import_module(f"src.{path.parent.name}")
        for path in (PROJECT_ROOT / "src").glob("*/alerts.py")
    ]
    assert len(found) >= 2
    return found


def test_the_dashboard_and_the_api_check_the_rules_of_every_room(
    settings: config.Settings,
) -> None:
    assert "src.house:check_alerts_if_due" in DUTIES.periodic
    assert "src.house:check_alerts_if_due" in ALWAYS
    house.check_alerts_if_due()
    checked = set(alerts.latest([rule.id for rule in house.alert_rules()]))
    for room in rooms():
        assert {rule.id for rule in room.alert_rules()} <= checked


def test_every_state_that_a_room_speaks_of_has_a_word() -> None:
    for room in rooms():
        path = PROJECT_ROOT / "src" / room.__name__.rpartition(".")[2] / "alerts.py"
        said = {
            node.args[0].value
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Reading"
            if isinstance(node.args[0], ast.Constant)
        }
        assert said == {state for rule in room.alert_rules() for state in rule.states}


def test_no_two_rules_have_one_name() -> None:
    ids = [rule.id for room in rooms() for rule in room.alert_rules()]
    assert len(ids) == len(set(ids))


def test_every_state_of_an_empty_house_has_a_word(any_database: str) -> None:
    for room in rooms():
        for rule in room.alert_rules():
            assert rule.read().state in rule.states
