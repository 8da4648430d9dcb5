"""Days of the configured zone, also where the clocks were put forward or back."""

from __future__ import annotations

import datetime as dt

import pytest

from src import days
from src.config import get_settings

HOUR = dt.timedelta(hours=1)


def in_zone(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("BANCADA_TIMEZONE", name)
    get_settings.cache_clear()


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("zone", "day", "begins", "hours"),
    [
        ("UTC", "2024-02-29", "2024-02-29 00:00", 24),
        ("America/Sao_Paulo", "2024-11-11", "2024-11-11 03:00", 24),
        ("America/Sao_Paulo", "2018-11-03", "2018-11-03 03:00", 24),
        # At midnight the clocks went on to one o'clock; in February from midnight back to eleven.
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04 03:00", 23),
        ("America/Sao_Paulo", "2018-11-05", "2018-11-05 02:00", 24),
        ("America/Sao_Paulo", "2019-02-16", "2019-02-16 02:00", 25),
        ("America/Sao_Paulo", "2019-02-17", "2019-02-17 03:00", 24),
        ("Europe/Berlin", "2024-03-31", "2024-03-30 23:00", 23),
        ("Europe/Berlin", "2024-10-27", "2024-10-26 22:00", 25),
        # At one o'clock back to midnight: the day begins at the earlier of its two.
        ("America/Havana", "2024-11-03", "2024-11-03 04:00", 25),
        ("Asia/Kathmandu", "2024-01-01", "2023-12-31 18:15", 24),
    ],
)
def test_a_day_begins_and_ends_where_its_clocks_say(
    zone: str, day: str, begins: str, hours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_zone(monkeypatch, zone)
    date = dt.date.fromisoformat(day)
    since, until = days.between(date, date)
    assert since is not None and until is not None
    assert str(since.tzinfo) == str(until.tzinfo) == zone
    assert days.beginning(date) == since
    # Two moments of one zone are subtracted as its clocks show them.
    since, until = since.astimezone(dt.UTC), until.astimezone(dt.UTC)
    assert since == utc(begins)
    assert until - since == hours * HOUR
    moment = dt.timedelta(microseconds=1)
    assert days.day_of(since) == days.day_of(until - moment) == date
    assert days.day_of(since - moment) == date - dt.timedelta(days=1)
    assert days.day_of(until) == date + dt.timedelta(days=1)


@pytest.mark.parametrize("zone", ["UTC", "America/Sao_Paulo", "Europe/Berlin"])
def test_days_follow_each_other_with_nothing_between(
    zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_zone(monkeypatch, zone)
    first = dt.date(2018, 1, 1)
    for number in range(800):
        day = first + dt.timedelta(days=number)
        assert days.between(day, day)[1] == days.beginning(day + dt.timedelta(days=1))
        assert days.day_of(days.beginning(day)) == day


def test_a_side_without_a_day_is_open() -> None:
    day = dt.date(2024, 11, 11)
    assert days.between(None, None) == (None, None)
    assert days.between(day, None) == (days.beginning(day), None)
    assert days.between(None, day) == (None, days.beginning(dt.date(2024, 11, 12)))


def test_a_moment_of_any_zone_is_shown_in_the_configured_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    in_zone(monkeypatch, "America/Sao_Paulo")
    assert f"{days.local(utc('2018-11-04 02:59')):%d %H:%M}" == "03 23:59"
    assert f"{days.local(utc('2018-11-04 03:00')):%d %H:%M}" == "04 01:00"
    assert f"{days.beginning(dt.date(2018, 11, 4)):%d %H:%M %z}" == "04 01:00 -0200"
    tokyo = dt.datetime(2024, 11, 11, 9, tzinfo=dt.timezone(9 * HOUR))
    assert days.day_of(tokyo) == dt.date(2024, 11, 10)


def test_today_is_the_day_in_the_configured_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(days, "utc_now", lambda: utc("2024-11-11 01:00"))
    in_zone(monkeypatch, "America/Sao_Paulo")
    assert days.today() == dt.date(2024, 11, 10)
    in_zone(monkeypatch, "UTC")
    assert days.today() == dt.date(2024, 11, 11)
