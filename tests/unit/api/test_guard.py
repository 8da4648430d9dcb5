"""Who may ask from which page, and how often."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from src.api.guard import _network
from tests.unit.api.conftest import READ, WRITE
from tests.unit.api.test_events import TRACK, problem
from tests.unit.collection.events import EVENT

Serve = Callable[..., TestClient]


def preflight(client: TestClient, origin: str, headers: str = "x-api-key,content-type") -> Any:
    return client.options(
        TRACK,
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": headers,
        },
    )


@pytest.mark.parametrize(
    "origin", ["http://localhost:3000", "http://127.0.0.1", "http://localhost"]
)
def test_pages_of_this_machine_may_send_events_unless_origins_are_set(
    client: TestClient, origin: str
) -> None:
    response = preflight(client, origin)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == origin
    sent = client.post(TRACK, json=EVENT, headers={**WRITE, "Origin": origin})
    assert sent.headers["access-control-allow-origin"] == origin
    refused = client.post(TRACK, json={}, headers={"Origin": origin})
    assert problem(refused, 401)
    assert refused.headers["access-control-allow-origin"] == origin


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://localhost.evil.example", "http://localhost:3000.evil", "null"],
)
def test_pages_of_other_origins_are_refused(client: TestClient, origin: str) -> None:
    response = preflight(client, origin)
    problem(response, 400)
    assert "access-control-allow-origin" not in response.headers
    answer = client.post(TRACK, json=EVENT, headers={**WRITE, "Origin": origin})
    assert "access-control-allow-origin" not in answer.headers


def test_a_header_nobody_needs_is_refused(client: TestClient) -> None:
    problem(preflight(client, "http://localhost", "x-other"), 400)


def test_origins_are_set_by_name(serve: Serve) -> None:
    client = serve(cors_origins="https://loja.example/, https://www.loja.example")
    for origin in ("https://loja.example", "https://www.loja.example"):
        assert preflight(client, origin).headers["access-control-allow-origin"] == origin
    problem(preflight(client, "http://localhost:3000"), 400)


def test_every_origin_may_be_allowed(serve: Serve) -> None:
    response = preflight(serve(cors_origins="*"), "https://loja.example")
    assert response.headers["access-control-allow-origin"] == "*"


def test_too_many_requests_are_told_when_to_come_again(serve: Serve) -> None:
    client = serve(api_events_per_minute=3, api_reads_per_minute=2)
    answers = [client.post(TRACK, json=EVENT, headers=WRITE) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    problem(answers[-1], 429)
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    # Reading has a count of its own, which wrong keys use up, too.
    answers = [client.get("/api/ml/stats", headers=key) for key in (READ, {}, READ)]
    assert [answer.status_code for answer in answers] == [200, 401, 429]


def test_feedback_and_webhooks_are_counted_with_the_events(serve: Serve) -> None:
    client = serve(api_events_per_minute=3, api_reads_per_minute=0)
    answers = [
        client.post(path, json={}, headers=WRITE).status_code
        for path in ("/api/feedback", "/api/webhooks/whatsapp", TRACK, "/api/feedback")
    ]
    assert answers == [422, 503, 422, 429]


def test_what_needs_no_key_is_never_limited_and_what_does_is(serve: Serve) -> None:
    client = serve(api_events_per_minute=1, api_reads_per_minute=1)
    assert client.get("/health/detailed").status_code == 401
    assert client.get("/health/detailed", headers=READ).status_code == 429
    for path in ("/health/live", "/health/ready", "/tracker.js", "/feedback.js"):
        assert [client.get(path).status_code for _ in range(5)] == [200] * 5


def test_each_address_has_its_own_count_and_0_is_no_limit(serve: Serve) -> None:
    app = serve(api_events_per_minute=1, api_reads_per_minute=0).app
    for number in range(3):
        other = TestClient(app, client=(f"192.0.2.{number}", 50_000))
        assert other.post(TRACK, json={}).status_code == 401
        assert other.post(TRACK, json={}).status_code == 429
        assert [other.get("/api/ml/stats").status_code for _ in range(20)] == [401] * 20


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::7", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("not:an:address", "not:an:address"),
    ],
)
def test_an_ipv6_client_is_known_by_its_network(address: str, network: str) -> None:
    assert _network(address) == network
