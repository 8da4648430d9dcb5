"""Why a conversation is read, and how far the criteria may be turned."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from src.errors import ReviewError
from src.review.criteria import Criteria, check, is_sampled, pattern, reasons

NOTHING = Criteria(negative=False, more_than=None, share=0)


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("negative_stars", 1, 4),
        ("more_than", 1, 100_000),
        ("share", 0, 1),
        ("reviewers", 1, 5),
        ("claim_minutes", 1, 1440),
    ],
)
def test_a_number_is_taken_within_its_limits(name: str, low: int, high: int) -> None:
    for value in (low, high):
        assert getattr(check(replace(NOTHING, **{name: value})), name) == value
    step = 0.001 if name == "share" else 1
    for value in (low - step, high + step):
        with pytest.raises(ReviewError, match=f"vai de {low} a {high}"):
            check(replace(NOTHING, **{name: value}))


def test_no_limit_of_length_is_in_order() -> None:
    assert check(NOTHING).more_than is None


def chosen(criteria: Criteria, **found: Any) -> tuple[int, list[str]]:
    what: dict[str, Any] = {"turns": 0, "negatives": 0, "word": None} | found
    priority, why = reasons("c1", criteria=criteria, **what)
    return priority, [str(reason) for reason in why]


def test_each_reason_has_its_weight_and_they_add_up() -> None:
    everything = Criteria(more_than=10, share=1)
    assert chosen(NOTHING) == (0, [])
    assert chosen(replace(NOTHING, negative=True), negatives=1)[0] == 100
    assert chosen(NOTHING, word="")[0] == 50
    assert chosen(NOTHING, grown=True)[0] == 40
    assert chosen(replace(NOTHING, share=1))[0] == 10
    priority, why = chosen(everything, turns=11, negatives=2, word="frete", grown=True)
    assert priority == 220
    assert len(why) == 5


def test_a_conversation_is_long_with_more_messages_than_the_limit() -> None:
    for turns, expected in ((10, 0), (11, 20)):
        assert chosen(replace(NOTHING, more_than=10), turns=turns)[0] == expected


def test_negative_feedback_counts_where_it_is_asked_for() -> None:
    assert chosen(NOTHING, negatives=3)[0] == 0
    assert chosen(replace(NOTHING, negative=True), negatives=0)[0] == 0


def test_of_many_the_share_is_drawn_by_seed_and_name() -> None:
    names = [f"c{number}" for number in range(4_000)]
    tenth = {name for name in names if is_sampled(name, Criteria(share=0.1))}
    fifth = {name for name in names if is_sampled(name, Criteria(share=0.2))}
    assert 330 < len(tenth) < 470
    assert tenth < fifth
    assert tenth != {name for name in names if is_sampled(name, Criteria(share=0.1, seed="x"))}
    assert not any(is_sampled(name, NOTHING) for name in names)
    assert all(is_sampled(name, Criteria(share=1)) for name in names)


def test_keywords_are_whole_words_without_case_and_accents() -> None:
    found = pattern(["Devolução", " ", "não chegou"])
    assert found is not None
    assert found.search("quero devolucao hoje")
    assert found.search("ainda nao chegou")
    assert not found.search("devolucaozinha")
    assert pattern([" "]) is None
