"""What enters the queue and why, and who gets which item."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from src import conversations, jobs, review
from src.errors import ReviewError
from src.jobs import store as job_store
from src.persistence import utc_now
from src.review import Annotation, Criteria, Decision
from src.review.store import queue, selection
from tests.unit.review.conftest import Store

NONE = Criteria(negative=False, more_than=None, share=0)
APPROVE = Annotation(Decision.APPROVED)


def only(**chosen: object) -> None:
    """Put criteria in force that choose by nothing but what is given."""
    review.set_criteria(Criteria(**{**NONE.to_dict(), "keywords": (), **chosen}), actor="ana")  # type: ignore[arg-type]


def claimed(reviewer: str) -> review.Claim:
    claim = review.claim_next(reviewer)
    assert claim is not None
    return claim


def later(monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    moment = utc_now() + dt.timedelta(minutes=minutes)
    for module in (queue, selection):
        monkeypatch.setattr(module, "utc_now", lambda: moment)


def test_long_conversations_have_more_than_ten_messages(store: Store) -> None:
    _short, long = store(10, 11)
    only(more_than=10)
    assert review.refresh_queue(actor="ana").added == 1
    claim = claimed("rui")
    assert claim.conversation_id == long
    assert [str(reason) for reason in claim.reasons] == ["conversa longa (11 mensagens)"]


def test_keywords_are_whole_words_whatever_their_case_and_accents(store: Store) -> None:
    (found,) = store(2, text="Quero RECLAMAÇÃO já")
    store(2, text="reclamações", prefix="d")
    only(keywords=("reclamacao", "reembolso"))
    assert review.refresh_queue(actor="ana").added == 1
    claim = claimed("rui")
    assert claim.conversation_id == found
    assert "reclamacao" in str(claim.reasons[0])


def test_negative_feedback_comes_first_and_raises_what_waits(store: Store) -> None:
    long, _plain, disliked = store(20, 2, 2)
    only(negative=True, more_than=10)
    review.add_feedback(
        review.Opinion("reaction", turn="c2.1", positive=False, source_id="1"), actor="api"
    )
    assert review.refresh_queue(actor="ana").added == 2
    assert claimed("rui").conversation_id == disliked
    review.add_feedback(
        review.Opinion("rating", conversation="c0", stars=1, source_id="2"), actor="api"
    )
    done = review.refresh_queue(actor="ana")
    assert (done.added, done.changed) == (0, 1)
    claim = claimed("eva")
    assert (claim.conversation_id, claim.priority) == (long, 120)


def test_the_sample_is_a_tenth_and_the_same_everywhere(store: Store) -> None:
    ids = store(*[2] * 400)
    rules = Criteria(share=0.1)
    from src.review.criteria import is_sampled

    chosen = {key for key in ids if is_sampled(key, rules)}
    assert 20 <= len(chosen) <= 60
    assert chosen == {key for key in reversed(ids) if is_sampled(key, Criteria(share=0.1))}
    assert chosen < {key for key in ids if is_sampled(key, Criteria(share=0.3))}
    only(share=0.1)
    assert review.refresh_queue(actor="ana").added == len(chosen)


def test_a_refresh_looks_only_at_what_changed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(11, 11)
    only(more_than=10)
    review.refresh_queue(actor="ana")
    monkeypatch.setattr(selection, "OVERLAP", dt.timedelta(0))
    review.refresh_queue(actor="ana")
    store(11, prefix="d")
    done = review.refresh_queue(actor="ana")
    assert (done.looked_at, done.added) == (1, 1)


def test_new_criteria_take_out_what_nobody_touched(store: Store) -> None:
    store(11, 12, 13)
    only(more_than=10)
    review.refresh_queue(actor="ana")
    review.submit(claimed("rui"), APPROVE)
    claimed("eva")
    only(more_than=100)
    assert review.refresh_queue(actor="ana").removed == 1
    state = review.queue_state()
    assert (state.waiting, state.claimed, state.approved) == (0, 1, 1)
    assert state.decisions_left == 1


def test_the_decisions_that_are_left_are_those_that_each_conversation_asks_for(
    store: Store,
) -> None:
    for identifier, reviewers in zip(store(2, 2), (1, 3), strict=True):
        review.enqueue(identifier, reason="x", reviewers=reviewers, actor="ana")
    assert review.queue_state().decisions_left == 4
    claim = claimed("rui")
    assert review.queue_state().decisions_left == 4
    review.submit(claim, APPROVE)
    assert review.queue_state().decisions_left == 3
    review.submit(claimed("rui"), Annotation(Decision.RETURNED, reason="x"))
    assert review.queue_state().decisions_left == 3


def test_new_criteria_leave_what_somebody_has_a_draft_of(store: Store) -> None:
    store(11, 12)
    only(more_than=10)
    review.refresh_queue(actor="ana")
    claim = claimed("rui")
    review.save_draft(claim, Annotation(comment="vinte minutos de trabalho"))
    review.release(claim.id)
    only(more_than=100)
    assert review.refresh_queue(actor="ana").removed == 1
    only(more_than=10)
    review.refresh_queue(actor="ana")
    again = claimed("rui")
    assert again.conversation_id == claim.conversation_id
    assert again.draft == Annotation(comment="vinte minutos de trabalho")


def test_another_number_of_reviewers_is_for_what_nobody_has_begun(store: Store) -> None:
    *long, asked = store(13, 11, 2)
    review.enqueue(asked, reason="x", priority=0, actor="ana")
    only(more_than=10)
    review.refresh_queue(actor="ana")
    begun = claimed("rui").conversation_id
    (waiting,) = set(long) - {begun}
    for reviewers in (1, 3, 2):
        only(more_than=10, reviewers=reviewers)
        review.refresh_queue(actor="ana")
    done: dict[str, list[review.Submitted]] = {}
    for name in ("rui", "eva", "leo"):
        while (claim := review.claim_next(name)) is not None:
            done.setdefault(claim.conversation_id, []).append(review.submit(claim, APPROVE))
    assert {key: len(decided) for key, decided in done.items()} == {begun: 1, waiting: 2, asked: 1}
    assert review.queue_state().approved == 3


def test_criteria_out_of_range_are_refused() -> None:
    for wrong in (Criteria(share=1.5), Criteria(reviewers=0), Criteria(negative_stars=5)):
        with pytest.raises(ReviewError, match="vai de"):
            review.set_criteria(wrong, actor="ana")


def test_a_conversation_enters_by_hand_once(store: Store) -> None:
    (key,) = store(2)
    assert review.enqueue(key, reason="dúvida", actor="ana")
    assert not review.enqueue(key, reason="dúvida", actor="ana")
    assert "dúvida" in str(claimed("rui").reasons[0])
    only()
    review.refresh_queue(actor="ana")
    assert review.queue_state().claimed == 1
    with pytest.raises(ReviewError, match="não está mais aqui"):
        review.enqueue("x", reason="?", actor="ana")


def test_two_reviewers_never_get_the_same_item(store: Store) -> None:
    for key in store(2, 2):
        review.enqueue(key, reason="x", actor="ana")
    first, second = claimed("rui"), claimed("eva")
    assert first.conversation_id != second.conversation_id
    assert review.claim_next("leo") is None


def test_an_item_that_asks_for_two_goes_to_two_people(store: Store) -> None:
    (key,) = store(2)
    review.enqueue(key, reason="x", reviewers=2, actor="ana")
    assert claimed("rui").conversation_id == claimed("eva").conversation_id
    assert review.claim_next("leo") is None
    review.submit(claimed("rui"), APPROVE)
    assert review.claim_next("rui") is None


def test_next_again_gives_the_item_in_hand(store: Store) -> None:
    for key in store(2, 2):
        review.enqueue(key, reason="x", actor="ana")
    assert claimed("rui").id == claimed(" rui ").id


def test_a_released_item_goes_to_someone_else(store: Store) -> None:
    review.enqueue(store(2)[0], reason="x", actor="ana")
    claim = claimed("rui")
    assert review.release(claim.id)
    assert not review.release(claim.id)
    assert claimed("eva").conversation_id == claim.conversation_id


def test_a_claim_that_expired_goes_to_someone_else(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    review.enqueue(store(2)[0], reason="x", actor="ana")
    claim = claimed("rui")
    assert review.claim_next("eva") is None
    later(monkeypatch, 31)
    assert claimed("eva").conversation_id == claim.conversation_id
    assert review.claim_next("rui") is None


def test_a_reviewer_has_a_name() -> None:
    with pytest.raises(ReviewError, match="nome"):
        review.claim_next("  ")


def test_many_at_once_share_the_queue_without_overlap(store: Store) -> None:
    for key in store(*[2] * 40):
        review.enqueue(key, reason="x", actor="ana")

    def take(name: str) -> list[str]:
        taken = []
        while (claim := review.claim_next(name)) is not None:
            taken.append(claim.conversation_id)
            review.submit(claim, APPROVE)
        return taken

    with ThreadPoolExecutor(6) as pool:
        taken = [key for part in pool.map(take, "abcdef") for key in part]
    assert len(taken) == len(set(taken)) == 40
    assert review.queue_state().approved == 40


def test_erasing_a_conversation_empties_its_place_in_the_queue(store: Store) -> None:
    (key,) = store(2)
    review.enqueue(key, reason="x", actor="ana")
    review.submit(claimed("rui"), APPROVE)
    conversations.erase_conversation(key, actor="ana")
    assert review.queue_state().total == 0
    assert review.verdicts([key]) == {}


def test_the_claim_in_hand_is_found_again_and_not_prolonged(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(12)
    only(more_than=10)
    review.refresh_queue(actor="ana")
    assert review.claim_in_hand("rui") is None
    claim = claimed("rui")
    later(monkeypatch, 29)
    assert review.claim_in_hand(" rui ") == claim
    assert review.claim_in_hand("bia") is None
    later(monkeypatch, 31)
    assert review.claim_in_hand("rui") is None


def test_a_refresh_that_waits_is_in_progress(any_database: str) -> None:
    job = review.start_refresh(actor="ana")
    assert [found.id for found in jobs.in_progress("review.refresh")] == [job]


def test_the_queue_brings_itself_up_to_date_when_something_changed(store: Store) -> None:
    assert review.refresh_if_due() > 0
    assert not selection.is_stale()
    only(more_than=10)
    store(11)
    assert selection.is_stale()
    review.refresh_if_due()
    assert review.queue_state().waiting == 1
    assert not selection.is_stale()
    review.add_feedback(
        review.Opinion("rating", conversation="c0", stars=1, source_id="1"), actor="api"
    )
    assert selection.is_stale()


def test_what_an_import_committed_late_is_looked_for_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(11)
    review.refresh_if_due()
    for minutes in (6, 12):
        later(monkeypatch, minutes)
        assert selection.is_stale()
        review.refresh_if_due()
    later(monkeypatch, 18)
    assert not selection.is_stale()


def test_the_queue_waits_for_the_end_of_an_import(store: Store) -> None:
    only(more_than=10)
    store(11)
    importing = conversations.start_database_import(actor="ana")
    running = job_store.claim("teste:1:0")
    assert running is not None
    assert running.id == importing
    review.refresh_if_due()
    assert review.queue_state().total == 0
    job_store.finish(importing, "teste:1:0", jobs.JobState.SUCCEEDED)
    review.refresh_if_due()
    assert review.queue_state().total == 1


def test_criteria_put_in_force_during_a_refresh_look_at_everything(store: Store) -> None:
    store(11, 12)
    only(more_than=11)
    changed: list[bool] = []

    def change(_done: int, _total: int) -> None:
        only(more_than=10)
        changed.append(True)

    assert review.refresh_queue(actor="ana", on_progress=change).added == 1
    assert changed
    assert review.refresh_queue(actor="ana").added == 1
