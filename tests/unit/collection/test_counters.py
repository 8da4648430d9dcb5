"""The roll-ups are those of the events, whatever came, went, or was counted in another zone."""

from __future__ import annotations

import datetime as dt
import random
import sqlite3
from collections import Counter, defaultdict
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from src import collection, config, persistence
from src.collection import InteractionType, moments, store
from src.collection.store import tables
from src.errors import StorageError
from src.persistence import engine
from tests.unit.collection.events import event, some

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
ROLL_UPS = (tables.days, tables.session_days, tables.sessions, tables.cars, tables.car_days)


def roll_ups() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every roll-up."""
    with engine.transaction() as connection:
        return {
            table.name: sorted(tuple(row) for row in connection.execute(sa.select(table)))
            for table in (*ROLL_UPS, tables.totals)
        }


def local_day(sent: dict[str, Any], zone: str = "America/Sao_Paulo") -> dt.date:
    return dt.datetime.fromisoformat(sent["timestamp"]).astimezone(ZoneInfo(zone)).date()


def done(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [sent for sent in events if sent["interaction_type"] != "impression"]


@pytest.mark.usefixtures("any_database")
def test_after_any_events_came_and_went_counting_again_changes_nothing() -> None:
    rng = random.Random(5)
    there: list[dict[str, Any]] = []
    number = 0
    for turn in range(30):
        if turn % 4 == 3 and there:
            session = rng.choice(there)["session_id"]
            there = [sent for sent in there if sent["session_id"] != session]
            collection.erase_session(session)
        else:
            fresh = some(rng.randrange(1, 25), seed=turn, first=number)
            number += len(fresh)
            there += fresh
            collection.record_many([*fresh, *rng.sample(there, min(3, len(there)))])
        kept = roll_ups()
        collection.rebuild_counters()
        assert roll_ups() == kept
    assert sum(day.events for day in collection.daily()) == len(there)


@pytest.mark.usefixtures("any_database")
def test_counting_again_takes_the_events_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    from src.collection.store import writing

    collection.record_many(some(100))
    kept = roll_ups()
    monkeypatch.setattr(writing, "ROWS_RECOUNTED", 7)
    collection.rebuild_counters()
    assert roll_ups() == kept


@pytest.mark.usefixtures("any_database")
@pytest.mark.parametrize("since", [None, dt.date(2024, 11, 3)])
@pytest.mark.parametrize("until", [None, dt.date(2024, 11, 5)])
def test_a_span_of_days_has_the_figures_of_its_events(
    since: dt.date | None, until: dt.date | None
) -> None:
    events = some(400)
    collection.record_many(events)

    def within(day: dt.date) -> bool:
        return (since is None or day >= since) and (until is None or day <= until)

    chosen = [sent for sent in events if within(local_day(sent))]
    kinds = Counter(sent["interaction_type"] for sent in chosen)
    known = [s["duration_seconds"] for s in chosen if s["duration_seconds"] is not None]
    begun: dict[str, dt.date] = {}
    reached: dict[str, set[str]] = defaultdict(set)
    for sent in done(events):
        day = local_day(sent)
        begun[sent["session_id"]] = min(day, begun.get(sent["session_id"], day))
        reached[sent["session_id"]].add(sent["interaction_type"])
    steps = [reached[session] for session, day in begun.items() if within(day)]

    found = collection.overview(since, until)
    assert found.by_type == {kind: kinds[kind.value] for kind in InteractionType}
    assert found.interactions == len(done(chosen))
    assert found.impressions == kinds["impression"]
    assert found.cars == len({sent["car_id"] for sent in done(chosen)})
    assert found.timed == len(known)
    assert found.mean_duration == pytest.approx(sum(known) / len(known))
    assert found.sessions == len(steps)
    moments = [dt.datetime.fromisoformat(sent["timestamp"]) for sent in events]
    assert (found.first_event, found.last_event) == (min(moments), max(moments))

    assert collection.daily(since, until) == [
        collection.DayCount(day, InteractionType(kind), count)
        for (day, kind), count in sorted(
            Counter((local_day(sent), sent["interaction_type"]) for sent in chosen).items()
        )
    ]
    assert collection.funnel(since, until) == collection.Funnel(
        sum("click" in did for did in steps),
        sum({"click", "view_details"} <= did for did in steps),
        sum({"click", "view_details", "whatsapp_contact"} <= did for did in steps),
    )
    clicks = Counter(s["car_id"] for s in chosen if s["interaction_type"] == "click")
    best = sorted(clicks.items(), key=lambda entry: (-entry[1], entry[0]))[:4]
    ranked = collection.most_clicked(since, until, limit=4)
    assert [(car.car_id, car.clicks) for car in ranked] == best


@pytest.mark.usefixtures("any_database")
def test_late_in_the_evening_it_is_still_today_in_sao_paulo() -> None:
    evening = dt.datetime(2024, 11, 10, 23, 30, tzinfo=SAO_PAULO)
    collection.record(event(1, timestamp=evening.isoformat()))
    (found,) = collection.daily()
    assert found.day == dt.date(2024, 11, 10)
    assert collection.overview(found.day, found.day).sessions == 1
    assert collection.overview(dt.date(2024, 11, 11)).interactions == 0


@pytest.mark.usefixtures("any_database")
@pytest.mark.parametrize("next_use", ["reading", "writing", "erasing"])
def test_when_the_zone_is_changed_days_are_counted_again(
    next_use: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = some(120)
    collection.record_many(events)
    monkeypatch.setenv("BANCADA_TIMEZONE", "Asia/Tokyo")
    config.get_settings.cache_clear()
    if next_use == "writing":
        more = event(9_000)
        collection.record(more)
        events = [*events, more]
    elif next_use == "erasing":
        session = events[0]["session_id"]
        collection.erase_session(session)
        events = [sent for sent in events if sent["session_id"] != session]
    days = Counter(local_day(sent, "Asia/Tokyo") for sent in events)
    found: Counter[dt.date] = Counter()
    for entry in collection.daily():
        found[entry.day] += entry.events
    assert found == days
    kept = roll_ups()
    collection.rebuild_counters()
    assert roll_ups() == kept


@pytest.mark.parametrize("zone", ["America/Sao_Paulo", "Asia/Kathmandu", "Australia/Lord_Howe"])
def test_a_remembered_hour_has_the_day_that_the_zone_says(
    zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANCADA_TIMEZONE", zone)
    config.get_settings.cache_clear()
    rng = random.Random(1)
    hours = moments.Hours()
    begin = dt.datetime(2018, 10, 1, tzinfo=dt.UTC)  # across the changes of clocks of that year
    for _ in range(3000):
        moment = begin + dt.timedelta(minutes=rng.randrange(60 * 24 * 200))
        text = moments.sortable(moment)
        day = hours[text[:13]] or hours.precisely(text)
        assert day == moment.astimezone(ZoneInfo(zone)).date()


@pytest.mark.usefixtures("any_database")
def test_a_car_is_shown_as_its_latest_event_had_it_even_after_that_is_erased() -> None:
    before, after = "sess_1699999999999_a", "sess_1699999999999_b"
    late = event(1, session_id=after, timestamp="2024-11-12T10:00:00Z", car_details__preco=2)
    early = event(2, session_id=before, timestamp="2024-11-11T10:00:00Z", car_details__preco=1)
    collection.record_many([late, early])
    assert collection.most_clicked()[0].details["preco"] == 2
    collection.erase_session(after)
    assert collection.most_clicked() == [
        collection.CarClicks("car_robust_001", 1, {**early["car_details"]})
    ]


@pytest.mark.usefixtures("any_database")
def test_a_session_that_begins_earlier_than_it_seemed_moves_to_that_day() -> None:
    collection.record(event(1, timestamp="2024-11-12T12:00:00Z"))
    collection.record(event(2, timestamp="2024-11-10T12:00:00Z", interaction_type="view_details"))
    later, earlier = dt.date(2024, 11, 12), dt.date(2024, 11, 10)
    assert collection.funnel(later) == collection.Funnel(0, 0, 0)
    assert collection.funnel(earlier, earlier) == collection.Funnel(1, 1, 0)


@pytest.mark.usefixtures("any_database")
def test_the_moment_of_reception_is_that_of_interactions_that_were_sent() -> None:
    started = persistence.utc_now()
    collection.record(event(1, interaction_type="impression"))
    assert collection.overview().last_received is None
    collection.record(event(2))
    received = collection.overview().last_received
    assert received is not None
    assert started <= received <= persistence.utc_now()
    collection.record(event(2))
    assert collection.overview().last_received == received
    collection.erase_session(event()["session_id"])
    assert collection.overview().last_received == received


@pytest.mark.usefixtures("any_database")
def test_what_can_be_learned_follows_from_the_types_that_came() -> None:
    def possible() -> list[bool]:
        return [target.possible for target in collection.targets()]

    assert possible() == [False, False, False]
    collection.record_many([event(n) for n in range(5)])
    assert possible() == [False, False, False]
    collection.record(event(10, interaction_type="view_details"))
    assert possible() == [False, True, False]
    collection.record_many([event(20 + n, interaction_type="impression") for n in range(9)])
    collection.record(event(40, interaction_type="whatsapp_contact"))
    click, view, contact = collection.targets()
    assert (click.possible, click.positives, click.negatives) == (True, 5, 4)
    assert (view.possible, view.positives, view.negatives) == (True, 1, 4)
    assert (contact.possible, contact.positives, contact.negatives) == (True, 1, 8)
    assert click.kind is InteractionType.CLICK


def test_while_the_database_is_locked_nothing_is_stored(
    settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_wait_seconds", 0.1)
    holder = sqlite3.connect(settings.data_dir / "bancada.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(StorageError, match="locked"):
            collection.record(event(1))
        with pytest.raises(StorageError, match="locked"):
            collection.erase_session(event()["session_id"])
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert collection.daily() == []
    assert list(collection.every()) == []


@pytest.mark.usefixtures("any_database")
def test_events_of_the_schema_before_are_counted_after_the_migration() -> None:
    from alembic import command
    from alembic.config import Config

    events = some(60)
    collection.record_many(events)
    kept = roll_ups()
    alembic = Config()
    alembic.set_main_option("script_location", str(engine.MIGRATIONS))
    persistence.get_engine().dispose()
    command.downgrade(alembic, "0004")
    command.upgrade(alembic, "head")
    last = max(dt.datetime.fromisoformat(sent["timestamp"]) for sent in done(events))
    assert collection.overview().last_received == last
    assert collection.stats()["total_interactions"] == len(done(events))
    assert {name: rows for name, rows in roll_ups().items() if name != tables.totals.name} == {
        name: rows for name, rows in kept.items() if name != tables.totals.name
    }
    collection.record(event(9_000))
    assert sum(day.events for day in collection.daily()) == 61
    assert store.count_of_session(event()["session_id"]) == 1


def test_of_nothing_received_nothing_was_refused() -> None:
    found = collection.overview()
    assert (found.error_rate, found.interactions, found.mean_duration) == (0, 0, None)


def test_the_ten_most_clicked_cars_are_told_unless_more_are_asked_for() -> None:
    collection.record_many([event(number, car_id=f"car_{number}") for number in range(11)])
    assert len(collection.most_clicked()) == 10
    assert len(collection.most_clicked(limit=11)) == 11
