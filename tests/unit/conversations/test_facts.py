"""What is counted of a conversation, against small ones worked out by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from src.conversations import NewTurn, Outcome, Role
from src.conversations.facts import asks, ending, gather

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def turn(role: str, seconds: float | None, text: str = "x") -> NewTurn:
    return NewTurn(
        Role(role), text, at=None if seconds is None else NOON + dt.timedelta(seconds=seconds)
    )


def test_an_answer_is_timed_from_the_first_turn_that_waits_for_it() -> None:
    facts = gather(
        [
            turn("customer", 0),
            turn("customer", 10),
            turn("assistant", 30),  # 30 s after the first
            turn("assistant", 40),  # nobody waits
            turn("customer", 100),
            turn("system", 101),
            turn("human", 110),  # 10 s
        ]
    )
    assert (facts.answers, facts.answer_seconds) == (2, 40)
    assert (facts.customer_turns, facts.answer_turns, facts.turns) == (3, 3, 7)


def test_turns_without_times_or_with_clocks_that_run_backwards_are_not_timed() -> None:
    facts = gather([turn("customer", None), turn("assistant", 5)])
    assert facts.answers == 0
    facts = gather([turn("customer", 50), turn("assistant", 5)])
    assert facts.answers == 0


@pytest.mark.parametrize(
    ("status", "last", "text", "expected"),
    [
        ("", "assistant", "De nada.", Outcome.RESOLVED),
        ("", "assistant", "Posso ajudar em algo mais? 😊", Outcome.ABANDONED),
        ("", "customer", "E o frete", Outcome.ABANDONED),
        ("Concluída", "customer", "obrigado", Outcome.RESOLVED),
        ("abandoned", "assistant", "De nada.", Outcome.ABANDONED),
        ("open", "assistant", "De nada.", Outcome.RESOLVED),
    ],
)
def test_the_ending(status: str, last: str, text: str, expected: Outcome) -> None:
    facts = gather([turn("customer", 0), turn("assistant", 1), turn(last, 2, text)])
    how, final = ending(facts, status)
    assert how == expected
    assert final == (status not in ("", "open"))


def test_questions_are_told_by_their_mark() -> None:
    assert asks("¿Sí?")
    assert asks("نعم؟")
    assert not asks("Quer? Então vamos.")
    assert not asks("👍")
