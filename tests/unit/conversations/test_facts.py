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


def test_an_answer_in_the_same_moment_counts_and_one_without_time_does_not() -> None:
    facts = gather([turn("customer", 5), turn("assistant", 5)])
    assert (facts.answers, facts.answer_seconds) == (1, 0)
    facts = gather([turn("customer", 5), turn("assistant", None), turn("assistant", 9)])
    assert (facts.answers, facts.answer_seconds) == (0, 0)  # answered, at a moment nobody knows


def test_the_span_is_that_of_the_known_moments() -> None:
    facts = gather([turn("customer", None), turn("system", 3), turn("assistant", 2)])
    assert facts.first_at == NOON + dt.timedelta(seconds=2)
    assert facts.last_at == NOON + dt.timedelta(seconds=3)
    nobody = gather([turn("system", None, "Quer?")])
    assert (nobody.first_at, nobody.last_at, nobody.last_role, nobody.asks) == (
        None,
        None,
        "",
        False,
    )


def test_what_the_customer_asks_is_no_question_of_an_answer() -> None:
    assert not gather([turn("assistant", 1), turn("customer", 2, "Tem?")]).asks
    assert gather([turn("customer", 1), turn("human", 2, "Tem?"), turn("system", 3)]).asks


def test_without_a_customer_nothing_is_said_and_it_is_final() -> None:
    assert ending(gather([turn("assistant", 0)]), "") == (Outcome.NONE, True)
    assert ending(gather([turn("assistant", 0)]), "resolved") == (Outcome.RESOLVED, True)
