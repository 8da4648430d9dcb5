"""What follows the schema, and what is said of what does not."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest

from src.collection.model import Event, Fault, check
from src.persistence import utc_now
from tests.unit.collection.events import EVENT, event


def test_the_documented_event_is_valid() -> None:
    checked = check(EVENT)
    assert isinstance(checked, Event)
    assert checked.timestamp == dt.datetime(2024, 11, 11, 10, 30, tzinfo=dt.UTC)
    assert checked.car_details.preco == 45900


def test_an_event_without_id_gets_one_of_its_own() -> None:
    made = [check({**EVENT, "id": None}), check({k: v for k, v in EVENT.items() if k != "id"})]
    assert made[0] == (Fault("id", "string_type"),)
    assert isinstance(made[1], Event)
    assert made[1].id.startswith("int_")


@pytest.mark.parametrize(
    ("changes", "field", "kind"),
    [
        ({"session_id": "abc"}, "session_id", "string_pattern_mismatch"),
        ({"session_id": 7}, "session_id", "string_type"),
        ({"interaction_type": "buy"}, "interaction_type", "enum"),
        ({"car_id": ""}, "car_id", "string_too_short"),
        ({"car_id": "a\x00b"}, "car_id", "string_pattern_mismatch"),
        ({"car_id": "a\u009fb"}, "car_id", "string_pattern_mismatch"),
        ({"car_id": "a\n"}, "car_id", "string_pattern_mismatch"),
        ({"car_id": "x" * 201}, "car_id", "string_too_long"),
        ({"timestamp": "2024-11-11T10:30:00"}, "timestamp", "timezone_aware"),
        ({"timestamp": "1969-01-01T00:00:00Z"}, "timestamp", "too_early"),
        ({"timestamp": "2999-01-01T00:00:00Z"}, "timestamp", "too_late"),
        ({"timestamp": "0001-01-01T00:00:00+23:00"}, "timestamp", "out_of_range"),
        ({"timestamp": "9999-12-31T23:59:59-23:00"}, "timestamp", "out_of_range"),
        ({"timestamp": 1699999999999}, "timestamp", "not_a_text"),
        ({"timestamp": "1699999999999"}, "timestamp", "not_a_text"),
        ({"timestamp": " 1699999999.5"}, "timestamp", "not_a_text"),
        ({"timestamp": "-1"}, "timestamp", "not_a_text"),
        ({"timestamp": "20241111T103000Z"}, "timestamp", "datetime_from_date_parsing"),
        ({"timestamp": True}, "timestamp", "not_a_text"),
        ({"timestamp": "ontem"}, "timestamp", "datetime_from_date_parsing"),
        ({"match_score": 1.01}, "match_score", "less_than_equal"),
        ({"match_score": math.nan}, "match_score", "finite_number"),
        ({"match_score": "0.5"}, "match_score", "float_type"),
        ({"match_score": True}, "match_score", "float_type"),
        ({"duration_seconds": -1.0}, "duration_seconds", "greater_than_equal"),
        ({"duration_seconds": 3.0}, "", "duration_without_details"),
        ({"user_preferences__budget_min": 1e6}, "user_preferences", "budget_order"),
        ({"user_preferences__budget_min": math.inf}, "user_preferences.budget_min", None),
        ({"user_preferences__priorities__economia": 6}, None, "less_than_equal"),
        ({"user_preferences__priorities__economia": 4.5}, None, "int_type"),
        ({"car_details__ano": "2017"}, "car_details.ano", "int_type"),
        ({"car_details__preco": -1}, "car_details.preco", "greater_than_equal"),
        ({"car_details": []}, "car_details", None),
        ({"cpf 123": "x"}, "", "extra_field"),
        ({"car_details__dono": "João"}, "car_details", "extra_field"),
    ],
)
def test_what_is_wrong_is_said(
    changes: dict[str, Any], field: str | None, kind: str | None
) -> None:
    problems = check(event(**changes))
    assert isinstance(problems, tuple)
    assert field is None or problems[0].field == field
    assert kind is None or problems[0].kind == kind


@pytest.mark.parametrize("name", [name for name in EVENT if name not in ("id", "duration_seconds")])
def test_a_missing_field_is_named(name: str) -> None:
    assert check({key: value for key, value in EVENT.items() if key != name}) == (
        Fault(name, "missing"),
    )


@pytest.mark.parametrize("raw", [None, 3, "x", [], [EVENT]])
def test_what_is_no_object_is_no_event(raw: Any) -> None:
    assert isinstance(check(raw), tuple)


def test_a_reason_holds_nothing_that_the_sender_wrote() -> None:
    problems = check(event(**{"joao@example.org": "123.456.789-09"}))
    assert isinstance(problems, tuple)
    assert not any("joao" in problem.reason or "123" in problem.reason for problem in problems)


def test_a_clock_a_little_ahead_is_accepted() -> None:
    soon = (utc_now() + dt.timedelta(hours=1)).isoformat()
    assert isinstance(check(event(timestamp=soon)), Event)


def test_details_have_a_duration() -> None:
    assert isinstance(check(event(interaction_type="view_details", duration_seconds=12.5)), Event)
