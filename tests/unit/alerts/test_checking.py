"""An alert is told once when it begins and once when it ends, whoever looks and however often."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import replace

import pytest

from src import alerts
from src.alerts import Kind, store
from src.persistence import utc_now
from tests.unit.alerts.conftest import Gauge
from tests.unit.alerts.receiver import Receiver

pytestmark = pytest.mark.usefixtures("any_database")


def kinds(*rules: str) -> list[Kind]:
    """Return what the log holds, oldest first."""
    return [entry.kind for entry in reversed(alerts.history(rules or ["water"]))]


def test_it_fires_once_and_recovers_once(gauge: Gauge) -> None:
    for firing in (False, True, True, True, False, False, True):
        gauge.firing = firing
        alerts.check([gauge.rule()])
    assert kinds() == [
        *(Kind.CHECK, Kind.FIRED, Kind.CHECK, Kind.CHECK),
        *(Kind.RECOVERED, Kind.CHECK, Kind.FIRED),
    ]


def test_what_fires_at_the_first_look_fires(gauge: Gauge) -> None:
    gauge.firing = True
    assert [found.kind for found in alerts.check([gauge.rule()])] == [Kind.FIRED]


def test_the_log_holds_what_was_found(gauge: Gauge) -> None:
    gauge.firing = True
    (made,) = alerts.check([gauge.rule()], actor="ana\0")
    assert alerts.history(["water"]) == [made]
    assert alerts.latest(["water", "wind"]) == {"water": made}
    assert (made.rule, made.state, made.firing, made.value) == ("water", "high", True, 90.0)
    assert (made.actor, made.delivery) == ("ana", None)
    assert str(made.message) == "A água está a 90 cm."
    assert abs(utc_now() - made.at) < dt.timedelta(minutes=1)


def test_rules_do_not_mix(gauge: Gauge) -> None:
    other = Gauge(firing=True)
    alerts.check([gauge.rule(), other.rule("wind")])
    assert kinds("water") == [Kind.CHECK]
    assert kinds("wind") == [Kind.FIRED]
    assert len(alerts.history(["water", "wind"])) == 2
    assert len(alerts.history(["water", "wind"], limit=1)) == 1


def test_a_test_is_logged_and_changes_nothing(gauge: Gauge) -> None:
    gauge.firing = True
    alerts.check([gauge.rule()])
    gauge.firing = False
    tested = alerts.test(gauge.rule(), actor="ana")
    assert (tested.kind, tested.firing, tested.actor) == (Kind.TEST, False, "ana")
    assert alerts.history(["water"])[0] == tested
    assert alerts.latest(["water"])["water"].kind is Kind.FIRED
    gauge.firing = True
    alerts.check([gauge.rule()])
    assert kinds() == [Kind.FIRED, Kind.TEST, Kind.CHECK]


def test_an_older_reading_that_comes_late_decides_nothing(gauge: Gauge) -> None:
    before = utc_now()
    quiet = gauge.read()
    gauge.firing = True
    alerts.check([gauge.rule()])
    _entry, late = store.settle("water", quiet, read_at=before, actor="", delivery=None)
    assert late.kind is Kind.CHECK
    alerts.check([gauge.rule()])
    assert kinds() == [Kind.FIRED, Kind.CHECK, Kind.CHECK]


def test_a_clock_that_was_set_back_does_not_silence_a_rule(gauge: Gauge) -> None:
    later = utc_now() + dt.timedelta(days=365)
    store.settle("water", gauge.read(), read_at=later, actor="", delivery=None)
    gauge.firing = True
    assert alerts.check([gauge.rule()])[0].kind is Kind.FIRED


def test_of_many_checkers_at_once_one_tells(gauge: Gauge, receiver: Receiver) -> None:
    gauge.firing = True
    start = threading.Barrier(6)
    found: list[alerts.Evaluation] = []

    def look() -> None:
        start.wait()
        found.extend(alerts.check([gauge.rule()]))

    threads = [threading.Thread(target=look) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(entry.kind for entry in found) == [Kind.CHECK] * 5 + [Kind.FIRED]
    assert len(receiver.bodies) == 1


def test_of_many_schedules_one_takes_the_turn(gauge: Gauge) -> None:
    start = threading.Barrier(6)
    waits: list[float] = []

    def look() -> None:
        start.wait()
        waits.append(alerts.check_if_due([gauge.rule()], every=300))

    threads = [threading.Thread(target=look) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kinds() == [Kind.CHECK]
    assert len(waits) == 6
    assert all(1 <= wait <= 300 for wait in waits)


def test_a_turn_comes_again_after_the_interval(
    gauge: Gauge, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = utc_now()
    clock = [began]
    monkeypatch.setattr(store, "utc_now", lambda: clock[0])
    expected = [(0, 1, 300), (299, 1, 1), (300, 2, 300), (450, 2, 150), (-9000, 3, 300)]
    for seconds, reads, wait in expected:
        clock[0] = began + dt.timedelta(seconds=seconds)
        assert alerts.check_if_due([gauge.rule()], every=300) == pytest.approx(wait)
        assert gauge.reads == reads


def test_a_rule_that_cannot_be_read_keeps_no_other_from_being_checked(gauge: Gauge) -> None:
    def fail() -> alerts.Reading:
        raise ZeroDivisionError

    broken = replace(gauge.rule("broken"), read=fail)
    assert alerts.check_if_due([broken, gauge.rule()], every=300) > 200
    assert kinds() == [Kind.CHECK]


def test_a_state_of_an_older_version_is_called_as_the_log_has_it(gauge: Gauge) -> None:
    assert gauge.rule().state("high").severity is alerts.Severity.ALARM
    assert gauge.rule().state("flooded") == alerts.State("flooded", alerts.Severity.IDLE)


def test_old_checks_are_removed_and_what_mattered_is_kept(
    gauge: Gauge, monkeypatch: pytest.MonkeyPatch
) -> None:
    gauge.firing = True
    alerts.check([gauge.rule()])
    alerts.test(gauge.rule(), actor="ana")
    alerts.check([gauge.rule()])
    gauge.firing = False
    alerts.check([gauge.rule()])
    much_later = utc_now() + store.KEPT + dt.timedelta(hours=1)
    monkeypatch.setattr(store, "utc_now", lambda: much_later)
    alerts.check([gauge.rule()])
    assert kinds() == [Kind.FIRED, Kind.TEST, Kind.RECOVERED, Kind.CHECK]


def test_the_last_fifty_entries_are_told_unless_more_are_asked_for(gauge: Gauge) -> None:
    for _look in range(26):
        for firing in (True, False):
            gauge.firing = firing
            alerts.check([gauge.rule()])
    assert len(alerts.history(["water"])) == 50
    assert len(alerts.history(["water"], limit=52)) == 52
