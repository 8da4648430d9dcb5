"""A reviewer's work by the keyboard alone, in a real browser against the running dashboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from src import conversations, review
from src.conversations import NewConversation, NewTurn, Role
from src.review import Decision, Label, Problem
from tests.e2e.screens import open_screen, settled

EVIL = '<img src=x onerror="document.title=1">'


def stored(count: int) -> None:
    """Store conversations of six messages and put them into the queue."""
    conversations.add(
        [
            NewConversation(
                origin_id=f"teclado{number}",
                turns=tuple(
                    NewTurn((Role.CUSTOMER, Role.ASSISTANT)[place % 2], f"texto {place} {EVIL}")
                    for place in range(6)
                ),
            )
            for number in range(count)
        ],
        "teclado",
        actor="ana",
    )
    for found in conversations.every():
        review.enqueue(found.summary.id, reason="teste", actor="ana")


def tab_until(page: Any, selector: str) -> None:
    """Press Tab until the focus is there."""
    for _press in range(60):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {selector}")


def presser(page: Any) -> Callable[..., None]:
    def press(*keys: str) -> None:
        for key in keys:
            page.keyboard.press(key)
            page.wait_for_timeout(150)  # the script begins to run only after a moment
            settled(page)

    return press


def button(page: Any, key: str) -> Any:
    # A button with a tooltip is drawn twice, for wide and for narrow windows.
    return page.locator(f".st-key-{key} button").first


def test_a_conversation_is_marked_corrected_and_decided_by_keys_alone(
    page: Any, inside: Any
) -> None:
    open_screen(page, "/revisao")  # the first visit prepares the database
    stored(2)
    open_screen(page, "/revisao")
    press = presser(page)
    tab_until(page, ".st-key-review_name input")
    page.keyboard.type("Rui")
    press("Enter")
    button(page, "review_next").wait_for()

    press("n")
    button(page, "review_approve").wait_for()
    assert page.title() != "1"  # what people write is shown, not run
    assert page.get_by_text(EVIL).count() == 6
    claim = review.claim_in_hand("Rui")
    assert claim is not None

    press("j", "m", "2", "f", "g", "g")
    expect(button(page, "review_criterion_accuracy")).to_contain_text("não")
    press("e")
    tab_until(page, "[class*='st-key-review_correction_'] textarea")
    page.keyboard.press("Control+a")
    page.keyboard.type("A resposta banal não some: axndu")  # letters that are keys elsewhere
    press("Control+Enter", "Tab", "a")
    button(page, "review_next").wait_for()
    (done,) = review.annotations_of(claim.conversation_id, viewer="Rui")
    assert done.annotation.decision is Decision.APPROVED
    assert done.annotation.criteria == {"tone": True, "accuracy": False}
    (note,) = done.annotation.turns
    assert (note.label, note.problems) == (Label.BAD, (Problem.INVENTED,))
    assert note.correction == "A resposta banal não some: axndu"
    turns = conversations.get_conversation(claim.conversation_id).turns
    assert [turn.position for turn in turns if turn.id == note.turn_id] == [3]

    press("u")
    button(page, "review_approve").wait_for()
    assert review.annotations_of(claim.conversation_id, viewer="Rui") == []

    tab_until(page, "[class*='st-key-review_comment_'] textarea")
    page.keyboard.type("ver o preço")
    press("Control+Enter")
    held = review.claim_in_hand("Rui")  # kept, and nothing decided
    assert held is not None and held.draft is not None
    assert held.draft.comment == "ver o preço"
    press("Tab", "x")
    tab_until(page, "[role='dialog'] textarea")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    press("Control+Enter")
    expect(page.locator("[role='dialog'] [data-testid='stAlert']")).to_be_visible()
    assert review.annotations_of(claim.conversation_id, viewer="Rui") == []
    tab_until(page, "[role='dialog'] textarea")
    page.keyboard.type("preço inventado")
    press("Control+Enter")
    button(page, "review_next").wait_for()
    (done,) = review.annotations_of(claim.conversation_id, viewer="Rui")
    assert done.annotation.decision is Decision.REJECTED
    assert done.annotation.reason == "preço inventado"


def test_a_reload_in_the_middle_keeps_the_conversation_and_its_marks(
    page: Any, inside: Any
) -> None:
    open_screen(page, "/revisao")  # the first visit prepares the database
    stored(2)
    open_screen(page, "/revisao")
    if page.locator(".st-key-review_name").count():
        page.locator(".st-key-review_name input").fill("Bia")
        page.locator(".st-key-review_name input").press("Enter")
    press = presser(page)
    button(page, "review_next").wait_for()
    press("n")
    button(page, "review_approve").wait_for()
    press("b", "5")
    open_screen(page, "/revisao")
    button(page, "review_approve").wait_for()
    claim = review.claim_in_hand("Bia")
    assert claim is not None and claim.draft is not None
    (note,) = claim.draft.turns
    assert (note.label, note.problems) == (Label.GOOD, (Problem.INCOMPLETE,))
    assert page.locator(".st-key-review_problem_incomplete strong").count() == 1
