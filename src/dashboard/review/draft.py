"""What a reviewer has marked so far: kept in the database at every change.

The draft in the database is the whole state: every press changes it there, and the page is drawn
from it. So nothing is lost by a reload, a closed browser or a killed process.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from src import review
from src.dashboard import markdown
from src.errors import AlreadySubmitted, BancadaError, ClaimLost
from src.review import Annotation, Claim, Problem, TurnNote

HELD = "review_held"
"""The claim that this page shows."""

_SEEN = "review_seen"
_SHOWN = "review_shown"
_NOTICE = "review_notice"


def comment_key(claim: Claim) -> str:
    """Return the key of the comment's field."""
    return f"review_comment_{claim.id}"


def correction_key(claim: Claim, turn_id: str) -> str:
    """Return the key of the field with a turn's corrected text."""
    return f"review_correction_{claim.id}_{turn_id}"


def attempt(do: Callable[[], Any]) -> Any:
    """Do something in a callback; what goes wrong is said when the page is drawn next."""
    try:
        return do()
    except (ClaimLost, AlreadySubmitted) as error:
        st.session_state.pop(HELD, None)
        say(markdown.said(error))
    except BancadaError as error:
        say(markdown.said(error))
    return None


def say(notice: str) -> None:
    """Leave something to be said when the page is drawn next."""
    st.session_state[_NOTICE] = notice


def has_notice() -> bool:
    """Whether something is waiting to be said."""
    return bool(st.session_state.get(_NOTICE))


def notice() -> None:
    """Draw what was left to be said."""
    said = st.session_state.pop(_NOTICE, None)
    if said:
        st.warning(said, icon=":material/info:")


def look(claim: Claim) -> Annotation:
    """Return the draft that the page is drawn from, and remember it."""
    draft = claim.draft or Annotation()
    st.session_state[_SEEN] = (claim.id, draft)
    return draft


def drawn(claim: Claim) -> None:
    """Remember what the fields show, once all are drawn: what differs later was written here."""
    st.session_state[_SHOWN] = _fields(claim)


def _fields(claim: Claim) -> dict[str, str]:
    """Return what stands in the fields of this page."""
    begins = (comment_key(claim), correction_key(claim, ""))
    return {
        str(key): text
        for key, text in st.session_state.items()
        if str(key).startswith(begins) and isinstance(text, str)
    }


def current(claim: Claim) -> Annotation:
    """Return the draft as it is now: another tab, or another field, may have changed it since."""
    known, draft = st.session_state.get(_SEEN, ("", Annotation()))
    now = review.claim_in_hand(claim.reviewer)
    if now is not None and now.id == claim.id:
        draft = now.draft or Annotation()
    elif known != claim.id:
        draft = claim.draft or Annotation()
    return with_texts(claim, draft)


def with_texts(claim: Claim, draft: Annotation) -> Annotation:
    """Add what was written into the fields: their own callbacks may come after that of a button.

    A field that nobody touched on this page keeps out of it: another tab may have written since.
    """
    shown: Mapping[str, str] = st.session_state.get(_SHOWN, {})
    _known, seen = st.session_state.get(_SEEN, ("", Annotation()))
    begins = correction_key(claim, "")
    for key, text in _fields(claim).items():
        if key == comment_key(claim):
            if text != shown.get(key, seen.comment):
                draft = dataclasses.replace(draft, comment=text)
            continue
        turn_id = key.removeprefix(begins)
        if text != shown.get(key, note(seen, turn_id).correction):
            draft = _with_note(draft, turn_id, correction=text.strip())
    return draft


def note(draft: Annotation, turn_id: str) -> TurnNote:
    """Return what is marked of a turn."""
    return next((it for it in draft.turns if it.turn_id == turn_id), TurnNote(turn_id))


def _with_note(draft: Annotation, turn_id: str, **changes: Any) -> Annotation:
    changed = dataclasses.replace(note(draft, turn_id), **changes)
    others = tuple(it for it in draft.turns if it.turn_id != turn_id)
    kept = () if changed == TurnNote(turn_id) else (changed,)
    return dataclasses.replace(draft, turns=others + kept)


def change(claim: Claim, **changes: Any) -> None:
    """Keep a change of the draft; for callbacks."""
    _keep(claim, lambda draft: dataclasses.replace(draft, **changes))


def touch(claim: Claim) -> None:
    """Keep the item for longer; for callbacks."""
    change(claim)


def mark(claim: Claim, turn_id: str, **changes: Any) -> None:
    """Keep a change of what is marked of a turn; for callbacks."""
    _keep(claim, lambda draft: _with_note(draft, turn_id, **changes))


def toggle_label(claim: Claim, turn_id: str, label: review.Label) -> None:
    """Call a turn good or bad, or take that back; for callbacks."""

    def changed(draft: Annotation) -> Annotation:
        now = note(draft, turn_id).label
        return _with_note(draft, turn_id, label=None if now == label else label)

    _keep(claim, changed)


def toggle_problem(claim: Claim, turn_id: str, problem: Problem) -> None:
    """Put a problem on a turn, or take it off; for callbacks."""

    def changed(draft: Annotation) -> Annotation:
        now = note(draft, turn_id).problems
        kept = tuple(it for it in now if it != problem) if problem in now else (*now, problem)
        return _with_note(draft, turn_id, problems=kept)

    _keep(claim, changed)


def turn_criterion(claim: Claim, name: str) -> None:
    """Answer a criterion with the next of yes, no, nothing; for callbacks."""

    def changed(draft: Annotation) -> Annotation:
        answer = {None: True, True: False, False: None}[draft.criteria.get(name)]
        others = {key: value for key, value in draft.criteria.items() if key != name}
        answers = others if answer is None else {**others, name: answer}
        return dataclasses.replace(draft, criteria=answers)

    _keep(claim, changed)


def _keep(claim: Claim, changed: Callable[[Annotation], Annotation]) -> None:
    if st.session_state.get(HELD) != claim.id:
        return  # decided or lost a moment ago, by another callback of the same press
    draft = changed(current(claim))
    st.session_state[_SEEN] = (claim.id, draft)
    attempt(lambda: review.save_draft(claim, draft))
