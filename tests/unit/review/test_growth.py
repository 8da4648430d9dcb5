"""Conversations that grow while, or after, people judge them."""

from __future__ import annotations

import datetime as dt

import pytest

from src import conversations, review
from src.errors import ClaimLost, ReviewError
from src.review import Annotation, Claim, Criteria, Decision, Label, TurnNote
from src.review.store import decisions, locks
from tests.unit.review.conftest import Store

APPROVE = Annotation(Decision.APPROVED)
REJECT = Annotation(Decision.REJECTED, "preço errado")
RETURN = Annotation(Decision.RETURNED, "não conheço o produto")


def claimed(reviewer: str) -> Claim:
    claim = review.claim_next(reviewer)
    assert claim is not None
    return claim


def chosen(store: Store, turns: int = 11, reviewers: int = 1) -> str:
    """Store a conversation that the criteria choose, and put it into the queue."""
    rules = Criteria(negative=False, more_than=10, share=0, reviewers=reviewers)
    review.set_criteria(rules, actor="ana")
    (key,) = store(turns)
    review.refresh_queue(actor="ana")
    return key


def refreshed() -> review.Refreshed:
    return review.refresh_queue(actor="ana")


def test_a_decision_on_less_than_there_is_by_now_is_refused_and_kept(store: Store) -> None:
    chosen(store)
    claim = claimed("rui")
    assert claim.turns == 11
    store(13)
    with pytest.raises(ReviewError, match="tinha 11 mensagens e agora tem 13"):
        review.submit(claim, REJECT)
    again = review.claim_in_hand("rui")
    assert again is not None
    assert (again.id, again.turns, again.draft) == (claim.id, 13, REJECT)
    assert review.submit(again, APPROVE).decision == Decision.APPROVED
    assert refreshed().added == 0


def test_what_has_grown_can_be_sent_back_without_reading_on(store: Store) -> None:
    chosen(store)
    claim = claimed("rui")
    store(13)
    review.submit(claim, RETURN)
    assert claimed("eva").turns == 13


def test_what_grew_after_its_approval_is_read_again_by_anyone(store: Store) -> None:
    key = chosen(store)
    turns = conversations.get_conversation(key).turns
    note = TurnNote(turns[1].id, Label.BAD, correction="Custa R$ 10.")
    review.submit(claimed("rui"), Annotation(Decision.APPROVED, turns=(note,)))
    assert review.verdicts([key])[key].read == 11
    store(13)
    assert review.verdicts([key])[key].read == 11
    assert refreshed().added == 1
    assert refreshed().added == 0
    assert review.verdicts([key]) == {}
    claim = claimed("rui")
    assert (claim.conversation_id, claim.turns) == (key, 13)
    assert [str(it) for it in claim.reasons] == [
        "cresceu depois da revisão",
        "conversa longa (13 mensagens)",
    ]
    assert [it.annotation.turns for it in claim.previous] == [(note,)]
    review.submit(claim, APPROVE)
    verdict = review.verdicts([key])[key]
    assert (verdict.read, verdict.corrections) == (13, {turns[1].id: "Custa R$ 10."})
    assert [it.decisions for it in review.reviewer_progress()] == [2]


def test_what_grew_stays_whatever_the_criteria_say(store: Store) -> None:
    key = chosen(store)
    review.submit(claimed("rui"), APPROVE)
    store(12)
    refreshed()
    review.set_criteria(Criteria(negative=False, more_than=None, share=0), actor="ana")
    assert refreshed().removed == 0
    claim = claimed("eva")
    assert claim.conversation_id == key
    assert [str(it) for it in claim.reasons] == ["cresceu depois da revisão"]


def test_what_was_asked_for_by_hand_keeps_its_reason_and_its_reviewers(store: Store) -> None:
    (key,) = store(2)
    review.enqueue(key, reason="dúvida", reviewers=2, actor="ana")
    for name in ("rui", "eva"):
        review.submit(claimed(name), APPROVE)
    for turns in (3, 4):
        store(turns)
        assert refreshed().added == 1
        claim = claimed("rui")
        assert [str(it) for it in claim.reasons] == [
            "pedida por ana: dúvida",
            "cresceu depois da revisão",
        ]
        assert review.submit(claim, APPROVE).decision is None
        assert review.submit(claimed("leo"), APPROVE).decision == Decision.APPROVED


def test_what_was_rejected_stays_rejected(store: Store) -> None:
    key = chosen(store)
    review.submit(claimed("rui"), REJECT)
    store(12)
    assert refreshed().added == 0
    assert review.verdicts([key])[key].decision == Decision.REJECTED


def test_of_two_reviewers_the_one_who_read_less_counts(store: Store) -> None:
    key = chosen(store, reviewers=2)
    review.submit(claimed("rui"), APPROVE)
    store(12)
    refreshed()
    review.submit(claimed("eva"), APPROVE)
    assert review.verdicts([key])[key].read == 11
    assert refreshed().added == 1
    for name in ("rui", "eva"):
        review.submit(claimed(name), APPROVE)
    assert review.verdicts([key])[key].read == 12


def test_a_new_round_is_settled_by_its_own_judgements_and_counts_for_agreement(
    store: Store,
) -> None:
    key = chosen(store, reviewers=2)
    review.submit(claimed("rui"), APPROVE)
    review.submit(claimed("eva"), REJECT)
    review.submit(claimed("leo"), APPROVE)
    store(12)
    refreshed()
    review.submit(claimed("rui"), REJECT)
    assert review.submit(claimed("eva"), REJECT).decision == Decision.REJECTED
    assert review.verdicts([key])[key].decision == Decision.REJECTED
    (pair,) = (
        it for it in review.measure_agreement() if (it.criterion, it.kind) == ("decision", "pair")
    )
    assert (pair.reviewers, pair.observed) == (("eva", "rui"), 1.0)


def test_what_was_decided_before_the_growth_is_not_taken_back(store: Store) -> None:
    chosen(store)
    claim = claimed("rui")
    review.submit(claim, APPROVE)
    store(12)
    refreshed()
    with pytest.raises(ReviewError, match="cresceu"):
        review.undo("rui")
    with pytest.raises(ClaimLost):
        review.submit(claim, APPROVE)
    assert claimed("rui").draft == APPROVE


def test_of_a_judgement_that_kept_no_number_what_was_said_later_is_unread(store: Store) -> None:
    start = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)  # a message every ten seconds
    rules = Criteria(negative=False, more_than=10, share=0)
    review.set_criteria(rules, actor="ana")
    (timed,) = store(11, start=start)
    (untimed,) = store(11, prefix="d")
    review.refresh_queue(actor="ana")
    for _item in range(2):
        review.submit(claimed("rui"), APPROVE)
    with locks.writing() as connection:
        at = start + dt.timedelta(seconds=105)
        old = {"content": APPROVE.to_dict(), "submitted_at": at}
        connection.execute(decisions.judgements.update().values(**old))
    assert {it.read for it in review.verdicts([timed, untimed]).values()} == {11}
    store(20, start=start)
    store(20, prefix="d")
    found = review.verdicts([timed, untimed])
    assert (found[timed].read, found[untimed].read) == (11, 20)
    assert refreshed().added == 1
    assert claimed("eva").conversation_id == timed
