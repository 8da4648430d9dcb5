"""What the webhook is told, and what becomes of it when the other side does not listen."""

from __future__ import annotations

import json
import logging
import socket

import pytest

from src import alerts, config
from src.alerts import Kind, webhook
from src.logs import configure_logs
from src.messages import Message
from tests.unit.alerts.conftest import Gauge
from tests.unit.alerts.receiver import Receiver


def fire(gauge: Gauge) -> alerts.Evaluation:
    gauge.firing = True
    (found,) = alerts.check([gauge.rule()])
    (logged,) = alerts.history(["water"])
    assert logged == found
    return found


def test_it_is_told_of_the_beginning_and_of_the_end(gauge: Gauge, receiver: Receiver) -> None:
    for firing in (False, True, True, False, False):
        gauge.firing = firing
        alerts.check([gauge.rule()])
    fired, recovered = receiver.bodies
    assert fired["text"] == fired["content"]
    assert fired["text"] == "Bancada, alerta: Nível da água. A água está a 90 cm."
    assert fired["rule"] == "water"
    assert (fired["kind"], fired["state"], fired["firing"]) == ("fired", "high", True)
    assert fired["value"] == 90.0
    assert recovered["kind"] == "recovered"
    deliveries = [entry.delivery for entry in alerts.history(["water"])]
    assert deliveries == [None, "delivered", None, "delivered", None]


def test_it_is_told_in_the_language_of_the_installation(
    gauge: Gauge, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deep() -> alerts.Reading:
        return alerts.Reading("high", True, Message("{level} cm", {"level": 1234}), 1234.0)

    monkeypatch.setattr(gauge, "read", deep)
    alerts.test(gauge.rule(), actor="ana")
    monkeypatch.setenv("BANCADA_LANGUAGE", "en")
    config.get_settings.cache_clear()
    alerts.test(gauge.rule(), actor="ana")
    portuguese, english = (body["text"] for body in receiver.bodies)
    assert portuguese.startswith("Bancada, teste de alerta")
    assert portuguese.endswith("1.234 cm")
    assert english.startswith("Bancada, test of an alert")
    assert english.endswith("1,234 cm")


def test_a_test_is_marked_and_sent_whether_or_not_the_rule_fires(
    gauge: Gauge, receiver: Receiver
) -> None:
    found = alerts.test(gauge.rule(), actor="ana")
    assert (found.kind, found.delivery) == (Kind.TEST, "delivered")
    assert receiver.bodies[0]["kind"] == "test"
    assert "teste" in receiver.bodies[0]["text"]


def test_a_test_is_tried_once_because_somebody_waits(gauge: Gauge, receiver: Receiver) -> None:
    receiver.answers = [500]
    assert alerts.test(gauge.rule(), actor="ana").delivery == "failed: HTTP 500"
    assert len(receiver.bodies) == 1


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_passing_fault_is_tried_again(gauge: Gauge, receiver: Receiver, status: int) -> None:
    receiver.answers = [status, 200]
    assert fire(gauge).delivery == "delivered"
    assert len(receiver.bodies) == 2


def test_after_a_few_attempts_it_is_left_and_logged(gauge: Gauge, receiver: Receiver) -> None:
    receiver.answers = [500] * 9
    assert fire(gauge).delivery == "failed: HTTP 500"
    assert len(receiver.bodies) == 3


@pytest.mark.parametrize("status", [400, 404, 302])
def test_a_refusal_is_not_repeated(gauge: Gauge, receiver: Receiver, status: int) -> None:
    receiver.answers = [status]
    assert fire(gauge).delivery == f"failed: HTTP {status}"
    assert len(receiver.bodies) == 1


def test_who_does_not_answer_is_not_waited_for(
    gauge: Gauge, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "TIMEOUT_SECONDS", 0.1)
    receiver.answers = [None] * 3
    assert fire(gauge).delivery == "failed: ReadTimeout"
    assert len(receiver.bodies) == 3


def test_nobody_at_the_address_harms_no_check(
    gauge: Gauge, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setenv("BANCADA_ALERT_WEBHOOK_URL", f"http://127.0.0.1:{port}/x")
    config.get_settings.cache_clear()
    assert fire(gauge).delivery == "failed: ConnectError"


@pytest.mark.parametrize(
    "address",
    ["ftp://host/x", "nonsense", "http://", "http://[::1/x", "http://a..b/x", "http://xn--/x"],
)
def test_an_address_that_is_none_harms_no_check(
    gauge: Gauge, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("BANCADA_ALERT_WEBHOOK_URL", address)
    config.get_settings.cache_clear()
    delivery = fire(gauge).delivery
    assert delivery
    assert delivery.startswith("failed: ")


def test_without_an_address_nothing_is_sent(gauge: Gauge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANCADA_ALERT_WEBHOOK_URL", " ")
    config.get_settings.cache_clear()
    assert fire(gauge).delivery is None


def test_the_secret_in_the_address_is_written_nowhere(
    gauge: Gauge,
    receiver: Receiver,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    configure_logs()  # to this test's stderr, whatever ran before it
    receiver.answers = [500, 404]
    with caplog.at_level(logging.INFO):
        logging.getLogger("httpx").setLevel(logging.INFO)
        fire(gauge)
    out, err = capfd.readouterr()
    logged = json.dumps([str(entry) for entry in alerts.history(["water"])])
    assert "alert_webhook" in out + err
    assert "very-secret" not in caplog.text + out + err + logged + repr(config.get_settings())
