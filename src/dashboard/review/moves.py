"""What a reviewer does with an item: take the next, decide, give it back, undo. For callbacks."""

from __future__ import annotations

import dataclasses

import streamlit as st

from src import review
from src.dashboard import shell
from src.dashboard.i18n import _
from src.dashboard.review import draft
from src.review import Claim, Decision

LAST = "review_last"
"""The decision that was made last, and what became of it."""

NOTHING = "review_nothing"
ASKING = "review_asking"
"""The decision whose reason is being asked for."""


def take_next() -> None:
    """Claim the next item."""
    st.session_state.pop(LAST, None)
    claim = draft.attempt(lambda: review.claim_next(shell.known_name()))
    st.session_state[NOTHING] = claim is None and not draft.has_notice()


def undo() -> None:
    """Take back the last decision."""
    if draft.attempt(lambda: review.undo(shell.known_name())) is not None:
        st.session_state.pop(LAST, None)
        draft.say(_("A última decisão foi desfeita; a conversa está com você de novo."))


def release(claim: Claim) -> None:
    """Give the item back without a decision; what was marked stays as a draft."""
    draft.touch(claim)
    st.session_state.pop(draft.HELD, None)
    if draft.attempt(lambda: review.release(claim.id)):
        draft.say(_("A conversa voltou para a fila. O que você marcou fica guardado para você."))


def decide(claim: Claim, decision: Decision, reason: str = "") -> None:
    """Submit a decision; if it is not taken, it is said why."""
    judged = dataclasses.replace(draft.current(claim), decision=decision, reason=reason.strip())
    receipt = draft.attempt(lambda: review.submit(claim, judged))
    if receipt is not None:
        st.session_state[LAST] = (decision, receipt)
        st.session_state.pop(draft.HELD, None)


def ask(decision: Decision) -> None:
    """Ask for the reason of a decision."""
    st.session_state[ASKING] = decision


def stop_asking() -> None:
    """Ask no more."""
    st.session_state.pop(ASKING, None)
