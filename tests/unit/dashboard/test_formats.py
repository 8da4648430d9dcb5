"""How numbers, moments, lengths of time and sizes are written in both languages."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from src import config
from src.dashboard import formats

PT, EN = "pt_BR", "en"


@pytest.mark.parametrize(
    ("value", "decimals", "portuguese", "english"),
    [
        (1234567, None, "1.234.567", "1,234,567"),
        (1234.5, None, "1.234,5", "1,234.5"),
        (1234.56, 2, "1.234,56", "1,234.56"),
        (0.98765432, None, "0,9877", "0.9877"),
        (2.0, 3, "2,000", "2.000"),
        (-0.5, 1, "-0,5", "-0.5"),
        (7.6, 0, "8", "8"),
        (0, None, "0", "0"),
    ],
)
def test_numbers_follow_the_language(
    value: float, decimals: int | None, portuguese: str, english: str
) -> None:
    assert formats.number(value, PT, decimals=decimals) == portuguese
    assert formats.number(value, EN, decimals=decimals) == english


@pytest.mark.parametrize("language", [PT, EN])
def test_what_is_not_known_is_a_dash(language: str) -> None:
    for missing in (None, math.nan):
        assert formats.number(missing, language) == formats.MISSING
        assert formats.percent(missing, language) == formats.MISSING
        assert formats.duration(missing, language) == formats.MISSING
        assert formats.size(missing, language) == formats.MISSING
    assert formats.moment(None, language) == formats.MISSING


@pytest.mark.parametrize("language", [PT, EN])
def test_infinity_is_written_as_such(language: str) -> None:
    assert formats.number(math.inf, language) == "∞"
    assert formats.number(-math.inf, language) == "-∞"
    assert formats.duration(math.inf, language) == "∞"


def test_shares_are_written_as_percentages() -> None:
    assert formats.percent(0.1234, PT) == "12,3\u00a0%"
    assert formats.percent(0.1234, EN) == "12.3%"
    assert formats.percent(1, PT, decimals=0) == "100\u00a0%"


def test_moments_are_shown_in_the_configured_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    value = dt.datetime(2026, 11, 21, 17, 3, 9, tzinfo=dt.UTC)
    assert formats.moment(value, PT) == "21/11/2026 14:03"
    assert formats.moment(value, EN) == "2026-11-21 14:03"
    assert formats.moment(value, EN, seconds=True) == "2026-11-21 14:03:09"
    monkeypatch.setenv("BANCADA_TIMEZONE", "UTC")
    config.get_settings.cache_clear()
    assert formats.moment(value, PT) == "21/11/2026 17:03"


@pytest.mark.parametrize(
    ("seconds", "portuguese", "english"),
    [
        (0, "0 ms", "0 ms"),
        (0.85, "850 ms", "850 ms"),
        (0.9996, "1,0 s", "1.0 s"),
        (4.24, "4,2 s", "4.2 s"),
        (42.4, "42 s", "42 s"),
        (59.7, "1 min 00 s", "1 min 00 s"),
        (200, "3 min 20 s", "3 min 20 s"),
        (7500, "2 h 05 min", "2 h 05 min"),
    ],
)
def test_lengths_of_time_have_the_unit_that_fits(
    seconds: float, portuguese: str, english: str
) -> None:
    assert formats.duration(seconds, PT) == portuguese
    assert formats.duration(seconds, EN) == english


@pytest.mark.parametrize(
    ("n_bytes", "portuguese", "english"),
    [
        (0, "0 B", "0 B"),
        (1023, "1.023 B", "1,023 B"),
        (1536, "1,5 KiB", "1.5 KiB"),
        (12.3 * 1024**2, "12,3 MiB", "12.3 MiB"),
        (5 * 1024**4, "5.120,0 GiB", "5,120.0 GiB"),
    ],
)
def test_sizes_have_binary_prefixes(n_bytes: float, portuguese: str, english: str) -> None:
    assert formats.size(n_bytes, PT) == portuguese
    assert formats.size(n_bytes, EN) == english


def test_days_follow_the_language() -> None:
    day = dt.date(2026, 11, 21)
    assert (formats.day(day, PT), formats.day(day, EN)) == ("21/11/2026", "2026-11-21")
    assert (formats.day(day, PT, year=False), formats.day(day, EN, year=False)) == (
        "21/11",
        "11-21",
    )
    assert formats.day(None, PT) == formats.MISSING


@pytest.mark.parametrize(
    ("ago", "portuguese", "english"),
    [
        (dt.timedelta(seconds=20), "20 s", "20 sec"),
        (dt.timedelta(minutes=3), "3 min", "3 min"),
        (dt.timedelta(hours=5), "5 h", "5 hr"),
        (dt.timedelta(days=3), "3 dias", "3 days"),
        (-dt.timedelta(minutes=5), "1 s", "1 sec"),
    ],
)
def test_an_age_is_written_in_its_largest_unit(
    ago: dt.timedelta, portuguese: str, english: str
) -> None:
    now = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
    assert formats.age(now - ago, now, PT) == portuguese
    assert formats.age(now - ago, now, EN) == english


def test_the_age_of_what_never_was_is_a_dash() -> None:
    assert formats.age(None, dt.datetime.now(dt.UTC), PT) == formats.MISSING


def test_the_time_of_day_is_that_of_the_configured_zone() -> None:
    assert formats.clock(dt.datetime(2026, 11, 21, 12, 3, 9, tzinfo=dt.UTC)) == "09:03:09"


def test_a_moment_without_zone_is_written_as_it_stands() -> None:
    value = dt.datetime(2026, 11, 21, 23, 30)  # noqa: DTZ001
    assert formats.unzoned(value, "pt_BR") == "21/11/2026 23:30"
    assert formats.unzoned(value, "en", clock=False) == "2026-11-21"


def test_fields_write_a_day_as_the_texts_do() -> None:
    for language in (PT, EN):
        pattern = formats.day_pattern(language)
        day = pattern.replace("YYYY", "2026").replace("MM", "11").replace("DD", "21")
        assert day == formats.day(dt.date(2026, 11, 21), language)
