"""Figures against values worked out by hand or printed, and changes against chance."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from src import review
from src.conversations import Outcome
from src.review.figures import Seen, change, figures, grouped, is_drop, mean, rate, worst
from src.review.quality import _groups
from tests.unit.review.conftest import Store

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def seen(**more: object) -> Seen:
    return Seen(
        **{"channel": "", "topic": "", "started_at": NOON, "outcome": Outcome.RESOLVED, **more}
    )  # type: ignore[arg-type]


def test_the_interval_of_a_share_is_wilsons() -> None:
    # Newcombe (1998), table I: 81 of 263, Wilson without continuity correction: 0.2553, 0.3662.
    found = rate([(1, 1)] * 81 + [(0, 1)] * 182)
    assert (found.low, found.high) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert (found.n, found.conversations) == (263, 263)


def test_the_interval_of_a_difference_is_newcombes() -> None:
    # Newcombe (1998), table II (a): 56/70 against 48/80, method 10: 0.0524 to 0.3339.
    now = rate([(1, 1)] * 56 + [(0, 1)] * 14)
    before = rate([(1, 1)] * 48 + [(0, 1)] * 32)
    found = change(now, before)
    assert found.difference == pytest.approx(0.2)
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert found.beyond_chance


def test_many_ratings_of_one_conversation_are_not_many_customers() -> None:
    together = rate([(20, 20)] * 8 + [(0, 20)] * 2)
    apart = rate([(1, 1)] * 160 + [(0, 1)] * 40)
    assert together.value == apart.value == 0.8
    assert together.n == apart.n == 200
    assert together.effective == pytest.approx(9)  # n - 1 of ten clusters that agree inside
    assert together.low is not None
    assert apart.low is not None
    assert together.low < apart.low


def test_a_mean_has_students_interval() -> None:
    found = mean([1, 2, 3, 4, 5])
    # t(0.975, 4) = 2.776445; s = 1.581139; half = 1.963243
    assert (found.value, found.low, found.high) == pytest.approx((3, 1.036757, 4.963243))


def test_a_few_long_waits_move_the_mean_and_not_the_median() -> None:
    usual = figures([seen(seconds=float(n)) for n in (8, 9, 10, 11, 12)]).answer_seconds
    with_a_night = figures([seen(seconds=float(n)) for n in (8, 9, 10, 11, 40_000)]).answer_seconds
    assert (usual.value, usual.median) == (10, 10)
    assert (with_a_night.value, with_a_night.median) == (8007.6, 10)
    assert mean([3.0]).median == 3
    assert mean([]).median is None


def test_nothing_counted_is_nothing_claimed() -> None:
    found = figures([seen(outcome=Outcome.OPEN)])
    assert found.conversations == 1
    for figure in (found.satisfaction, found.resolution, found.answer_seconds, found.tone):
        assert figure.value is None
    assert not change(found.satisfaction, found.satisfaction).beyond_chance
    assert change(mean([1.0]), mean([2.0])).difference == -1


def test_open_conversations_are_neither_resolved_nor_abandoned() -> None:
    outcomes = [Outcome.RESOLVED] * 3 + [Outcome.ABANDONED] + [Outcome.OPEN, Outcome.NONE]
    found = figures([seen(outcome=it) for it in outcomes])
    assert (found.resolution.value, found.abandonment.value) == (0.75, 0.25)
    assert found.resolution.n == 4


def test_chance_is_called_a_drop_about_as_rarely_as_it_should_be() -> None:
    chance = random.Random(7)

    def week() -> list[Seen]:
        return [seen(positive=int(chance.random() < 0.75), rated=1) for _ in range(80)]

    calls = [
        is_drop("satisfaction", change(figures(week()).satisfaction, figures(week()).satisfaction))
        for _ in range(200)
    ]
    assert sum(calls) <= 12  # 2.5 % of 200 is 5


def test_a_real_drop_is_called_one_and_a_rise_is_not() -> None:
    good = figures([seen(positive=1, rated=1, seconds=10.0 + n % 5) for n in range(100)])
    bad = figures([seen(positive=n % 2, rated=1, seconds=20.0 + n % 5) for n in range(100)])
    assert is_drop("satisfaction", change(bad.satisfaction, good.satisfaction))
    assert not is_drop("satisfaction", change(good.satisfaction, bad.satisfaction))
    assert is_drop("answer_seconds", change(bad.answer_seconds, good.answer_seconds))
    assert not is_drop("answer_seconds", change(good.answer_seconds, bad.answer_seconds))


def test_groups_are_local_days_weeks_and_months() -> None:
    night = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)  # still Sunday 1 March in São Paulo
    rows = [seen(started_at=night, channel="a"), seen(started_at=NOON + dt.timedelta(days=2))]
    assert [it.group for it in grouped(rows, "day")] == ["2026-03-01", "2026-03-03"]
    assert [it.group for it in grouped(rows, "week")] == ["2026-02-23", "2026-03-02"]
    assert [it.group for it in grouped(rows, "month")] == ["2026-03-01"]
    assert [it.group for it in grouped(rows, "channel")] == ["", "a"]


def test_the_store_gives_the_figures_their_counts(store: Store) -> None:
    store(4, 3, start=NOON, channel="site")
    store(2, prefix="d", start=NOON - dt.timedelta(days=7), channel="whatsapp")
    review.add_feedback(review.Opinion("reaction", turn="c0.1", positive=True), actor="api")
    review.add_feedback(review.Opinion("rating", conversation="c1", stars=3), actor="api")
    review.add_feedback(review.Opinion("problem", turn="c0.1", problem="tone"), actor="api")
    review.add_feedback(
        review.Opinion("rating", conversation="c0", stars=1, author="human"), actor="api"
    )
    week = (NOON - dt.timedelta(days=1), NOON + dt.timedelta(days=6))
    (found,) = review.measure(*week)
    assert (found.satisfaction.value, found.satisfaction.n) == (0.5, 2)
    assert (found.resolution.value, found.abandonment.value) == (0.5, 0.5)
    assert found.answer_seconds.value == 10
    assert [it.group for it in review.measure(by="channel")] == ["site", "whatsapp"]
    compared = review.compare(*week)
    assert (compared.now.conversations, compared.before.conversations) == (2, 1)
    assert compared.drops == ()
    assert review.measure(*week, channel="x")[0].conversations == 0


def test_conversations_without_times_are_in_no_period(store: Store) -> None:
    store(2, 2, prefix="t", start=NOON)
    store(2, 2, 2)
    assert review.measure(NOON - dt.timedelta(days=1))[0].conversations == 2
    assert review.measure(until=NOON + dt.timedelta(days=9_999))[0].conversations == 2
    assert review.measure()[0].conversations == 5
    everything = review.survey(by="month")
    assert everything.whole.now.conversations == 5
    assert [it.conversations for it in everything.over_time] == [2]
    span = review.quality_span()
    assert (span.first, span.last, span.untimed) == (NOON, NOON, 3)


def test_a_survey_tells_the_same_as_its_parts(store: Store) -> None:
    store(4, 3, start=NOON, channel="site")
    store(2, prefix="d", start=NOON - dt.timedelta(days=7), channel="whatsapp")
    review.add_feedback(review.Opinion("rating", conversation="c1", stars=2), actor="api")
    week = (NOON - dt.timedelta(days=1), NOON + dt.timedelta(days=6))
    found = review.survey(*week)
    assert found.whole == review.compare(*week)
    assert found.over_time == review.measure(*week, by="day")
    assert [it.now for it in found.channels] == review.measure(*week, by="channel")
    assert found.channels[0].before.conversations == 0
    (bad,) = found.cases["satisfaction"]
    assert bad.value == 0
    assert [it.conversation_id for it in found.cases["abandonment"]] == [bad.conversation_id]
    assert len(found.cases["answer_seconds"]) == 2
    assert found.cases["tone"] == ()
    everything = review.survey(by="month")
    assert everything.whole.now.conversations == 3
    assert everything.whole.before.conversations == 0
    assert not any(it.beyond_chance for it in everything.whole.changes.values())


def test_the_worst_conversations_come_first() -> None:
    rows = [seen(seconds=float(n), tone=n, conversation_id=str(n)) for n in (3, 5, 1)]
    assert [it.conversation_id for it in worst("answer_seconds", rows, 2)] == ["5", "3"]
    assert [it.conversation_id for it in worst("tone", rows, 2)] == ["1", "3"]


def test_the_more_groups_the_wider_the_interval_of_each() -> None:
    def rows(good: int, channels: int) -> list[Seen]:
        return [
            seen(channel=str(c), positive=int(n < good), rated=1)
            for c in range(channels)
            for n in range(50)
        ]

    (alone,) = _groups(rows(36, 1), rows(45, 1), "channel")
    assert "satisfaction" in alone.drops
    assert not any(it.drops for it in _groups(rows(36, 20), rows(45, 20), "channel"))


def test_what_the_figures_are_made_of_has_a_state(store: Store) -> None:
    states = [review.quality_state()]
    store(4, start=NOON)
    states.append(review.quality_state())
    review.add_feedback(review.Opinion("rating", conversation="c0", stars=2), actor="api")
    states.append(review.quality_state())
    assert len(set(states)) == 3
