"""Events come in over HTTP: stored once, or refused with a reason that is counted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from src import collection
from src.collection import store
from tests.unit.api.conftest import READ, WRITE
from tests.unit.collection.events import EVENT, event

TRACK, BATCH = "/api/interactions/track", "/api/interactions/batch"
SECRET = "joao@example.org"


def total() -> int:
    found = collection.overview()
    return found.interactions + found.impressions


def problem(response: Any, status: int) -> dict[str, Any]:
    """Return a problem after looking at its shape."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = response.json()
    assert found["status"] == status
    assert found["type"].startswith("urn:bancada:problem:")
    assert found["title"]
    assert found["detail"]
    assert SECRET not in response.text
    return found


@pytest.mark.usefixtures("any_database")
@pytest.mark.parametrize("key", [READ, WRITE], ids=["read key", "write key"])
def test_an_event_is_stored_and_answered_as_documented(
    client: TestClient, key: dict[str, str]
) -> None:
    response = client.post(TRACK, json=EVENT, headers=key)
    assert (response.status_code, response.json()) == (
        200,
        {"status": "success", "id": "int_000001"},
    )
    assert client.post(TRACK, json=EVENT, headers=key).status_code == 200
    assert list(collection.every()) == [EVENT]


def test_an_event_without_id_is_given_one(client: TestClient) -> None:
    sent = {name: value for name, value in EVENT.items() if name != "id"}
    found = client.post(TRACK, json=sent, headers=WRITE).json()["id"]
    assert [entry["id"] for entry in collection.every()] == [found]


@pytest.mark.usefixtures("any_database")
def test_in_a_batch_each_event_is_judged_by_itself(client: TestClient) -> None:
    client.post(TRACK, json=event(1), headers=WRITE)
    sent = [event(1), event(2), event(2), event(3, match_score=7.0), {SECRET: 1}, event(4)]
    found = client.post(BATCH, json={"events": sent}, headers=WRITE).json()
    refused = found.pop("rejected")
    assert found == {"status": "success", "accepted": 2, "duplicates": 2}
    assert [entry["position"] for entry in refused] == [3, 4]
    assert refused[0]["problems"] == [{"field": "match_score", "kind": "less_than_equal"}]
    assert SECRET not in json.dumps(refused)
    assert total() == 3
    assert sum(store.rejected().values()) == 2


@pytest.mark.usefixtures("any_database")
def test_nobody_takes_the_id_of_another_sessions_event(client: TestClient) -> None:
    assert client.post(TRACK, json=event(1), headers=WRITE).status_code == 200
    foreign = event(1, session_id="sess_1699999999999_other", car_id="x")
    response = client.post(TRACK, json=foreign, headers=WRITE)
    assert problem(response, 422)["errors"] == [{"field": "id", "kind": "taken"}]
    sent = {"events": [event(3, car_id=""), event(1), foreign, event(2)]}
    answer = client.post(BATCH, json=sent, headers=WRITE).json()
    assert (answer["accepted"], answer["duplicates"]) == (1, 1)
    assert [(found["position"], found["problems"][0]["kind"]) for found in answer["rejected"]] == [
        (0, "string_too_short"),
        (2, "taken"),
    ]
    assert next(collection.every())["car_id"] == event(1)["car_id"]
    assert store.rejected() == {"id: taken": 2, "car_id: string_too_short": 1}


def test_a_beacon_brings_the_write_key_in_the_address_and_its_events_as_text(
    client: TestClient,
) -> None:
    body = json.dumps({"events": [EVENT]})
    text = {"Content-Type": "text/plain;charset=UTF-8"}
    response = client.post(f"{BATCH}?key=write-key", content=body, headers=text)
    assert response.json()["accepted"] == 1
    # The read key has no place in an address, where logs and histories keep it.
    problem(client.post(f"{BATCH}?key=read-key", content=body, headers=text), 403)
    problem(client.post(f"{TRACK}?key=write-key", content=json.dumps(EVENT), headers=text), 401)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", TRACK),
        ("POST", BATCH),
        ("GET", "/api/ml/stats"),
        ("GET", "/api/ml/export-data"),
        ("GET", "/api/ml/alerts"),
        ("GET", "/health/detailed"),
    ],
)
def test_a_missing_or_wrong_key_opens_nothing_and_is_not_counted(
    client: TestClient, method: str, path: str
) -> None:
    missing = client.request(method, path)
    assert problem(missing, 401)["type"].endswith("missing-key")
    assert missing.headers["www-authenticate"]
    for key in ("wrong", "ã", "read-key ", "", "x" * 5000):
        response = client.request(method, path, headers={"X-API-Key": key.encode()})
        problem(response, 403 if key.strip() not in ("", "read-key") else response.status_code)
        assert response.status_code in (401, 403) or key == "read-key "
    # What anyone can send without a key must not move the error rate.
    assert store.rejected() == {}


