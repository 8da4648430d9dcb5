"""Events that wait are stored together; each sender learns what became of its own."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from src import collection
from src.collection import Event, Intake, store
from src.errors import IntakeFull, StorageError
from tests.unit.collection.events import event

SOON = 30


def checked(number: int = 1, **changes: Any) -> Event:
    found = collection.check(event(number, **changes))
    assert isinstance(found, Event)
    return found


@pytest.fixture
def intake() -> Iterator[Intake]:
    made = Intake(capacity=100)
    yield made
    made.close()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Event, list[int]]]:
    """Hold the writer until the gate opens, and note how many events each commit had."""
    opened, sizes, real = threading.Event(), [], store.add

    def add(batch: Sequence[Event]) -> int:
        opened.wait(SOON)
        sizes.append(len(batch))
        return real(batch)

    monkeypatch.setattr(store, "add", add)
    yield opened, sizes
    opened.set()


@pytest.mark.usefixtures("any_database")
def test_what_gathers_during_a_commit_is_stored_by_the_next_one(
    intake: Intake, gate: tuple[threading.Event, list[int]]
) -> None:
    opened, sizes = gate
    futures = [intake.add(checked(0))]
    while intake._requests:  # until the writer has taken the first one
        threading.Event().wait(0.001)
    futures += [intake.add(checked(number)) for number in range(1, 40)]
    assert intake.waiting == 40
    opened.set()
    for future in futures:
        future.result(SOON)
    assert sizes == [1, 39]
    assert {entry["id"] for entry in collection.every()} == {f"int_{n:06d}" for n in range(40)}


@pytest.mark.usefixtures("any_database")
def test_a_batch_learns_how_many_of_its_events_were_new(
    intake: Intake, gate: tuple[threading.Event, list[int]]
) -> None:
    opened, _sizes = gate
    held = intake.add(checked(1))
    sent = [
        intake.add_batch([checked(1), checked(2), checked(2)], Counter()),
        intake.add_batch([checked(2), checked(3)], Counter({"car_id: missing": 2})),
    ]
    opened.set()
    held.result(SOON)
    assert [future.result(SOON).new for future in sent] == [1, 1]
    assert store.rejected() == {"car_id: missing": 2}


@pytest.mark.usefixtures("any_database")
def test_an_id_of_another_sessions_event_is_refused_stored_before_or_sent_together(
    intake: Intake, gate: tuple[threading.Event, list[int]]
) -> None:
    opened, _sizes = gate
    other = "sess_1699999999999_other"
    held = intake.add(checked(1))
    while intake._requests:
        threading.Event().wait(0.001)
    sent = [
        intake.add(checked(1, session_id=other)),
        intake.add_batch([checked(1), checked(2), checked(2, session_id=other)], Counter()),
        intake.add(checked(2, session_id=other)),
    ]
    opened.set()
    assert held.result(SOON) == (1, ())
    assert [future.result(SOON) for future in sent] == [(0, (0,)), (1, (2,)), (0, (0,))]
    assert {entry["session_id"] for entry in collection.every()} == {checked().session_id}
    assert store.rejected() == {"id: taken": 3}


def fail(error: Exception) -> Callable[..., int]:
    def raise_it(*_: Any) -> int:
        raise error

    return raise_it


def test_when_the_database_takes_nothing_every_sender_is_told_and_the_intake_goes_on(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(store, "add", fail(StorageError("fora")))
        sent = [
            intake.add(checked(1)),
            intake.add_batch([checked(2)], Counter({"id: missing": 1})),
        ]
        for future in sent:
            with pytest.raises(StorageError, match="fora"):
                future.result(SOON)
    assert (intake.waiting, list(collection.every())) == (0, [])
    assert store.rejected() == {}  # they will be sent and refused again
    assert intake.add_batch([checked(2)], Counter({"id: missing": 1})).result(SOON).new == 1
    assert store.rejected() == {"id: missing": 1}


def test_refusals_that_cannot_be_counted_are_counted_later(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(store, "count_rejections", fail(StorageError("fora")))
        intake.refuse(Counter(["json_invalid"])).result(SOON)
        intake.add(checked(1)).result(SOON)
    assert store.rejected() == {}
    intake.refuse(Counter(["too_large"])).result(SOON)
    assert store.rejected() == {"json_invalid": 1, "too_large": 1}


def test_an_error_nobody_foresaw_reaches_the_sender_and_ends_nothing(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(store, "add", fail(ZeroDivisionError()))
        with pytest.raises(ZeroDivisionError):
            intake.add(checked(1)).result(SOON)
    assert intake.add_batch([checked(1)], Counter()).result(SOON).new == 1


def test_no_more_events_wait_than_there_is_room_for(
    intake: Intake, gate: tuple[threading.Event, list[int]]
) -> None:
    opened, _sizes = gate
    waiting = intake.add_batch([checked(number) for number in range(99)], Counter())
    with pytest.raises(IntakeFull, match="99"):
        intake.add_batch([checked(200), checked(201)], Counter())
    last = intake.add(checked(99))
    with pytest.raises(IntakeFull):
        intake.add(checked(300))
    opened.set()
    assert waiting.result(SOON).new == 99
    last.result(SOON)
    assert len(list(collection.every())) == 100


def test_closing_stores_what_waits_and_takes_nothing_more() -> None:
    intake = Intake()
    sent = [intake.add(checked(number)) for number in range(50)]
    intake.close()
    assert all(future.done() for future in sent)
    assert len(list(collection.every())) == 50
    with pytest.raises(IntakeFull):
        intake.add(checked(99))
    intake.close()
