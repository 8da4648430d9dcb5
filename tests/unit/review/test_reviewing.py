"""Decisions: stored once, blind to each other, settled, and taken back."""

from __future__ import annotations

import datetime as dt
import signal
import subprocess
import sys
from typing import Any

import pytest
import sqlalchemy as sa

from src import config, conversations, persistence, review
from src.errors import AlreadySubmitted, ClaimLost, ConversationNotFound, ReviewError
from src.persistence import utc_now
from src.review import Annotation, Decision, Label, Problem, TurnNote
from src.review.store import decisions, locks, queue
from tests.unit.review.conftest import Store

APPROVE = Annotation(Decision.APPROVED)
REJECT = Annotation(Decision.REJECTED, "preço errado")
RETURN = Annotation(Decision.RETURNED, "não conheço o produto")


def enqueued(store: Store, reviewers: int = 1) -> str:
    (key,) = store(4)
    review.enqueue(key, reason="x", reviewers=reviewers, actor="ana")
    return key


def claimed(reviewer: str) -> review.Claim:
    claim = review.claim_next(reviewer)
    assert claim is not None
    return claim


def later(monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    moment = utc_now() + dt.timedelta(minutes=minutes)
    for module in (queue, decisions):
        monkeypatch.setattr(module, "utc_now", lambda: moment)


def test_one_reviewer_decides_alone(store: Store) -> None:
    key = enqueued(store)
    assert review.submit(claimed("rui"), REJECT).decision == Decision.REJECTED
    assert review.verdicts([key])[key].decision == Decision.REJECTED
    assert review.claim_next("eva") is None


def test_everything_that_was_said_comes_back(store: Store) -> None:
    key = enqueued(store)
    turns = conversations.get_conversation(key).turns
    said = Annotation(
        Decision.APPROVED,
        criteria={"tone": True, "accuracy": False},
        turns=(
            TurnNote(turns[1].id, Label.BAD, (Problem.WRONG, Problem.TONE), "Custa R$ 10."),
            TurnNote(turns[3].id, Label.GOOD),
        ),
        comment="quase 👍",
    )
    review.submit(claimed("rui"), said)
    (kept,) = review.annotations_of(key, viewer=None)
    assert kept.annotation == said
    verdict = review.verdicts([key])[key]
    assert verdict.corrections == {turns[1].id: "Custa R$ 10."}
    assert verdict.problems == {turns[1].id: (Problem.WRONG, Problem.TONE)}
    assert conversations.get_conversation(key).turns[1].content == "texto 1"


@pytest.mark.parametrize(
    ("annotation", "said"),
    [
        (Annotation(), "Falta a decisão"),
        (Annotation(Decision.REJECTED), "motivo"),
        (Annotation(Decision.RETURNED, "  "), "motivo"),
        (Annotation(Decision.APPROVED, criteria={"x": True}), "critério"),
        (Annotation(Decision.APPROVED, turns=(TurnNote("x"),)), "mensagem"),
    ],
)
def test_what_is_incomplete_is_refused(store: Store, annotation: Annotation, said: str) -> None:
    enqueued(store)
    claim = claimed("rui")
    with pytest.raises(ReviewError, match=said):
        review.submit(claim, annotation)
    assert review.submit(claim, APPROVE).decision == Decision.APPROVED


@pytest.mark.parametrize("name", ["R\0v", "R\ud83dv", "x" * 201])
def test_a_name_that_cannot_be_stored_is_refused_in_words(store: Store, name: str) -> None:
    enqueued(store)
    for act in (review.claim_next, review.claim_in_hand, review.undo, review.needing_a_third):
        with pytest.raises(ReviewError, match="até 200 letras"):
            act(name)


def test_texts_that_no_database_takes_are_stored_without_what_is_broken(store: Store) -> None:
    (key,) = store(4)
    review.enqueue(key, reason="moti\0vo", actor="ana")
    turn = conversations.get_conversation(key).turns[1].id
    broken, mended = "a\0b \ud83d", "a\ufffdb \ufffd"
    claim = claimed("rui")
    assert str(claim.reasons[0]) == "pedida por ana: moti\ufffdvo"
    review.save_draft(claim, Annotation(comment=broken))
    assert claimed("rui").draft == Annotation(comment=mended)
    note = TurnNote(turn, correction=broken)
    review.submit(claim, Annotation(Decision.REJECTED, broken, turns=(note,), comment=broken))
    (kept,) = review.annotations_of(key, viewer=None)
    assert (kept.annotation.reason, kept.annotation.comment) == (mended, mended)
    assert review.verdicts([key])[key].corrections == {turn: mended}
    claim = review.undo("rui")
    with pytest.raises(ReviewError, match="mensagem"):
        review.submit(claim, Annotation(Decision.APPROVED, turns=(TurnNote("a\0b"),)))


def test_a_second_submission_changes_nothing(store: Store) -> None:
    key = enqueued(store)
    claim = claimed("rui")
    review.submit(claim, APPROVE)
    with pytest.raises(AlreadySubmitted, match="já foi enviada"):
        review.submit(claim, REJECT)
    with pytest.raises(AlreadySubmitted):
        review.save_draft(claim, REJECT)
    assert review.verdicts([key])[key].decision == Decision.APPROVED
    assert len(review.annotations_of(key, viewer=None)) == 1


def test_a_draft_survives_and_comes_back_with_the_item(store: Store) -> None:
    enqueued(store)
    draft = Annotation(criteria={"tone": True}, comment="até aqui")
    review.save_draft(claimed("rui"), Annotation(comment="antes"))
    review.save_draft(claimed("rui"), draft)
    assert claimed("rui").draft == draft  # nothing but the database was needed


def test_a_draft_of_a_very_long_conversation_is_saved_without_reading_its_texts(
    store: Store,
) -> None:
    (key,) = store(10_000)
    review.enqueue(key, reason="x", actor="ana")
    claim = claimed("rui")
    turns = conversations.get_conversation(key).turns
    draft = Annotation(turns=tuple(TurnNote(turn.id, Label.GOOD) for turn in turns[1:600:2]))
    read: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        read.append(statement)

    sa.event.listen(persistence.get_engine(), "before_cursor_execute", note)
    try:
        review.save_draft(claim, draft)
    finally:
        sa.event.remove(persistence.get_engine(), "before_cursor_execute", note)
    of_turns = [statement for statement in read if "conversation_turns" in statement]
    assert of_turns
    assert all("conversation_turns.content" not in statement for statement in of_turns)
    assert claimed("rui").draft == draft


def test_a_note_on_another_conversations_turn_is_refused(store: Store) -> None:
    key, other = store(2, 2)
    review.enqueue(key, reason="x", actor="ana")
    stranger = conversations.get_conversation(other).turns[1]
    with pytest.raises(ReviewError, match="mensagem que esta conversa não tem"):
        review.save_draft(claimed("rui"), Annotation(turns=(TurnNote(stranger.id, Label.GOOD),)))


def test_marking_a_conversation_that_was_erased_meanwhile_says_so(store: Store) -> None:
    key = enqueued(store)
    claim = claimed("rui")
    turn = conversations.get_conversation(key).turns[1]
    conversations.erase_conversation(key, actor="ana")
    with pytest.raises(ConversationNotFound, match="pode ter sido apagada"):
        review.save_draft(claim, Annotation(turns=(TurnNote(turn.id, Label.GOOD),)))


def test_a_draft_keeps_the_claim_alive(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    enqueued(store)
    claim = claimed("rui")
    later(monkeypatch, 20)
    review.save_draft(claim, Annotation(comment="ainda aqui"))
    later(monkeypatch, 40)
    assert review.claim_next("eva") is None
    review.submit(claim, APPROVE)


def test_an_expired_claim_is_refused_and_what_was_said_is_kept(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = enqueued(store)
    claim = claimed("rui")
    later(monkeypatch, 31)
    with pytest.raises(ClaimLost, match="rascunho"):
        review.submit(claim, REJECT)
    assert review.verdicts([key]) == {}
    again = claimed("rui")
    assert again.id != claim.id
    assert again.draft == REJECT


def test_who_lost_an_item_to_another_keeps_the_draft_and_is_told(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    enqueued(store)
    claim = claimed("rui")
    later(monkeypatch, 31)
    other = claimed("eva")
    assert other.draft is None
    with pytest.raises(ClaimLost):
        review.save_draft(claim, Annotation(comment="meu"))
    review.release(other.id)
    draft = claimed("rui").draft
    assert draft is not None
    assert draft.comment == "meu"


def test_who_reads_what_is_erased_is_told_that_nothing_is_kept(store: Store) -> None:
    key = enqueued(store)
    claim = claimed("rui")
    review.save_draft(claim, Annotation(comment="meu"))
    conversations.erase_conversation(key, actor="ana")
    with pytest.raises(ClaimLost, match="apagada"):
        review.save_draft(claim, Annotation(comment="mais"))
    with pytest.raises(ClaimLost, match="apagada"):
        review.submit(claim, APPROVE)


def test_reviewers_are_blind_to_each_other_until_the_item_is_decided(store: Store) -> None:
    key = enqueued(store, reviewers=2)
    review.submit(claimed("rui"), REJECT)
    assert claimed("eva").previous == ()
    assert review.annotations_of(key, viewer="eva") == []
    assert len(review.annotations_of(key, viewer="rui")) == 1
    review.submit(claimed("eva"), REJECT)
    assert [it.reviewer for it in review.annotations_of(key, viewer="leo")] == ["rui", "eva"]


def test_two_who_agree_decide(store: Store) -> None:
    enqueued(store, reviewers=2)
    assert review.submit(claimed("rui"), APPROVE).decision is None
    assert review.submit(claimed("eva"), APPROVE).decision == Decision.APPROVED


def test_a_disagreement_goes_to_a_third_who_sees_both(store: Store) -> None:
    key = enqueued(store, reviewers=2)
    turn = conversations.get_conversation(key).turns[1].id
    review.submit(
        claimed("rui"), Annotation(Decision.APPROVED, turns=(TurnNote(turn, correction="R"),))
    )
    done = review.submit(claimed("eva"), REJECT)
    assert (done.decision, done.disagreement) == (None, True)
    assert review.queue_state().adjudication == 1
    assert review.claim_next("rui") is None
    assert [review.needing_a_third(name) for name in ("rui", "eva", "leo")] == [1, 1, 0]
    third = claimed("leo")
    assert third.adjudication
    assert review.needing_a_third("rui") == 0
    assert [it.annotation.decision for it in third.previous] == ["approved", "rejected"]
    final = Annotation(Decision.APPROVED, turns=(TurnNote(turn, correction="L"),))
    assert review.submit(third, final).decision == Decision.APPROVED
    assert review.verdicts([key])[key].corrections == {turn: "L"}


@pytest.mark.parametrize(("first", "again"), [("Ângela", "ângela"), ("José", "Jose\u0301")])
def test_who_spells_their_name_otherwise_is_the_same_person(
    store: Store, first: str, again: str
) -> None:
    key = enqueued(store, reviewers=2)
    claim = claimed(first)
    review.save_draft(claim, Annotation(comment="meu"))
    assert claimed(again) == review.claim_in_hand(again) == review.claim_in_hand(first)
    assert claimed(again).id == claim.id
    review.submit(claim, APPROVE)
    assert review.claim_next(again) is None
    assert len(review.annotations_of(key, viewer=again)) == 1
    review.submit(claimed("eva"), REJECT)
    assert review.claim_next(again) is None
    assert review.needing_a_third(again) == 1
    assert review.undo("EVA").id == review.claim_in_hand("eva").id  # type: ignore[union-attr]
    assert {it.reviewer for it in review.reviewer_progress()} == {first}


def test_what_is_sent_back_goes_to_someone_else_with_the_reason(store: Store) -> None:
    enqueued(store)
    assert review.submit(claimed("rui"), RETURN).decision is None
    assert review.claim_next("rui") is None
    claim = claimed("eva")
    assert [it.annotation.reason for it in claim.previous] == [RETURN.reason]
    assert review.submit(claim, APPROVE).decision == Decision.APPROVED


def test_the_last_decision_can_be_taken_back(store: Store) -> None:
    key = enqueued(store)
    first = claimed("rui")
    review.submit(first, REJECT)
    claim = review.undo("rui")
    assert claim.draft == REJECT
    assert review.verdicts([key]) == {}
    with pytest.raises(ClaimLost):
        review.submit(first, APPROVE)
    assert review.submit(claim, APPROVE).decision == Decision.APPROVED
    assert len(review.annotations_of(key, viewer=None)) == 1


def test_a_tab_that_still_shows_what_was_decided_does_not_stand_in_the_way(store: Store) -> None:
    enqueued(store)
    claim = claimed("rui")
    review.submit(claim, REJECT)
    with pytest.raises(AlreadySubmitted):
        review.save_draft(claim, Annotation(comment="da outra aba"))
    assert review.undo("rui").draft == REJECT
    assert claimed("rui").draft == REJECT


def test_what_an_older_tab_left_does_not_hinder_taking_back(store: Store) -> None:
    enqueued(store)
    claim = claimed("rui")
    review.submit(claim, REJECT)
    with locks.writing() as connection:  # as it was kept once
        kept = {"item_id": claim.item_id, "reviewer": "rui", "content": {}, "saved_at": utc_now()}
        connection.execute(decisions.drafts.insert().values(**kept))
    assert review.undo("rui").draft == REJECT


def test_taking_back_a_disagreement_or_a_return_takes_back_what_followed(store: Store) -> None:
    enqueued(store, reviewers=2)
    review.submit(claimed("rui"), APPROVE)
    review.submit(claimed("eva"), REJECT)
    claim = review.undo("eva")
    assert review.claim_next("leo") is None
    review.submit(claim, RETURN)
    claim = review.undo("eva")
    assert review.claim_next("leo") is None
    assert review.submit(claim, APPROVE).decision == Decision.APPROVED


def test_what_others_went_on_from_is_not_taken_back(store: Store) -> None:
    enqueued(store, reviewers=2)
    review.submit(claimed("rui"), APPROVE)
    review.submit(claimed("eva"), REJECT)
    third = claimed("leo")
    with pytest.raises(ReviewError, match="outra pessoa"):
        review.undo("eva")
    review.submit(third, APPROVE)
    assert review.undo("leo").adjudication
    with pytest.raises(ReviewError, match="Não há decisão"):
        review.undo("max")


def test_taking_back_gives_up_what_else_was_in_hand(store: Store) -> None:
    for key in store(2, 2):
        review.enqueue(key, reason="x", actor="ana")
    review.submit(claimed("rui"), APPROVE)
    second = claimed("rui")
    undone = review.undo("rui")
    assert claimed("rui").id == undone.id
    assert claimed("eva").conversation_id == second.conversation_id


def test_the_work_of_each_reviewer_is_counted(store: Store) -> None:
    for key in store(2, 2, 2):
        review.enqueue(key, reason="x", actor="ana")
    review.submit(claimed("rui"), APPROVE)
    review.submit(claimed("rui"), REJECT)
    review.submit(claimed("eva"), RETURN)
    rui, eva = review.reviewer_progress()
    assert (rui.reviewer, rui.approved, rui.rejected, rui.returned) == ("rui", 1, 1, 0)
    assert sum(rui.days.values()) == rui.decisions == 2
    assert rui.median_seconds is not None
    assert rui.median_seconds >= 0
    assert (eva.reviewer, eva.returned) == ("eva", 1)


def test_agreement_counts_only_what_was_judged_blind(store: Store) -> None:
    for key in store(2, 2):
        review.enqueue(key, reason="x", reviewers=2, actor="ana")
    for reviewer, several in (("rui", (APPROVE, APPROVE)), ("eva", (APPROVE, REJECT))):
        for decision in several:
            review.submit(claimed(reviewer), decision)
    review.submit(claimed("leo"), REJECT)
    found = {(it.criterion, it.kind): it for it in review.measure_agreement()}
    pair = found["decision", "pair"]
    assert (pair.reviewers, pair.n, pair.observed, pair.kappa) == (("eva", "rui"), 2, 0.5, 0.0)
    assert found["decision", "all"].reviewers == ("eva", "rui")


KILLED = """
import os, signal
from src import review
claim = review.claim_next("rui")
review.save_draft(claim, review.Annotation(comment="no meio"))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_draft_survives_the_process_that_is_killed(store: Store) -> None:
    enqueued(store)
    done = subprocess.run([sys.executable, "-c", KILLED], cwd=config.PROJECT_ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    draft = claimed("rui").draft
    assert draft is not None
    assert draft.comment == "no meio"
