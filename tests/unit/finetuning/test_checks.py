"""Each verdict of an examination at its limit, and a step beyond."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest

from src.finetuning.checks import checks

SPLIT = {"train.jsonl": 800, "validation.jsonl": 100, "test.jsonl": 100}


def seen(**changes: Any) -> Any:
    """Return an examination with nothing to point at, but for what is changed."""
    good: dict[str, Any] = {
        "offences": [],
        "redact": str,
        "examples": SPLIT,
        "topics": Counter(preço=50, frete=50),
        "openings": SimpleNamespace(distinct_2=0.9, different=0.9),
        "turns": {"train.jsonl": [4] * 10},
        "answers": Counter({b"a": 1, b"b": 1}),
    }
    return SimpleNamespace(**(good | changes))


def shares(validation: int, test: int) -> dict[str, int]:
    return {
        "train.jsonl": 1000 - validation - test,
        "validation.jsonl": validation,
        "test.jsonl": test,
    }


def opening(distinct_2: float, different: float) -> SimpleNamespace:
    return SimpleNamespace(distinct_2=distinct_2, different=different)


@pytest.mark.parametrize(
    ("name", "good", "bad", "result"),
    [
        ("size", {"examples": {"a": 500}}, {"examples": {"a": 499}}, "error"),
        # Of two topics, the evenness of 0.1461 and 0.8539 is 0.6.
        (
            "topics",
            {"topics": Counter(a=1461, b=8539)},
            {"topics": Counter(a=1420, b=8580)},
            "warning",
        ),
        ("topics", {}, {"topics": Counter({"": 9})}, "warning"),
        ("variety", {"openings": opening(0.2, 0.9)}, {"openings": opening(0.19, 0.9)}, "warning"),
        ("variety", {"openings": opening(0.9, 0.5)}, {"openings": opening(0.9, 0.499)}, "warning"),
        (
            "largest_topic",
            {"topics": Counter(a=50, b=50)},
            {"topics": Counter(a=501, b=499)},
            "warning",
        ),
        (
            "single_turn",
            {"turns": {"a": [2] * 900 + [3] * 100}},
            {"turns": {"a": [2] * 901 + [3] * 99}},
            "warning",
        ),
        ("sides", {"examples": shares(50, 200)}, {"examples": shares(49, 200)}, "warning"),
        ("sides", {"examples": shares(200, 50)}, {"examples": shares(201, 50)}, "warning"),
        ("sides", {"examples": shares(50, 50)}, {"examples": shares(100, 0)}, "error"),
        (
            "stock_answers",
            {"answers": Counter({b"a": 50, b"b": 1})},
            {"answers": Counter({b"a": 51, b"b": 1})},
            "warning",
        ),
    ],
)
def test_a_verdict_turns_at_its_limit(
    name: str, good: dict[str, Any], bad: dict[str, Any], result: str
) -> None:
    for changes, expected in ((good, "ok"), (bad, result)):
        found = {check.id: check.result for check in checks(seen(**changes), built=True)}
        assert found[name] == expected
    assert {check.result for check in checks(seen(), built=True)} == {"ok"}


def test_figures_are_rounded_before_they_are_compared() -> None:
    examples = {"a": 20_000}
    turns = {"a": [2] * 18_009 + [3] * 1_991}  # 90.045 %, shown as 90 %
    openings = opening(0.196, 0.4996)
    answers = Counter({b"x": 1_001})  # 5.005 %
    found = checks(
        seen(examples=examples, turns=turns, openings=openings, answers=answers), built=True
    )
    shown = {check.id: (check.result, check.measured.params) for check in found}
    assert shown["single_turn"][0] == "ok"
    assert shown["single_turn"][1]["share"] == 90.0
    assert shown["variety"][1]["different"] == pytest.approx(50.0)
    assert shown["stock_answers"] == ("ok", {"share": 5.0, "most": 5})


def test_one_answer_of_few_is_no_stock_answer() -> None:
    once = seen(examples={"a": 9}, answers=Counter({b"a": 1, b"b": 1}))
    twice = seen(examples={"a": 9}, answers=Counter({b"a": 2, b"b": 1}))
    for examination, expected in ((once, "ok"), (twice, "warning")):
        found = {check.id: check.result for check in checks(examination, built=False)}
        assert found["stock_answers"] == expected


def test_where_there_is_nothing_the_shares_are_none() -> None:
    empty = seen(examples={}, turns={}, topics=Counter(), answers=Counter())
    found = {check.id: check for check in checks(empty, built=True)}
    assert found["single_turn"].measured.params["share"] == 0.0
    assert found["stock_answers"].result == "ok"
    assert "sides" not in found and "largest_topic" not in found


@pytest.mark.parametrize(
    ("built", "offences", "said"),
    [
        (True, 0, "nada a apontar"),
        (False, 0, "nada a apontar nos textos; os clientes deste arquivo não são conhecidos"),
        (False, 1, "exemplos a conferir: 1"),
        (True, 1, "exemplos a conferir: 1"),
    ],
)
def test_of_a_file_from_elsewhere_it_is_said_that_its_customers_are_unknown(
    built: bool, offences: int, said: str
) -> None:
    leaks = [SimpleNamespace(check="leakage", file="a", line=line) for line in range(offences)]
    found = {check.id: check for check in checks(seen(offences=leaks), built=built)}
    assert str(found["leakage"].measured) == said
    assert found["leakage"].result == ("error" if offences else "ok")
    assert str(found["format"].measured) == "nada a apontar"
    assert str(found["personal_data"].measured) == "nada a apontar"


def test_what_was_not_scanned_is_not_called_clean() -> None:
    found = {check.id: check for check in checks(seen(redact=None), built=True)}
    assert (found["personal_data"].result, found["format"].result) == ("warning", "ok")
