"""WhatsApp's notifications: Meta's are taken, and nobody else's."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from src import conversations
from tests.unit.api.test_events import problem
from tests.unit.review.conftest import Store, store  # noqa: F401
from tests.unit.review.test_feedback import notification, reaction

WEBHOOK, SIGNATURE = "/api/webhooks/whatsapp", "X-Hub-Signature-256"
SECRET, TOKEN = "the-app-secret", "the verify token, ção"


def signed(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def send(client: TestClient, payload: Any, **headers: str) -> Any:
    """Send a notification, or the very bytes of one, signed unless another signature is given."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    given = {SIGNATURE: signed(body), "Content-Type": "application/json", **headers}
    return client.post(WEBHOOK, content=body, headers=given)


@pytest.fixture
def meta(serve: Callable[..., TestClient]) -> TestClient:
    return serve(api_events_per_minute=0, whatsapp_app_secret=SECRET, whatsapp_verify_token=TOKEN)


def ask(client: TestClient, **changed: str) -> Any:
    given = {"mode": "subscribe", "verify_token": TOKEN, "challenge": "1158201444", **changed}
    return client.get(WEBHOOK, params={f"hub.{name}": value for name, value in given.items()})


def test_meta_is_answered_with_its_challenge(meta: TestClient) -> None:
    response = ask(meta)
    assert (response.status_code, response.text) == (200, "1158201444")
    assert response.headers["content-type"].startswith("text/plain")


def test_another_token_is_refused_and_counted_in_the_log(meta: TestClient) -> None:
    with capture_logs() as log:
        for token in ("wrong", "", TOKEN + " "):
            assert problem(ask(meta, verify_token=token), 403)["type"].endswith("wrong-token")
    counts = [line["count"] for line in log]
    assert counts == list(range(counts[0], counts[0] + 3))
    assert TOKEN not in repr(log)


@pytest.mark.parametrize(
    "changed", [{"mode": "unsubscribe"}, {"challenge": "<script>"}, {"challenge": ""}]
)
def test_what_is_no_handshake_is_refused(meta: TestClient, changed: dict[str, str]) -> None:
    problem(ask(meta, **changed), 422)
    problem(meta.get(WEBHOOK), 422)


def test_a_reaction_is_stored_once_however_often_it_comes(
    store: Store,  # noqa: F811
    meta: TestClient,
) -> None:
    (key,) = store(2)
    sent = notification(reaction("👎"))
    answers = [send(meta, sent).json() for _ in range(3)]
    assert answers == [
        {"status": "success", "stored": stored, "ignored": 0} for stored in (1, 0, 0)
    ]
    (kept,) = conversations.feedback_of(key)
    assert (kept.positive, kept.channel, kept.author) == (False, "whatsapp", "customer")
    assert send(meta, notification(reaction("", second=5))).json()["stored"] == 1
    assert conversations.feedback_of(key) == []
    assert send(meta, sent).json()["stored"] == 0
    assert conversations.feedback_of(key) == []


BODY = json.dumps(notification(reaction("👍"))).encode()


@pytest.mark.parametrize(
    "headers",
    [
        {SIGNATURE: ""},
        {SIGNATURE: "sha256="},
        {SIGNATURE: "sha256=" + "0" * 64},
        {SIGNATURE: signed(BODY, "another secret")},
        {SIGNATURE: signed(BODY, "")},
        {SIGNATURE: signed(BODY + b" ")},
        {SIGNATURE: signed(BODY).removeprefix("sha256=")},
        {SIGNATURE: signed(BODY).replace("sha256", "sha1")},
    ],
)
def test_what_meta_did_not_sign_is_refused_and_counted_in_the_log(
    meta: TestClient, headers: dict[str, str]
) -> None:
    with capture_logs() as log:
        for _ in range(2):
            problem(send(meta, BODY, **headers), 403)
        problem(meta.post(WEBHOOK, content=BODY, headers={"Content-Type": "application/json"}), 403)
    assert [line["event"] for line in log] == ["whatsapp_forged"] * 3
    assert log[2]["count"] == log[0]["count"] + 2
    assert [line["signed"] for line in log] == [True, True, False]
    assert send(meta, BODY).json()["stored"] == 1  # it was not stored before


def test_the_very_bytes_are_what_is_signed(meta: TestClient) -> None:
    spaced = json.dumps(notification(reaction("👍")), indent=3, ensure_ascii=False).encode()
    assert send(meta, spaced).json()["stored"] == 1
    written_anew = json.dumps(json.loads(spaced)).encode()
    problem(send(meta, written_anew, **{SIGNATURE: signed(spaced)}), 403)


@pytest.mark.parametrize("secret", ["", "   "])
def test_without_a_secret_nothing_is_taken(serve: Callable[..., TestClient], secret: str) -> None:
    client = serve(whatsapp_app_secret=secret, whatsapp_verify_token=secret)
    found = problem(send(client, BODY, **{SIGNATURE: signed(BODY, secret)}), 503)
    assert "BANCADA_WHATSAPP_APP_SECRET" in found["detail"]
    found = problem(ask(client, verify_token=secret), 503)
    assert "BANCADA_WHATSAPP_VERIFY_TOKEN" in found["detail"]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"{", "não é JSON"),
        (b"\xff\xfe\x00", "não é JSON"),
        (b"[" * 200_000, "não é JSON"),
        (b"", "não é JSON"),
        ([], "não é uma notificação do WhatsApp"),
        ({"object": "page"}, "não é uma notificação do WhatsApp"),
        (notification({"type": "text", "text": {"body": "oi"}}), "mensagem do tipo text"),
        (notification({"type": "reaction"}), "reação sem mensagem ou sem identificador"),
        (
            {
                "object": "whatsapp_business_account",
                "entry": [
                    {"changes": [{"field": "messages", "value": {"statuses": [{"id": "w"}]}}]}
                ],
            },
            "notificação sem mensagens",
        ),
    ],
)
def test_anything_else_is_passed_over_with_a_reason_in_the_log(
    meta: TestClient, payload: Any, reason: str
) -> None:
    with capture_logs() as log:
        response = send(meta, payload)
    assert response.status_code == 200
    assert response.json() == {"status": "success", "stored": 0, "ignored": 1}
    assert log[-1]["ignored"] == [reason]


@pytest.mark.usefixtures("any_database")
def test_half_an_emoji_or_a_nul_does_not_keep_a_reaction_out(meta: TestClient) -> None:
    text = {"type": "text", "text": {"body": "\ud83d \x00"}}
    sent = notification(text, reaction("👍\x00", turn="t\x00\ud83d"))
    assert send(meta, sent).json() == {"status": "success", "stored": 1, "ignored": 1}


def test_a_large_body_or_another_type_is_refused(meta: TestClient) -> None:
    problem(send(meta, b" " * (3 * 1024 * 1024 + 1)), 413)
    problem(send(meta, BODY, **{"Content-Type": "text/plain"}), 415)
    large = notification({"type": "text", "text": {"body": "x" * 2_000_000}}, reaction("👍"))
    assert send(meta, large).json()["stored"] == 1
