"""What a reviewer marks of one message: good or bad, its problems, how it should have been."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from src.conversations import Turn
from src.dashboard import markdown
from src.dashboard.i18n import _
from src.dashboard.parts import chat
from src.dashboard.review import draft as review_draft
from src.dashboard.review import words
from src.review import PROBLEMS, Annotated, Annotation, Claim, Label, Problem, TurnNote

CORRECTING = "review_correcting"
_KEYS = {Label.GOOD: "B", Label.BAD: "M"}
_ICONS = {Label.GOOD: ":material/thumb_up:", Label.BAD: ":material/thumb_down:"}
_CHOSEN = ":material/check_circle:"


def form(claim: Claim, draft: Annotation, turn: Turn) -> None:
    """Draw what can be marked of the chosen turn; each key is on its button."""
    note = review_draft.note(draft, turn.id)
    with st.container(horizontal=True, gap="small", key="review_labels"):
        for label, key in _KEYS.items():
            st.button(
                _bold(_(words.LABELS[label]), note.label == label),
                key=f"review_label_{label}",
                icon=_CHOSEN if note.label == label else _ICONS[label],
                shortcut=key,
                on_click=review_draft.toggle_label,
                args=(claim, turn.id, label),
            )
        st.button(
            _("Corrigir"),
            key="review_correct",
            icon=_CHOSEN if note.correction else ":material/edit:",
            shortcut="E",
            on_click=_correct,
            args=(claim, turn),
        )
    st.caption(_("O que há de errado com ela?"))
    with st.container(horizontal=True, gap="small", key="review_problems"):
        for number, (problem, name) in enumerate(PROBLEMS.items(), start=1):
            st.button(
                _bold(_(name), problem in note.problems),
                key=f"review_problem_{problem}",
                icon=_CHOSEN if problem in note.problems else ":material/flag:",
                shortcut=str(number),
                on_click=review_draft.toggle_problem,
                args=(claim, turn.id, problem),
            )
    if note.correction or st.session_state.get(CORRECTING) == (claim.id, turn.id):
        _correction(claim, turn, note)


def _bold(name: str, chosen: bool) -> str:
    return f"**{name}**" if chosen else name


def _correct(claim: Claim, turn: Turn) -> None:
    st.session_state[CORRECTING] = (claim.id, turn.id)
    st.session_state["review_focus"] = True
    review_draft.touch(claim)


def _correction(claim: Claim, turn: Turn, note: TurnNote) -> None:
    key = review_draft.correction_key(claim, turn.id)
    before, after = st.columns(2)
    with before:
        st.caption(_("Como está"))
        chat.text(turn.content)
    with after:
        st.text_area(
            _("Como deveria ser"),
            value=note.correction or turn.content,
            key=key,
            height="content",
            on_change=_keep_correction,
            args=(claim, turn),
        )
        st.caption(_("Guardado ao sair do campo ou com Ctrl+Enter. O original não muda."))
        st.button(
            _("Sem correção"),
            key="review_no_correction",
            type="tertiary",
            icon=":material/backspace:",
            on_click=_drop_correction,
            args=(claim, turn),
        )
    if st.session_state.pop("review_focus", False):
        st.html(
            f"<script>document.querySelector('.st-key-{key} textarea')?.focus()</script>",
            unsafe_allow_javascript=True,
        )


def _keep_correction(claim: Claim, turn: Turn) -> None:
    text = st.session_state[review_draft.correction_key(claim, turn.id)].strip()
    review_draft.mark(claim, turn.id, correction="" if text == turn.content.strip() else text)


def _drop_correction(claim: Claim, turn: Turn) -> None:
    st.session_state.pop(CORRECTING, None)
    st.session_state.pop(review_draft.correction_key(claim, turn.id), None)
    review_draft.mark(claim, turn.id, correction="")


def said(note: TurnNote, by: str = "") -> None:
    """Draw what is marked of a turn, to read, and by whom if it was somebody else."""
    who = [f"**{markdown.escape(by)}**"] if by else []
    marks = []
    if note.label is not None:
        marks.append(f"{_ICONS[note.label]} {_(words.LABELS[note.label])}")
    marks += [f":material/flag: {problem_name(problem)}" for problem in note.problems]
    if marks:
        st.caption(" · ".join(who + marks))
    if note.correction:
        st.caption(" · ".join([*who, ":material/edit: " + _("Como deveria ser:")]))
        chat.text(note.correction)


def by_turn(annotated: Iterable[Annotated]) -> dict[str, list[tuple[str, TurnNote]]]:
    """Sort what people marked, with their names, by the turn that it is about."""
    notes: dict[str, list[tuple[str, TurnNote]]] = {}
    for one in annotated:
        for note in one.annotation.turns:
            notes.setdefault(note.turn_id, []).append((one.reviewer, note))
    return notes


def problem_name(problem: Problem) -> str:
    """Name a problem."""
    return markdown.escape(_(PROBLEMS[problem]))
