"""What the quality screen decides without drawing: steps of time, words, holes in a chart."""

from __future__ import annotations

import datetime as dt

import pytest

from src.conversations import Outcome
from src.dashboard.parts.periods import Period
from src.dashboard.quality import charts, filters, words
from src.review import Change
from src.review.figures import Seen, figures, grouped, mean, rate

TODAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("days", "step"), [(1, "day"), (31, "day"), (32, "week"), (420, "week"), (421, "month")]
)
def test_a_longer_period_is_drawn_in_larger_steps(days: int, step: str) -> None:
    period = Period(TODAY - dt.timedelta(days=days - 1), TODAY)
    assert filters.step(period, TODAY) == step


def test_an_open_period_is_drawn_by_week() -> None:
    assert filters.step(Period(), TODAY) == "week"


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("satisfaction", Change(0.1, 0.05, 0.15), "melhor"),
        ("satisfaction", Change(-0.1, -0.15, -0.05), "pior"),
        ("abandonment", Change(0.1, 0.05, 0.15), "pior"),
        ("answer_seconds", Change(-9.0, -12.0, -6.0), "melhor"),
        ("tone", Change(-0.1, -0.3, 0.1), "dentro do ruído"),
        ("tone", Change(-0.1, None, None), "poucas conversas para comparar"),
        ("tone", Change(None, None, None), "sem comparação"),
    ],
)
def test_a_change_is_said_in_words(name: str, change: Change, said: str) -> None:
    assert words.reading(name, change) == said


def test_figures_are_written_in_their_units() -> None:
    assert words.written("satisfaction", 0.823) == "82,3\xa0%"
    assert words.written("answer_seconds", 42.0) == "42 s"
    assert words.written("answer_seconds", None) == "—"
    assert words.written("tone", 4.256) == "4,26"
    assert words.difference("resolution", -0.032) == "-3,2 p.p."
    assert words.difference("answer_seconds", 12.0) == "+12 s"
    assert words.difference("answer_seconds", -0.344) == "-0,3 s"


def test_an_interval_stays_inside_what_is_possible() -> None:
    assert words.interval("tone", mean([5.0, 5.0, 4.0])) == "3,23–5,00"
    assert words.interval("answer_seconds", mean([1.0, 9.0])).startswith("0 ms–")
    assert words.interval("satisfaction", rate([(1, 1)])) == "20,7–100,0\xa0%"
    assert words.interval("tone", mean([4.0])) == "—"


def test_a_chart_has_a_hole_where_nothing_began() -> None:
    start = dt.datetime(2026, 3, 2, 15, tzinfo=dt.UTC)
    rows = [
        Seen("", "", start + dt.timedelta(days=days), Outcome.RESOLVED, positive=1, rated=1)
        for days in (0, 3)
    ]
    figure, data = charts.over_time("satisfaction", grouped(rows, "day"), "day", 0.5)
    assert data["day_from"].tolist() == ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"]
    assert data["conversations"].tolist() == [1, 0, 0, 1]
    assert list(figure.data[0].y) == [1.0, None, None, 1.0]
    weeks = charts.over_time("tone", [figures([], "2026-03-02")], "week", None)[1]
    assert weeks["conversations"].tolist() == [0]


def test_months_follow_each_other() -> None:
    rows = [figures([], "2026-01-01"), figures([], "2026-03-01")]
    _figure, data = charts.over_time("tone", rows, "month", None)
    assert data["month_from"].tolist() == ["2026-01-01", "2026-02-01", "2026-03-01"]
