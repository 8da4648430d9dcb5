"""The supervisor calls functions on a schedule, with no page open, whatever becomes of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from src import alerts, collection, config, conversations, jobs, review
from src.conversations import NewConversation, NewTurn, Role
from src.messages import Message
from src.persistence import utc_now
from tests.integration.waiting import ended, wait_for
from tests.unit.alerts.receiver import receiving
from tests.unit.collection.events import event

ON_SCHEDULE = "tests.integration.duties:ON_SCHEDULE"


@pytest.fixture
def stopped() -> Iterator[None]:
    yield
    jobs.stop_workers()


def test_alerts_are_checked_and_told_without_a_page(
    stopped: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving() as receiver:
        monkeypatch.setenv("BANCADA_ALERT_WEBHOOK_URL", receiver.address)
        monkeypatch.setenv("BANCADA_ALERT_SECONDS", "1")
        config.get_settings.cache_clear()
        jobs.ensure_workers(ON_SCHEDULE)
        wait_for(lambda: len(alerts.history(["ready"])) >= 2)
        assert receiver.bodies == []
        now = utc_now().isoformat()
        collection.record_many([event(number, timestamp=now) for number in range(500)])
        wait_for(lambda: receiver.bodies)
        count = len(alerts.history(["ready"]))
        wait_for(lambda: len(alerts.history(["ready"])) > count)
        assert [body["rule"] for body in receiver.bodies] == ["ready"]


def test_old_exports_are_removed_though_nobody_exports_again(
    stopped: None, settings: config.Settings
) -> None:
    old = settings.data_dir / "exports" / "old.csv"
    old.parent.mkdir()
    old.write_text("id")
    os.utime(old, (0, 0))
    jobs.ensure_workers(ON_SCHEDULE)
    wait_for(lambda: not old.exists())


def test_conversations_enter_the_queue_though_nobody_opens_a_page(
    stopped: None, settings: config.Settings
) -> None:
    said = tuple(
        NewTurn((Role.CUSTOMER, Role.ASSISTANT)[number % 2], str(number)) for number in range(11)
    )
    conversations.add([NewConversation("c", said)], "teste", actor="ana")
    jobs.ensure_workers(ON_SCHEDULE)
    wait_for(lambda: review.queue_state().waiting == 1)


def test_a_function_that_fails_ends_neither_the_supervisor_nor_the_others(
    stopped: None, settings: config.Settings
) -> None:
    jobs.ensure_workers("tests.integration.duties:FAILING")
    mark = Path(settings.data_dir) / "mark"
    wait_for(lambda: mark.exists() and len(mark.read_text()) >= 2)
    job = jobs.submit("trials.add", {"a": 1, "b": 1}, title=Message("x"), actor="ana")
    assert wait_for(lambda: ended(job)).state is jobs.JobState.SUCCEEDED
