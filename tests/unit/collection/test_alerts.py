"""When the collection has something to say, from the figures alone and from the events."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from src import alerts, collection, house
from src.collection.alerts import error_rate, ready, silence
from src.persistence import utc_now
from tests.unit.collection.events import event

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("interactions", "state", "firing"),
    [(0, "collecting", False), (499, "collecting", False), (500, "ready", True)],
)
def test_ready_at_five_hundred(interactions: int, state: str, firing: bool) -> None:
    reading = ready(interactions)
    assert (reading.state, reading.firing, reading.value) == (state, firing, interactions)
    assert str(interactions) in str(reading.message)


@pytest.mark.parametrize(
    ("hours", "state", "firing"),
    [
        (None, "never_started", False),
        (-1, "ok", False),  # the clock was set back
        (0, "ok", False),
        (23.99, "ok", False),
        (24, "silent", True),
        (1000, "silent", True),
    ],
)
def test_silence_has_three_states(hours: float | None, state: str, firing: bool) -> None:
    reading = silence(None if hours is None else NOW - dt.timedelta(hours=hours), NOW)
    assert (reading.state, reading.firing) == (state, firing)
    assert str(reading.message)


@pytest.mark.parametrize(
    ("received", "rejected", "state", "firing"),
    [
        (0, 0, "too_few", False),
        (2, 1, "too_few", False),
        (19, 19, "too_few", False),
        (20, 2, "ok", False),
        (20, 3, "high", True),
        (1000, 100, "ok", False),
        (1000, 101, "high", True),
    ],
)
def test_errors_are_too_many_above_a_tenth_of_enough(
    received: int, rejected: int, state: str, firing: bool
) -> None:
    reading = error_rate(received, rejected)
    assert (reading.state, reading.firing) == (state, firing)
    assert reading.value == (rejected / received if received else None)
    assert str(received) in str(reading.message)


@pytest.mark.usefixtures("any_database")
def test_the_rules_read_what_has_come_in() -> None:
    def states() -> dict[str, str]:
        return {found.rule: found.state for found in alerts.check(collection.alert_rules())}

    assert states() == {"ready": "collecting", "silence": "never_started", "error_rate": "too_few"}
    today = utc_now().isoformat()
    collection.record_many([event(number, timestamp=today) for number in range(500)])
    assert states() == {"ready": "ready", "silence": "ok", "error_rate": "ok"}
    collection.record_many([event(number, match_score=7.0) for number in range(60)])
    assert states()["error_rate"] == "high"
    fired = [
        entry.rule
        for entry in alerts.history(["ready", "silence", "error_rate"])
        if entry.kind is alerts.Kind.FIRED
    ]
    assert fired == ["error_rate", "ready"]


@pytest.mark.usefixtures("any_database")
def test_the_error_rate_is_of_what_came_in_lately_whenever_it_occurred(tmp_path: Path) -> None:
    def found() -> tuple[str, float | None]:
        rate = next(rule for rule in collection.alert_rules() if rule.id == "error_rate").read()
        return rate.state, rate.value

    bad = [event(number, match_score=7.0) for number in range(30)]
    path = tmp_path / "user_interactions.json"
    path.write_text(json.dumps({"interactions": bad}))
    collection.import_json(path)
    assert collection.overview().rejected == 30
    assert found() == ("too_few", None)  # a file says nothing of the site
    # What was queued while offline occurred long ago, and came in now.
    collection.record_many([event(number) for number in range(97)] + bad[:3])
    assert found() == ("ok", 0.03)
    collection.record_many(bad[:10])
    assert found() == ("high", 13 / 110)


@pytest.mark.usefixtures("any_database")
def test_a_check_that_is_not_due_says_when_it_will_be() -> None:
    begun = utc_now()
    for _again in range(2):
        waits = house.check_alerts_if_due()
        assert 300 - (utc_now() - begun).total_seconds() <= waits <= 300
    assert len(alerts.history(["ready"])) == 1