@pytest.mark.parametrize("path", ["/api/ml/stats", "/api/ml/export-data", "/health/detailed"])
def test_the_write_key_reads_nothing(client: TestClient, path: str) -> None:
    problem(client.get(path, headers=WRITE), 403)


BAD: list[tuple[dict[str, Any], str]] = [
    ({"session_id": 7}, "session_id: string_type"),
    ({"session_id": f"<script>{SECRET}</script>"}, "session_id: string_pattern_mismatch"),
    ({"interaction_type": "'; DROP TABLE collection_events; --"}, "interaction_type: enum"),
    ({"car_id": "a\x00b"}, "car_id: string_pattern_mismatch"),
    ({"car_id": "x" * 201}, "car_id: string_too_long"),
    ({"timestamp": "1969-01-01T00:00:00Z"}, "timestamp: too_early"),
    ({"timestamp": "2999-01-01T00:00:00Z"}, "timestamp: too_late"),
    ({"timestamp": "0001-01-01T00:00:00+23:00"}, "timestamp: out_of_range"),
    ({"timestamp": "9999-12-31T23:59:59-23:00"}, "timestamp: out_of_range"),
    ({"timestamp": "2024-11-11T10:30:00"}, "timestamp: timezone_aware"),
    ({"timestamp": 1699999999999}, "timestamp: not_a_text"),
    ({"match_score": -0.1}, "match_score: greater_than_equal"),
    ({"match_score": "0.5"}, "match_score: float_type"),
    ({"match_score": True}, "match_score: float_type"),
    ({"match_score": float("nan")}, "match_score: finite_number"),
    ({"match_score": float("inf")}, "match_score: finite_number"),
    ({"duration_seconds": 1e9, "interaction_type": "view_details"}, "duration_seconds: less_than_"),
    ({"car_details__ano": 10**400}, "car_details.ano: "),
    ({"car_details": None}, "car_details: model_type"),
    ({SECRET: 1}, "extra_field"),
    ({"user_preferences__cpf": SECRET}, "user_preferences: extra_field"),
    ({"user_preferences__priorities__economia": 6}, "user_preferences.priorities.economia: less"),
    ({"id": "x" * 101}, "id: string_pattern_mismatch"),
]


@pytest.mark.parametrize(("changes", "reason"), BAD)
def test_a_bad_event_is_refused_with_its_reason_and_counted(
    client: TestClient, changes: dict[str, Any], reason: str
) -> None:
    text = json.dumps(event(**changes))  # NaN and Infinity as Python writes them
    response = client.post(
        TRACK, content=text, headers={**WRITE, "Content-Type": "application/json"}
    )
    errors = problem(response, 422)["errors"]
    first = ": ".join(part for part in (errors[0]["field"], errors[0]["kind"]) if part)
    assert first.startswith(reason)
    assert store.rejected() == {first: 1}
    assert total() == 0


@pytest.mark.parametrize("name", [name for name in EVENT if name not in ("id", "duration_seconds")])
def test_a_missing_field_is_named(client: TestClient, name: str) -> None:
    sent = {key: value for key, value in EVENT.items() if key != name}
    response = client.post(TRACK, json=sent, headers=WRITE)
    assert problem(response, 422)["errors"] == [{"field": name, "kind": "missing"}]


MALFORMED = {
    "nothing": b"",
    "half": b'{"id": "int_1"',
    "no JSON": b"id=int_1&car=2",
    "no object": b"[1, 2]",
    "null": b"null",
    "not UTF-8": '{"car_id": "é"}'.encode("latin-1"),
    "UTF-16": json.dumps(EVENT).encode("utf-16"),
    "half a character": b'{"car_id": "\\ud800"}',
    "nested lists": b"[" * 30_000,
    "nested objects": b'{"car_details":' * 4_000 + b"1" + b"}" * 4_000,
    "a long number": b'{"match_score": ' + b"9" * 60_000 + b"}",
}


