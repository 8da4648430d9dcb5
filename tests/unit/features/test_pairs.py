"""What a pair's row knows, and what it cannot know."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest

from src import features
from src.collection import InteractionType
from src.features.pairs import STAGES, Pairs
from tests import collection_world as world
from tests.unit.collection.events import event

SESSION = "sess_1699999999999_abc123"


def one(number: int, kind: str, car: str, minute: float, **changes: Any) -> dict[str, Any]:
    at = dt.datetime(2024, 11, 11, 12, tzinfo=dt.UTC) + dt.timedelta(minutes=minute)
    return event(
        number,
        interaction_type=kind,
        car_id=car,
        timestamp=at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        **changes,
    )


def test_a_pair_is_described_by_its_first_event_and_by_what_came_before_it() -> None:
    pairs = Pairs()
    rows = list(
        pairs.follow(
            [
                one(1, "impression", "a", 0),
                one(2, "click", "a", 1),
                one(3, "impression", "b", 2, match_score=0.4),
                one(4, "whatsapp_contact", "b", 3, match_score=0.9),
                one(5, "impression", "c", 4),
            ]
        )
    )
    assert [row["match_score"] for row in rows] == [0.85, 0.4, 0.85]
    assert [(row["cars_seen"], row["cars_clicked"]) for row in rows] == [(0, 0), (1, 1), (2, 2)]
    assert [STAGES[stage] for stage in pairs.reached] == ["click", "whatsapp_contact", "impression"]


def test_events_of_one_moment_do_not_count_as_before_each_other() -> None:
    together = [one(number, "impression", f"car{number}", 0) for number in range(3)]
    rows = list(Pairs().follow([*together, one(9, "impression", "later", 1)]))
    assert [row["cars_seen"] for row in rows] == [0, 0, 0, 3]


def test_what_was_shown_and_clicked_at_one_moment_was_shown_first() -> None:
    pairs = Pairs()
    list(pairs.follow([one(1, "click", "a", 0), one(2, "impression", "a", 0)]))
    assert STAGES[pairs.first[0]] is InteractionType.IMPRESSION
    assert STAGES[pairs.reached[0]] is InteractionType.CLICK


def test_sessions_do_not_see_each_other() -> None:
    other = "sess_1699999999999_other"
    rows = list(
        Pairs().follow([one(1, "click", "a", 0), one(2, "impression", "a", 1, session_id=other)])
    )
    assert [row["cars_seen"] for row in rows] == [0, 0]
    assert [row["session_id"] for row in rows] == [SESSION, other]


@pytest.mark.parametrize("seed", range(3))
def test_no_row_changes_when_everything_after_it_is_taken_away(seed: int) -> None:
    events = world.events(world.showings(12, seed=seed))
    rows = list(Pairs().follow(events))
    for kept in (len(events) // 3, len(events) // 2, len(events) - 1):
        before = list(Pairs().follow(events[:kept]))
        assert before == rows[: len(before)]
    # And without a single outcome: the rows of what was shown are the same but for the clicks
    # that the session had made by then.
    shown = [each for each in events if each["interaction_type"] == "impression"]
    without = [{**row, "cars_clicked": 0} for row in rows]
    assert list(Pairs().follow(shown)) == without


def test_a_session_with_an_event_in_the_last_half_hour_may_go_on() -> None:
    pairs = Pairs()
    other = "sess_1699999999999_other"
    list(
        pairs.follow(
            [
                one(1, "impression", "a", 0),
                one(2, "impression", "b", 20),
                one(3, "impression", "a", 40, session_id=other),
            ]
        )
    )
    noon = dt.datetime(2024, 11, 11, 12, tzinfo=dt.UTC)
    assert pairs.ended(noon + dt.timedelta(minutes=49)) == [False, False, False]
    assert pairs.ended(noon + dt.timedelta(minutes=50)) == [True, True, False]


def test_hour_and_weekday_are_those_of_the_configured_zone() -> None:
    sunday_night = dt.datetime(2024, 11, 11, 1, 30, tzinfo=dt.UTC)  # 22:30 on Sunday in São Paulo
    made = features.row(event()["user_preferences"], event()["car_details"], 0.5, sunday_night)
    assert (made["hour"], made["weekday"]) == (22, 6)


def test_price_stands_beside_the_budget() -> None:
    preferences, car = event()["user_preferences"], event()["car_details"]
    at = dt.datetime(2024, 11, 11, tzinfo=dt.UTC)
    made = features.row(preferences, car, 0.5, at)
    assert made["price_to_budget"] == 45900 / 60000
    assert made["budget_position"] == pytest.approx(0.53)
    assert made["car_age"] == 7
    narrow = features.row({**preferences, "budget_min": 0, "budget_max": 0}, car, 0.5, at)
    assert math.isnan(narrow["price_to_budget"])
    assert math.isnan(narrow["budget_position"])
