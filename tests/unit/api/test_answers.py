"""Figures and files go out; what cannot be answered is a problem."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow.parquet
import pytest
import structlog
from starlette.testclient import TestClient

from src import alerts, collection, persistence, translations
from src.api import download, problems
from src.api.routes import scripts
from src.errors import StorageError
from src.logs import configure_logs
from tests.unit.api.conftest import READ
from tests.unit.api.test_events import problem
from tests.unit.api.test_whatsapp import SECRET, SIGNATURE, signed
from tests.unit.collection.events import at, event

EXPORT = "/api/ml/export-data"


def gone(*_: Any, **__: Any) -> Any:
    raise StorageError("user=ana host=10.0.0.7")


@pytest.mark.usefixtures("any_database")
def test_the_figures_have_exactly_the_documented_names(client: TestClient) -> None:
    collection.record_many([event(n) for n in range(150)])
    found = client.get("/api/ml/stats", headers=READ).json()
    assert list(found) == [
        "total_interactions",
        "click_count",
        "view_details_count",
        "whatsapp_contact_count",
        "unique_sessions",
        "unique_cars",
        "avg_duration_seconds",
        "last_interaction",
        "data_collection_progress",
        "ready_for_training",
        "min_interactions_needed",
    ]
    assert found["total_interactions"] == 150
    assert found["last_interaction"] == "2024-11-11T10:30:00.000Z"


@pytest.mark.usefixtures("any_database")
def test_events_go_out_in_every_form(client: TestClient) -> None:
    sent = [event(n, timestamp=at(n)) for n in range(1, 4)]
    collection.record_many(sent)
    stored = list(collection.every())
    document = client.get(EXPORT, headers=READ).json()
    assert list(document) == ["total", "interactions", "exported_at"]
    assert (document["total"], document["interactions"]) == (3, stored)
    lines = client.get(EXPORT, params={"format": "ndjson"}, headers=READ)
    assert lines.headers["content-type"] == "application/x-ndjson"
    assert [json.loads(line) for line in lines.text.splitlines()] == stored
    table = client.get(EXPORT, params={"format": "csv"}, headers=READ)
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert [row["id"] for row in csv.DictReader(io.StringIO(table.text))] == [
        entry["id"] for entry in sent
    ]
    parquet = client.get(EXPORT, params={"format": "parquet"}, headers=READ)
    assert pyarrow.parquet.read_table(io.BytesIO(parquet.content)).num_rows == 3
    assert parquet.headers["content-disposition"].endswith('"user_interactions.parquet"')


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        ("2024-11-02", None, [2, 3, 4]),
        (None, "2024-11-02", [1, 2]),
        ("2024-11-02", "2024-11-02", [2]),
        ("2024-11-02T12:00:00Z", "2024-11-03T12:00:00Z", [2]),
        ("2024-11-02T12:00:01Z", "2024-11-03T12:00:01+00:00", [3]),
        # Days are local: at 23:30 of the 4th in São Paulo it is the 5th in UTC.
        ("2024-11-05", None, []),
    ],
)
def test_a_span_of_days_includes_both_and_one_of_moments_not_its_end(
    client: TestClient, since: str | None, until: str | None, days: list[int]
) -> None:
    moments = [at(1), at(2), at(3), "2024-11-05T02:30:00+00:00"]
    collection.record_many([event(n + 1, timestamp=moments[n]) for n in range(4)])
    given = {name: value for name, value in (("since", since), ("until", until)) if value}
    response = client.get(EXPORT, params=given, headers=READ)
    assert [int(found["id"][-1]) for found in response.json()["interactions"]] == days
    name = "-".join(["user_interactions", *(value[:10] for value in given.values())])
    assert response.headers["content-disposition"] == f'attachment; filename="{name}.json"'


@pytest.mark.parametrize("between", ['"', "\n", "\r", "é", "☃", "/"])
def test_no_text_of_the_address_gets_into_a_header(client: TestClient, between: str) -> None:
    params = {"since": f"20241101{between}120000Z"}
    response = client.get(EXPORT, params=params, headers=READ)
    assert response.status_code == 200
    disposition = response.headers["content-disposition"]
    assert disposition == 'attachment; filename="user_interactions-202411011.json"'


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"since": "ontem"}, "since"),
        ({"since": "2024-11-30", "until": "2024-11-01"}, "until"),
        ({"since": ""}, "since"),
        ({"until": "2024-13-01"}, "until"),
        ({"until": "9999-12-31"}, "until"),
        ({"since": "0001-01-01T00:00:00+23:59"}, "since"),
        ({"since": "2024-11-01T12:00:00"}, "since"),
        ({"until": "2024-11-01T12:00:00 03:00"}, "until"),
        ({"since": "2024-11-01\r\nX: 1"}, "since"),
        ({"format": "xls"}, "format"),
    ],
)
def test_a_span_or_form_that_is_none_is_refused(
    client: TestClient, params: dict[str, str], field: str
) -> None:
    response = client.get(EXPORT, params=params, headers=READ)
    assert problem(response, 422)["errors"][0]["field"] == field


def test_an_export_that_fails_at_once_is_a_problem_and_keeps_no_place(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: Any, **__: Any) -> Iterator[bytes]:
        raise StorageError("fora")
        yield b""

    monkeypatch.setattr(collection, "stream", failing)
    for _ in range(download.AT_ONCE + 1):
        problem(client.get(EXPORT, headers=READ), 503)


def test_an_export_that_breaks_in_the_middle_is_not_taken_for_a_whole_one(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = []

    def breaking(*_: Any, **__: Any) -> Iterator[bytes]:
        try:
            yield b'{"total": 2, '
            raise StorageError("fora")
        finally:
            closed.append(True)

    monkeypatch.setattr(collection, "stream", breaking)
    strict = TestClient(client.app)
    strict.app.state.intake = client.app.state.intake  # type: ignore[attr-defined]
    for _ in range(download.AT_ONCE + 1):
        with pytest.raises(RuntimeError, match="already started"):
            strict.get(EXPORT, headers=READ)
    assert closed == [True] * (download.AT_ONCE + 1)


def test_only_a_few_exports_run_at_once(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "_running", download.AT_ONCE)
    response = client.get(EXPORT, headers=READ)
    problem(response, 429)
    assert int(response.headers["retry-after"]) >= 1


@pytest.mark.usefixtures("any_database")
def test_it_lives_is_ready_and_tells_how_it_is(client: TestClient) -> None:
    collection.record(event())
    for path in ("/health/live", "/health/ready"):
        response = client.get(path)
        assert (response.status_code, response.json()) == (200, {"status": "ok"})
    found = client.get("/health/detailed", headers=READ).json()
    assert found["status"] == "ok"
    assert found["database"] == {"kind": persistence.ping(), "answers": True}
    assert found["queue"]["waiting"] == 0
    assert found["last_event"] == "2024-11-11T10:30:00+00:00"
    assert dt.datetime.fromisoformat(found["last_received"]).year >= 2026
    assert 0 < found["disk"]["free_bytes"] < found["disk"]["total_bytes"]
    assert {"bancada", "python", "fastapi"} <= set(found["versions"])


def test_what_could_not_be_answered_is_counted_by_its_kind(
    serve: Callable[..., TestClient],
) -> None:
    client = serve(api_events_per_minute=3, api_reads_per_minute=0)
    for key in ({}, {"X-API-Key": "wrong"}, {"X-API-Key": "wrong"}, READ):
        client.post("/api/interactions/track", json=event(), headers=key)
    client.get("/nowhere")
    found = client.get("/health/detailed", headers=READ).json()
    assert found["problems"] == {"missing-key": 1, "wrong-key": 2, "too-many": 1, "not-found": 1}


def test_without_its_database_it_lives_but_is_not_ready(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(persistence, "ping", gone)
    assert client.get("/health/live").status_code == 200
    response = client.get("/health/ready")
    problem(response, 503)
    assert response.headers["retry-after"]
    assert "10.0.0.7" not in response.text  # the database's own words are for the log
    found = client.get("/health/detailed", headers=READ).json()
    assert found["status"] == "degraded"
    assert found["database"] == {"kind": None, "answers": False}


@pytest.mark.usefixtures("any_database")
def test_alerts_are_told_as_they_were_last_checked(client: TestClient) -> None:
    before = client.get("/api/ml/alerts", headers=READ).json()["alerts"]
    ids = [entry["id"] for entry in before]
    assert ids[:4] == ["ready", "silence", "error_rate", "quality_satisfaction"]
    assert {entry["state"] for entry in before} == {None}
    collection.record_many([event(n) for n in range(500)])
    alerts.check(collection.alert_rules())
    found = client.get("/api/ml/alerts", headers=READ).json()["alerts"]
    assert (found[0]["state"], found[0]["firing"], found[0]["value"]) == ("ready", True, 500)
    assert "500" in found[0]["message"]
    assert dt.datetime.fromisoformat(found[0]["checked_at"]).tzinfo


@pytest.mark.parametrize(
    ("path", "script"), [("/tracker.js", scripts.TRACKER), ("/feedback.js", scripts.FEEDBACK)]
)
def test_scripts_are_kept_by_browsers_until_they_change(
    client: TestClient, path: str, script: scripts.Script
) -> None:
    response = client.get(path)
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "max-age" in response.headers["cache-control"]
    assert response.content == script.text
    for sent in (response.headers["etag"], f'"x", W/{response.headers["etag"]}'):
        again = client.get(path, headers={"If-None-Match": sent})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == response.headers["etag"]
    assert client.get(path, headers={"If-None-Match": '"old"'}).status_code == 200


@pytest.mark.parametrize("path", ["/tracker.js", "/feedback.js", "/health/live", "/health/ready"])
def test_who_only_asks_whether_it_is_there_is_told(client: TestClient, path: str) -> None:
    asked, got = client.head(path), client.get(path)
    assert asked.status_code == got.status_code == 200
    assert asked.headers["content-length"] == got.headers["content-length"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/", None),
        ("GET", "/api/ml/nada", None),
        ("GET", "/docs", None),
        ("DELETE", "/api/ml/stats", "GET"),
        ("GET", "/api/interactions/track", "POST"),
        ("PUT", "/tracker.js", "GET"),
        ("PUT", "/api/webhooks/whatsapp", "GET, POST"),
    ],
)
def test_what_is_not_there_is_a_problem_too(
    client: TestClient, method: str, path: str, allowed: str | None
) -> None:
    response = client.request(method, path)
    problem(response, 405 if allowed else 404)
    assert response.headers.get("allow") == allowed


@pytest.fixture
def request_logs() -> Iterator[Callable[[], None]]:
    """Write logs as a served application does."""
    yield configure_logs
    structlog.reset_defaults()


def test_what_nobody_foresaw_has_a_code_that_is_in_the_log(
    client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    request_logs: Callable[[], None],
) -> None:
    def broken() -> None:
        raise ZeroDivisionError("joao@example.org")

    request_logs()
    monkeypatch.setattr(collection, "stats", broken)
    response = client.get("/api/ml/stats", headers={**READ, "Origin": "http://localhost:3000"})
    detail = problem(response, 500)["detail"]
    log = capsys.readouterr()
    code = next(word for word in detail.split() if len(word) == 8 and word in log.out + log.err)
    assert all(letter in "0123456789abcdef" for letter in code)
    # A page of another origin may read it, as every other answer.
    assert response.headers["access-control-allow-origin"] == "http://localhost:3000"


def test_a_problem_is_told_in_the_language_that_is_asked_for(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    english = {problems._HTTP[404][1].template: "There is nothing here."}
    monkeypatch.setattr(translations, "texts", lambda code: english if code == "en" else {})
    told = {
        wanted: client.get("/nada", headers={"Accept-Language": wanted}).json()["detail"]
        for wanted in ("en-US,pt;q=0.5", "pt-BR,en;q=0.8", "de")
    }
    assert told["en-US,pt;q=0.5"] == "There is nothing here."
    assert told["pt-BR,en;q=0.8"] == told["de"] != told["en-US,pt;q=0.5"]


def test_every_route_describes_itself_with_examples(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    operations = {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    assert {
        "POST /api/interactions/track",
        "POST /api/interactions/batch",
        "GET /api/ml/stats",
        "GET /api/ml/export-data",
        "GET /api/ml/alerts",
        "POST /api/ml/predict-interest",
        "POST /api/feedback",
        "GET /api/webhooks/whatsapp",
        "POST /api/webhooks/whatsapp",
        "GET /tracker.js",
        "GET /feedback.js",
        "GET /health/live",
        "GET /health/ready",
        "GET /health/detailed",
    } <= set(operations)
    for name, operation in operations.items():
        assert operation["summary"], name
        for status, response in operation["responses"].items():
            for kind, content in response.get("content", {}).items():
                assert "example" in content, (name, status, kind)
                assert (kind == problems.MEDIA_TYPE) == (int(status) >= 400), (name, status)
        if name.startswith("POST"):
            assert all(c["example"] for c in operation["requestBody"]["content"].values())
    body = operations["POST /api/interactions/track"]["requestBody"]["content"]
    assert body["application/json"]["schema"] == {"$ref": "#/components/schemas/Event"}
    assert document["components"]["schemas"]["Event"]["additionalProperties"] is False


def test_the_examples_are_valid(serve: Callable[..., TestClient]) -> None:
    client = serve(api_events_per_minute=0, whatsapp_app_secret=SECRET)
    document = client.get("/openapi.json").json()
    for path, operations in document["paths"].items():
        if "post" in operations:
            content = operations["post"]["requestBody"]["content"]
            text = json.dumps(content["application/json"]["example"]).encode()
            headers = {**READ, "Content-Type": "application/json", SIGNATURE: signed(text)}
            assert client.post(path, content=text, headers=headers).status_code == 200, path