@pytest.mark.parametrize("path", [TRACK, BATCH])
@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_body_is_refused_and_counted(
    client: TestClient, path: str, body: bytes
) -> None:
    response = client.post(
        path, content=body, headers={**WRITE, "Content-Type": "application/json"}
    )
    assert problem(response, 422)["errors"]
    assert sum(store.rejected().values()) == 1


@pytest.mark.parametrize(
    ("body", "field", "kind"),
    [
        ({}, "events", "missing"),
        ({"events": []}, "events", "too_short"),
        ({"events": [{}] * 1001}, "events", "too_long"),
        ({"events": {}}, "events", "list_type"),
        ({"events": [EVENT], "mais": 1}, "", "extra_field"),
        ({"events": [1]}, "events.0", "model_type"),
        ({"events": [event(car_id="")]}, "events.0.car_id", "string_too_short"),
    ],
)
def test_a_batch_without_a_valid_event_is_refused(
    client: TestClient, body: dict[str, Any], field: str, kind: str
) -> None:
    errors = problem(client.post(BATCH, json=body, headers=WRITE), 422)["errors"]
    assert errors[0] == {"field": field, "kind": kind}
    assert sum(store.rejected().values()) == 1


@pytest.mark.parametrize(
    ("path", "limit"), [(TRACK, 64 * 1024), (BATCH, 1024 * 1024)], ids=["track", "batch"]
)
@pytest.mark.parametrize("declared", [True, False], ids=["declared", "chunked"])
def test_a_body_that_is_too_large_is_not_read(
    client: TestClient, path: str, limit: int, declared: bool
) -> None:
    taken = 0

    def pieces() -> Iterator[bytes]:
        nonlocal taken
        for _ in range(160):
            taken += 65536
            yield b" " * 65536

    headers = {**WRITE, "Content-Type": "application/json"}
    content = b" " * (10 * 1024 * 1024) if declared else pieces()
    response = client.post(path, content=content, headers=headers)
    written = f"{limit // 1024:,} KiB".replace(",", ".")
    assert written in problem(response, 413)["detail"]
    assert store.rejected() == {"too_large": 1}


def test_a_body_of_exactly_the_limit_is_read(client: TestClient) -> None:
    body = json.dumps(EVENT).encode()
    headers = {**WRITE, "Content-Type": "application/json"}
    fits = body + b" " * (64 * 1024 - len(body))
    assert client.post(TRACK, content=fits, headers=headers).status_code == 200
    problem(client.post(TRACK, content=fits + b" ", headers=headers), 413)


@pytest.mark.parametrize(
    "kind", [None, "text/html", "application/x-www-form-urlencoded", "text/plain"]
)
def test_a_body_of_another_type_is_refused_and_counted(
    client: TestClient, kind: str | None
) -> None:
    headers = WRITE if kind is None else {**WRITE, "Content-Type": kind}
    response = client.post(TRACK, content=json.dumps(EVENT), headers=headers)
    assert "application/json" in problem(response, 415)["detail"]
    assert store.rejected() == {"unsupported_type": 1}


HOSTILE = "'; DROP TABLE collection_events; --<script>alert(1)</script>=1+1"


@pytest.mark.usefixtures("any_database")
@pytest.mark.parametrize(
    "field",
    [
        "car_id",
        "user_preferences__usage",
        "car_details__marca",
        "car_details__modelo",
        "car_details__categoria",
    ],
)
def test_sql_and_html_are_texts_like_any_other(client: TestClient, field: str) -> None:
    sent = event(1, **{field: HOSTILE})
    assert client.post(TRACK, json=sent, headers=WRITE).status_code == 200
    response = client.get("/api/ml/export-data", headers=READ)
    assert response.headers["content-type"] == "application/json"
    assert response.json()["interactions"] == [sent]


def test_a_full_intake_and_an_absent_database_ask_for_another_try(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client.app.state.intake, "capacity", 0)  # type: ignore[attr-defined]
    response = client.post(TRACK, json=EVENT, headers=WRITE)
    problem(response, 503)
    assert int(response.headers["retry-after"]) >= 1
