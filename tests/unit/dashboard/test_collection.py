"""What the collection screen decides without drawing: periods, series, findings, words."""

from __future__ import annotations

import dataclasses
import datetime as dt

import httpx
import pytest

from src import access
from src.collection import DayCount, Event, Funnel, InteractionType, check
from src.dashboard.collection import charts, words
from src.dashboard.collection import checks as collection_checks
from src.dashboard.collection.checks import Api, Facts, Key, State, checks
from src.dashboard.collection.site import snippet
from src.dashboard.parts.periods import Period, chosen, compared, moments

TODAY = dt.date(2026, 11, 21)
CLICK, VIEW = InteractionType.CLICK, InteractionType.VIEW_DETAILS


def day(number: int) -> dt.date:
    return dt.date(2026, 11, number)


def test_a_period_of_days_ends_today() -> None:
    assert chosen("7", TODAY) == Period(day(15), TODAY)


def test_days_in_the_wrong_order_are_exchanged() -> None:
    assert chosen("own", TODAY, (day(9), day(3))) == Period(day(3), day(9))


def test_an_own_period_without_days_is_everything() -> None:
    assert chosen("own", TODAY, (None, None)) == Period() == chosen("all", TODAY)


def test_what_is_compared_leaves_today_out_and_has_equal_lengths() -> None:
    assert compared(chosen("7", TODAY), TODAY) == (
        Period(day(14), day(20)),
        Period(day(7), day(13)),
    )


def test_a_past_period_is_compared_whole() -> None:
    assert compared(Period(day(4), day(6)), TODAY) == (
        Period(day(4), day(6)),
        Period(day(1), day(3)),
    )


@pytest.mark.parametrize("period", [Period(), Period(None, day(3))])
def test_a_period_without_a_beginning_has_nothing_before_it(period: Period) -> None:
    assert compared(period, TODAY) is None


@pytest.mark.parametrize(
    ("period", "goes_on"),
    [
        (Period(), True),
        (Period(day(1), TODAY), True),
        (Period(day(1), day(20)), False),
        (Period(day(22), None), False),
    ],
)
def test_only_a_period_with_today_goes_on(period: Period, goes_on: bool) -> None:
    assert period.goes_on(TODAY) is goes_on


def test_the_last_day_of_a_period_is_exported_whole() -> None:
    since, until = moments(Period(day(1), day(2)))
    assert since is not None
    assert until is not None
    assert (since.isoformat(), until.isoformat()) == (
        "2026-11-01T00:00:00-03:00",
        "2026-11-03T00:00:00-03:00",
    )


def test_days_without_events_are_in_the_series() -> None:
    rows = [DayCount(day(18), CLICK, 3), DayCount(day(20), VIEW, 2)]
    found = charts.series(rows, [CLICK, VIEW], Period(day(17), None), TODAY)
    assert found.starts == tuple(day(number) for number in range(17, 22))
    assert found.counts == {CLICK: (0, 3, 0, 0, 0), VIEW: (0, 0, 0, 2, 0)}
    assert not found.weekly


def test_long_periods_are_counted_by_week_and_lose_nothing() -> None:
    days = [TODAY - dt.timedelta(days=back) for back in range(200)]
    rows = [DayCount(each, CLICK, 1) for each in sorted(days)]
    found = charts.series(rows, [CLICK], Period(), TODAY)
    assert found.weekly
    assert all(start.weekday() == 0 for start in found.starts)
    assert found.total(CLICK) == 200
    assert set(found.counts[CLICK][1:-1]) == {7}


def test_an_event_of_a_clock_ahead_is_not_lost() -> None:
    tomorrow = TODAY + dt.timedelta(days=1)
    rows = [DayCount(day(20), CLICK, 1), DayCount(tomorrow, CLICK, 1)]
    found = charts.series(rows, [CLICK], Period(), TODAY)
    assert found.total(CLICK) == 2


def test_the_chart_begins_at_zero_and_names_every_series_with_its_count() -> None:
    rows = [DayCount(day(20), CLICK, 1234)]
    shown = charts.series(rows, [CLICK], Period(day(20), TODAY), TODAY)
    figure, data = charts.over_time(shown)
    assert [bar.name for bar in figure.data] == ["Cliques <b>1.234</b>"]
    assert figure.layout.yaxis.rangemode == "tozero"
    assert data["click"].tolist() == [1234, 0]
    assert data["day"].tolist() == [day(20), TODAY]


