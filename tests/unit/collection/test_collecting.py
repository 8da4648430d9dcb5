"""Events are stored once, counted with what they change, and can be erased."""

from __future__ import annotations

import datetime as dt
import json
import random
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from src import collection
from src.collection import store
from src.errors import CollectionError, InvalidEvent
from src.persistence import utc_now
from tests.unit.collection.events import at, event

pytestmark = pytest.mark.usefixtures("any_database")

KINDS = ("impression", "click", "view_details", "whatsapp_contact")


def some(count: int, seed: int = 0) -> list[dict[str, Any]]:
    """Return events of few sessions and cars, so that they meet in the counters."""
    rng = random.Random(seed)
    made = []
    for number in range(count):
        kind = rng.choice(KINDS)
        made.append(
            event(
                number,
                interaction_type=kind,
                session_id=f"sess_1699999999999_s{rng.randrange(12)}",
                car_id=f"car_{rng.randrange(9)}",
                timestamp=at(rng.randrange(1, 8), rng.randrange(24)),
                duration_seconds=rng.choice([None, 4.5, 10.0]) if kind == "view_details" else None,
            )
        )
    return made


def counted(events: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the documented figures, counted from the events themselves."""
    done = [entry for entry in events if entry["interaction_type"] != "impression"]
    kinds = Counter(entry["interaction_type"] for entry in done)
    seconds = [e["duration_seconds"] for e in done if e["duration_seconds"] is not None]
    last = max((dt.datetime.fromisoformat(e["timestamp"]) for e in done), default=None)
    return {
        "total_interactions": len(done),
        "click_count": kinds["click"],
        "view_details_count": kinds["view_details"],
        "whatsapp_contact_count": kinds["whatsapp_contact"],
        "unique_sessions": len({e["session_id"] for e in done}),
        "unique_cars": len({e["car_id"] for e in done}),
        "avg_duration_seconds": round(sum(seconds) / len(seconds), 1) if seconds else 0.0,
        "last_interaction": last and last.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "data_collection_progress": round(min(100, len(done) / 5), 1),
        "ready_for_training": len(done) >= 500,
        "min_interactions_needed": 500,
    }


def test_without_events_the_figures_are_those_of_nothing() -> None:
    assert collection.stats() == counted([])
    assert list(store.every()) == []


def test_an_event_is_stored_as_it_came() -> None:
    sent = event(7, interaction_type="view_details", duration_seconds=12.5)
    assert collection.record(sent) == "int_000007"
    assert list(store.every()) == [sent]


def test_the_same_event_twice_counts_once() -> None:
    collection.record(event(1))
    collection.record(event(1))
    found = collection.record_many([event(1), event(2), event(2)])
    assert (found.accepted, found.duplicates, found.rejected) == (1, 2, ())
    assert collection.stats()["total_interactions"] == 2


def test_the_counters_are_those_of_the_events() -> None:
    events = some(600)
    for start in range(0, 600, 37):
        collection.record_many(events[start : start + 37])
    assert collection.stats() == counted(events)
    clicked = Counter(e["car_id"] for e in events if e["interaction_type"] == "click")
    found = {car.car_id: car.clicks for car in collection.most_clicked(limit=100)}
    assert found == dict(clicked)


def test_a_view_of_details_has_its_negatives_among_what_was_clicked() -> None:
    shown = [event(n, interaction_type="impression") for n in range(5)]
    clicked = [event(10 + n) for n in range(3)]
    viewed = [event(20 + n, interaction_type="view_details") for n in range(3)]

    def views() -> collection.Target:
        found = {target.kind: target for target in collection.targets()}
        return found[collection.InteractionType.VIEW_DETAILS]

    collection.record_many([*shown, *clicked, *viewed[:2]])
    assert (views().possible, views().positives, views().negatives) == (True, 2, 1)
    collection.record(viewed[2])
    assert not views().possible
    assert "Tudo o que foi clicado" in str(views().reason)


def test_an_invalid_event_is_counted_without_its_content_and_harms_no_other() -> None:
    found = collection.record_many(
        [event(1), event(2, match_score=7.0), event(3, joao=1), event(4)]
    )
    assert found.accepted == 2
    assert [position for position, _problems in found.rejected] == [1, 2]
    with pytest.raises(InvalidEvent, match="match_score"):
        collection.record(event(5, match_score=-1.0))
    assert collection.overview().rejections == {
        "extra_field": 1,
        "match_score: greater_than_equal": 1,
        "match_score: less_than_equal": 1,
    }
    tomorrow = utc_now().date() + dt.timedelta(days=1)
    assert collection.overview(tomorrow).rejections == {}


def test_many_writers_at_once_lose_and_double_nothing() -> None:
    events = some(240)
    failures = []

    def send(worker: int) -> None:
        try:
            for start in range(0, 240, 12):
                chosen = events[start : start + 12]
                collection.record_many(chosen if worker % 2 else list(reversed(chosen)))
        except Exception as error:  # noqa: BLE001 - shown below
            failures.append(error)

    threads = [threading.Thread(target=send, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert collection.stats() == counted(events)


def test_after_a_session_is_erased_the_counters_agree() -> None:
    events = some(300)
    collection.record_many(events)
    for number in range(12):
        session = f"sess_1699999999999_s{number}"
        gone = [entry for entry in events if entry["session_id"] == session]
        events = [entry for entry in events if entry["session_id"] != session]
        assert collection.erase_session(session) == len(gone)
        assert collection.stats() == counted(events)
    assert collection.daily() == []
    assert collection.most_clicked() == []
    assert collection.erase_session("sess_1699999999999_s1") == 0


def test_the_documented_file_is_written_and_read_again(tmp_path: Path) -> None:
    events = some(50)
    collection.record_many(events)
    path = tmp_path / "user_interactions.json"
    assert collection.export_json(path) == 50
    written = json.loads(path.read_text(encoding="utf-8"))
    assert list(written) == ["interactions", "metadata"]
    assert list(written["interactions"][0]) == list(event())
    assert written["metadata"]["total_count"] == 50
    assert written["metadata"]["version"] == "1.0"
    assert written["metadata"]["last_updated"] == written["interactions"][-1]["timestamp"]
    found = collection.import_json(path)
    assert (found.accepted, found.duplicates) == (0, 50)
    for number in range(12):
        collection.erase_session(f"sess_1699999999999_s{number}")
    assert collection.import_json(path).accepted == 50
    assert collection.stats() == counted(events)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"interactions": 3}', "\x00PNG", '{"a": []}'])
def test_a_file_of_another_kind_is_refused_with_a_reason(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises(CollectionError, match=r"x\.json"):
        collection.import_json(path)
    with pytest.raises(CollectionError, match="nada"):
        collection.import_json(tmp_path / "nada")


def test_an_empty_file_of_the_documented_shape_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "empty.json"
    assert collection.export_json(path) == 0
    assert collection.import_json(path).accepted == 0


def test_the_pace_is_that_of_the_whole_days_before() -> None:
    collection.record_many([event(n, timestamp=at(1 + n % 7)) for n in range(70)])
    assert collection.pace(dt.date(2024, 11, 8)) == 10
    assert collection.pace(dt.date(2024, 11, 5)) == 40 / 7
    assert collection.pace(dt.date(2025, 1, 1)) == 0
