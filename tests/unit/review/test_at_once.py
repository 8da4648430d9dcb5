"""What several people, or several tabs of one, do to the same item at the same moment."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from src import conversations, review
from src.conversations import Erased
from src.errors import AlreadySubmitted, BancadaError, ClaimLost, ReviewError
from src.review import Annotation, Claim, Criteria, Decision, Submitted
from tests.unit.review.conftest import Store

APPROVE = Annotation(Decision.APPROVED)
ROUNDS = 15


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do all of it, begun at the same moment, and return what came of it, refusals too."""
    line = threading.Barrier(len(acts))

    def do(act: Callable[[], Any]) -> Any:
        line.wait(60)
        try:
            return act()
        except BancadaError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(do, acts))


def claimed(reviewer: str) -> Claim:
    claim = review.claim_next(reviewer)
    assert claim is not None
    return claim


def test_two_who_submit_the_same_item_at_once_are_both_heard(store: Store) -> None:
    for key in store(*[2] * ROUNDS):
        review.enqueue(key, reason="x", reviewers=2, actor="ana")
        rui, eva = claimed("rui"), claimed("eva")
        done = at_once(
            lambda rui=rui: review.submit(rui, APPROVE), lambda eva=eva: review.submit(eva, APPROVE)
        )
        assert sorted(str(one.decision) for one in done) == ["None", "approved"], done
    assert review.queue_state().approved == ROUNDS


def test_a_draft_in_one_tab_does_not_hinder_the_submission_in_another(store: Store) -> None:
    for key in store(*[2] * ROUNDS):
        review.enqueue(key, reason="x", actor="ana")
        claim = claimed("rui")
        review.save_draft(claim, Annotation(comment="antes"))
        kept, done = at_once(
            lambda claim=claim: review.save_draft(claim, Annotation(comment="quase")),
            lambda claim=claim: review.submit(claim, APPROVE),
        )
        assert isinstance(kept, dt.datetime | AlreadySubmitted), kept
        assert done == Submitted(Decision.APPROVED)


def test_who_takes_back_in_one_tab_and_takes_the_next_in_another_holds_one_item(
    store: Store,
) -> None:
    for key in store(*[2] * (ROUNDS + 1)):
        review.enqueue(key, reason="x", actor="ana")
    for _round in range(ROUNDS):
        review.submit(claimed("rui"), APPROVE)
        undone, taken = at_once(lambda: review.undo("rui"), lambda: review.claim_next("rui"))
        assert isinstance(undone, Claim), undone
        assert isinstance(taken, Claim), taken
        assert review.queue_state().claimed == 1
        review.submit(claimed("rui"), APPROVE)


def test_what_is_erased_while_people_work_on_it_is_gone_and_refused_in_words(store: Store) -> None:
    kinds = set()
    for key in store(*[4] * ROUNDS):
        review.enqueue(key, reason="x", reviewers=3, actor="ana")
        first, second = claimed("rui"), claimed("eva")
        review.submit(claimed("leo"), APPROVE)
        *done, erased = at_once(
            lambda first=first: review.submit(first, APPROVE),
            lambda second=second: review.save_draft(second, Annotation(comment="quase")),
            lambda: review.undo("leo"),
            lambda key=key: conversations.erase_conversation(key, actor="ana"),
        )
        assert erased == Erased(1, 4)
        kinds |= {type(one) for one in done}
    assert kinds <= {Submitted, dt.datetime, Claim, ClaimLost, ReviewError}
    assert review.queue_state().total == 0


def test_a_refresh_leaves_out_what_is_erased_meanwhile(store: Store) -> None:
    review.set_criteria(Criteria(negative=False, more_than=10, share=0), actor="ana")
    for number in range(5):
        keys = store(*[11] * 20, prefix=f"r{number}.")

        def erase(keys: list[str] = keys) -> None:
            for key in keys[:10]:
                conversations.erase_conversation(key, actor="ana")

        at_once(lambda: review.refresh_queue(actor="ana"), erase)
    assert review.queue_state().total == 50
