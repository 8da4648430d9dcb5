"""Events are stored once, counted with what they change, and can be erased."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from src import collection, persistence
from src.errors import InvalidEvent
from src.persistence import utc_now
from tests.unit.collection.events import at, event, some

pytestmark = pytest.mark.usefixtures("any_database")


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
    assert list(collection.every()) == []


def test_an_event_is_stored_as_it_came() -> None:
    sent = event(7, interaction_type="view_details", duration_seconds=12.5)
    assert collection.record(sent) == "int_000007"
    assert list(collection.every()) == [sent]


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


def test_a_session_is_erased_however_many_cars_it_has() -> None:
    # PostgreSQL takes 65,535 values in a statement, SQLite as many as it was built for.
    collection.record_many(event(number, car_id=f"car_{number}") for number in range(60))
    most = []

    def note(_c: Any, _cursor: Any, _text: str, values: Any, _context: Any, many: bool) -> None:
        most.append(max(map(len, values)) if many else len(values))

    sa.event.listen(persistence.get_engine(), "before_cursor_execute", note)
    try:
        assert collection.erase_session(event()["session_id"]) == 60
    finally:
        sa.event.remove(persistence.get_engine(), "before_cursor_execute", note)
    assert max(most) < 20
    assert collection.overview().cars == 0


def test_a_file_that_is_imported_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "user_interactions.json"
    path.write_text(json.dumps({"interactions": [*some(20), event(99, match_score=7)]}))
    for accepted in (20, 0):
        found = collection.import_json(path)
        assert (found.accepted, found.refused) == (accepted, 1)
        assert collection.overview().rejections == {"match_score: less_than_equal": 1}


def test_the_pace_is_that_of_the_whole_days_before() -> None:
    collection.record_many([event(n, timestamp=at(1 + n % 7)) for n in range(70)])
    assert collection.pace(dt.date(2024, 11, 8)) == 10
    assert collection.pace(dt.date(2024, 11, 5)) == 40 / 7
    assert collection.pace(dt.date(2025, 1, 1)) == 0