def test_each_stage_of_the_funnel_is_a_share_of_the_one_before() -> None:
    figure, data = charts.funnel(Funnel(200, 100, 10))
    assert list(figure.data[0].x) == [200, 100, 10]
    assert data["share_of_stage_before"].tolist()[1:] == [0.5, 0.1]
    said = " ".join(note.text for note in figure.layout.annotations)
    assert "10,0\u00a0% da etapa anterior" in said


def test_a_funnel_that_nobody_went_down_divides_by_nothing() -> None:
    _figure, data = charts.funnel(Funnel(3, 0, 0))
    assert data["share_of_stage_before"].isna().tolist() == [True, False, True]


FINE = Facts(
    url="https://api.exemplo.com.br",
    api=Api.READY,
    answer="HTTP 200",
    key=Key.TAKEN,
    origins="https://www.exemplo.com.br",
    refused={},
    free_bytes=2**40,
    impressions=10,
    interactions=5,
)


def test_when_everything_is_in_order_every_check_says_so() -> None:
    assert {found.state for found in checks(FINE)} == {State.OK}


@pytest.mark.parametrize(
    ("changes", "state", "remedy"),
    [
        ({"api": Api.SILENT, "answer": "ConnectError"}, State.WRONG, "make run"),
        ({"api": Api.NOT_READY, "answer": "HTTP 503"}, State.WRONG, "/health/detailed"),
        ({"url": "http://127.0.0.1:8000"}, State.DOUBT, "BANCADA_API_URL"),
        ({"url": "http://api.exemplo.com.br"}, State.DOUBT, "HTTPS"),
        ({"origins": None}, State.DOUBT, "BANCADA_CORS_ORIGINS"),
        ({"key": Key.REFUSED}, State.WRONG, "BANCADA_WRITE_KEY"),
        ({"key": Key.NOT_MADE}, State.WRONG, "pela primeira vez"),
        ({"refused": {"match_score: less_than_equal": 3}}, State.WRONG, "acima do máximo"),
        ({"free_bytes": 2**20}, State.WRONG, "Libere espaço"),
        ({"interactions": 0}, State.DOUBT, "trackCarClick"),
        ({"interactions": 0, "impressions": 0}, State.UNKNOWN, "data-debug"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(
    changes: dict[str, object], state: State, remedy: str
) -> None:
    found = [one for one in checks(dataclasses.replace(FINE, **changes)) if one.state != State.OK]  # type: ignore[arg-type]
    assert [one.state for one in found] == [state]
    assert remedy in found[0].said


def test_the_snippet_cannot_be_left_by_a_key() -> None:
    made = snippet('https://a"><script>', '"><script>alert(1)', example="", when="")
    assert '"><script>' not in made


BROKEN: list[dict[str, object]] = [
    {},
    {"match_score": 2.0},
    {"match_score": "x"},
    {"match_score": float("nan")},
    {"session_id": 3},
    {"session_id": "s"},
    {"car_id": ""},
    {"car_id": "x" * 999},
    {"timestamp": "yesterday"},
    {"timestamp": "2024-11-11T10:30:00"},
    {"timestamp": "1999-01-01T00:00:00Z"},
    {"timestamp": "2999-01-01T00:00:00Z"},
    {"timestamp": 5},
    {"interaction_type": "buy"},
    {"user_preferences": []},
    {"duration_seconds": 3.0, "interaction_type": "click"},
    {"extra": 1},
]


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_every_reason_of_the_schema_has_words(broken: dict[str, object]) -> None:
    found = check(broken)
    assert not isinstance(found, Event)
    for problem in found:
        assert "não segue o esquema" not in words.reason(problem.reason)


def test_a_reason_without_words_keeps_its_kind() -> None:
    assert words.reason("car_id: new_kind") == "car_id: não segue o esquema (new_kind)"


def test_a_field_that_is_no_name_is_not_shown() -> None:
    assert words.reason("<b>x</b>: missing") == "?: falta"


def test_a_reason_of_the_whole_event_says_so() -> None:
    assert words.reason("json_invalid") == "evento: não é JSON"


@pytest.mark.parametrize(
    ("status", "key"),
    [(200, Key.TAKEN), (403, Key.REFUSED), (404, Key.NOT_TRIED), (429, Key.NOT_TRIED)],
)
def test_only_an_answer_to_the_key_says_that_it_is_taken(
    monkeypatch: pytest.MonkeyPatch, status: int, key: Key
) -> None:
    access.load_keys()
    monkeypatch.setattr(httpx, "get", lambda *_, **__: httpx.Response(status))
    collection_checks.forget()
    assert collection_checks.look().key is key
