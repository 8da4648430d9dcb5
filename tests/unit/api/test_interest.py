"""A site asks how much a person will care for a car, and hears who answers."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from src import prediction
from src.messages import Message
from tests.unit.api.conftest import READ, WRITE
from tests.unit.api.test_events import problem
from tests.unit.collection.events import EVENT

PATH = "/api/ml/predict-interest"
CASE = {name: EVENT[name] for name in ("user_preferences", "car_details", "match_score")}


def test_without_a_model_the_rules_answer_and_say_why(client: TestClient) -> None:
    found = client.post(PATH, json=CASE, headers=READ).json()
    assert (found["score"], found["source"], found["model"]) == (0.85, "rule", None)
    assert "modelo" in found["reason"]


def test_the_model_is_given_what_was_sent(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Any] = []

    def interest(*args: Any, **named: Any) -> prediction.Interest:
        given.append((args, named))
        return prediction.Interest(0.41, "model", "lightgbm", None)

    monkeypatch.setattr(prediction, "interest", interest)
    sent = {**CASE, "cars_seen": 3, "cars_clicked": 1, "at": "2024-11-11T10:30:00-03:00"}
    answer = client.post(PATH, json=sent, headers=READ).json()
    assert answer == {"score": 0.41, "source": "model", "model": "lightgbm", "reason": None}
    ((preferences, car, score), named) = given[0]
    assert (preferences, car, score) == tuple(CASE.values())
    assert named.pop("at").isoformat() == "2024-11-11T13:30:00+00:00"
    assert named == {"cars_seen": 3, "cars_clicked": 1}


def test_a_reason_has_its_values(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    reason = Message("O modelo {name} não respondeu.", {"name": "lightgbm"})
    found = prediction.Interest(0.85, "rule", "lightgbm", reason)
    monkeypatch.setattr(prediction, "interest", lambda *_, **__: found)
    answer = client.post(PATH, json=CASE, headers=READ).json()
    assert answer["reason"] == "O modelo lightgbm não respondeu."


@pytest.mark.parametrize(
    ("changes", "field", "kind"),
    [
        ({"match_score": 1.1}, "match_score", "less_than_equal"),
        ({"match_score": None}, "match_score", "float_type"),
        ({"cars_seen": -1}, "cars_seen", "greater_than_equal"),
        ({"cars_seen": 10**30}, "cars_seen", None),
        ({"cars_seen": 2, "cars_clicked": 3}, "cars_clicked", "more_than_seen"),
        ({"cars_clicked": 1}, "cars_clicked", "more_than_seen"),
        ({"at": "2024-11-11T10:30:00"}, "at", "timezone_aware"),
        ({"at": 0}, "at", None),
        ({"at": "0001-01-01T00:00:00+23:00"}, "at", "not_plausible"),
        ({"at": "9999-12-31T23:59:00-23:00"}, "at", "not_plausible"),
        ({"car_details": {}}, "car_details.marca", "missing"),
        ({"joao@example.org": 1}, "", "extra_field"),
    ],
)
def test_a_case_that_is_none_is_refused(
    client: TestClient, changes: dict[str, Any], field: str, kind: str | None
) -> None:
    errors = problem(client.post(PATH, json={**CASE, **changes}, headers=READ), 422)["errors"]
    assert errors[0]["field"] == field
    assert kind in (None, errors[0]["kind"])


def test_it_is_for_the_read_key_and_bodies_of_some_size(client: TestClient) -> None:
    problem(client.post(PATH, json=CASE, headers=WRITE), 403)
    problem(client.post(PATH, json=CASE), 401)
    json = {**READ, "Content-Type": "application/json"}
    problem(client.post(PATH, content=b"[" * 50_000, headers=json), 422)
    problem(client.post(PATH, content=b" " * 70_000, headers=json), 413)
    problem(client.post(PATH, content=b"x", headers=READ), 415)
