"""What one cell of text can be."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.dashboard import formats
from src.files.values import form, parse_moment, parse_number

POINT, COMMA = ".", ","


@given(st.floats(-1e12, 1e12).map(lambda value: round(value, 2)))
def test_a_number_written_in_brazil_comes_back(value: float) -> None:
    text = formats.number(value, "pt_BR", decimals=2)
    assert form(text) in {"br", "comma", "dots", "dot3"}
    assert parse_number(text, COMMA) == pytest.approx(value, abs=0.005)


@given(st.floats(-1e12, 1e12).map(lambda value: round(value, 2)))
def test_a_number_written_in_english_comes_back(value: float) -> None:
    text = formats.number(value, "en", decimals=2)
    assert form(text) in {"us", "dot"}
    assert parse_number(text, POINT) == pytest.approx(value, abs=0.005)


@given(st.floats(allow_nan=False))
def test_what_python_writes_comes_back_exactly(value: float) -> None:
    assert form(repr(value)) in {"dot", "dot3", "inf"}
    assert parse_number(repr(value), POINT) == value


@given(st.datetimes(dt.datetime.fromisoformat("1000-01-01")))
def test_moments_come_back_in_both_forms(moment: dt.datetime) -> None:
    assert parse_moment(moment.isoformat()) == moment
    minute = moment.replace(second=0, microsecond=0)
    text = f"{minute.day:02}/{minute.month:02}/{minute.year} {minute.hour:02}:{minute.minute:02}"
    assert form(text) == "day"
    assert parse_moment(text) == minute


@given(st.text())
def test_any_text_has_a_form(text: str) -> None:
    assert isinstance(form(text), str)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "missing"),
        ("  ", "missing"),
        ("#DIV/0!", "missing"),
        ("unknown", "other"),
        ("?", "soft"),
        ("007", "other"),
        ("0", "int"),
        ("-12", "int"),
        ("1.234", "dot3"),
        ("0.234", "dot"),
        ("1.234.567", "dots"),
        ("1.234.567,8", "br"),
        ("12,5", "comma"),
        ("1,234", "comma3"),
        ("1,234,567", "commas"),
        ("1,234.5", "us"),
        ("9.83E-05", "dot"),
        ("R$ 45,90", "comma"),
        ("-R$ 1.045,90", "br"),
        (" 3 ", "int"),
        ("12345678901234567890", "long"),
        ("-inf", "inf"),
        ("∞", "inf"),
        ("Verdadeiro", "bool"),
        ("nao", "bool"),
        ("yes", "other"),
        ("2026-11-21T14:03:00Z", "iso"),
        ("21/11/26", "day"),
        ("21-11-2026 14:03", "day"),
        ("1.2.3", "other"),
        ("+5511999998888", "other"),
    ],
)
def test_forms(text: str, expected: str) -> None:
    assert form(text) == expected


def test_infinity_in_words() -> None:
    assert parse_number("-infinito", COMMA) == -math.inf
    assert parse_number("∞", POINT) == math.inf


def test_a_zone_is_turned_into_utc() -> None:
    assert parse_moment("2026-11-21 14:03:00-03:00") == dt.datetime.fromisoformat(
        "2026-11-21 17:03"
    )


def test_a_day_that_the_calendar_lacks_is_no_moment() -> None:
    with pytest.raises(ValueError, match="day"):
        parse_moment("31/02/2026")


def test_two_digit_years_are_near_us() -> None:
    assert parse_moment("21/11/26").year == 2026
    assert parse_moment("21/11/98").year == 1998
