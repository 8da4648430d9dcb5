"""Alerts, a rule whose reading the test sets, and a webhook that listens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from src import alerts, config
from src.alerts import webhook
from src.messages import Message
from tests.unit.alerts.receiver import Receiver, receiving

STATES = {
    "ok": alerts.IN_ORDER,
    "high": alerts.State("alta", alerts.Severity.ALARM),
}


@dataclass
class Gauge:
    """Something that a rule reads."""

    firing: bool = False
    reads: int = 0

    def read(self) -> alerts.Reading:
        self.reads += 1
        state = "high" if self.firing else "ok"
        message = Message("A água está a {level} cm.", {"level": 90 if self.firing else 10})
        return alerts.Reading(state, self.firing, message, 90.0 if self.firing else 10.0)

    def rule(self, name: str = "water") -> alerts.Rule:
        return alerts.Rule(name, Message("Nível da água"), self.read, STATES)


@pytest.fixture
def gauge() -> Gauge:
    return Gauge()


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch, settings: config.Settings) -> Iterator[Receiver]:
    """A webhook that is configured and listens; pauses between attempts are short."""
    monkeypatch.setattr(webhook, "PAUSES_SECONDS", (0.01, 0.01))
    with receiving() as found:
        monkeypatch.setenv("BANCADA_ALERT_WEBHOOK_URL", found.address)
        config.get_settings.cache_clear()
        yield found
