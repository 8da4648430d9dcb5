"""The decision on the item in hand: criteria, comment, approve, reject, send back."""

from __future__ import annotations

from functools import partial

import streamlit as st

from src import conversations
from src.dashboard import formats, markdown
from src.dashboard.i18n import _, ngettext
from src.dashboard.review import draft as review_draft
from src.dashboard.review import marks, moves, words
from src.review import CRITERIA, Annotated, Annotation, Claim, Decision

_ANSWERS = {
    True: ":material/check_circle:",
    False: ":material/cancel:",
    None: ":material/radio_button_unchecked:",
}
_KEYS = "FGHV"
"""Under one hand, and free."""

MARKED_NAMED = 12
"""Marked messages that are named one by one."""


def draw(claim: Claim, draft: Annotation) -> None:
    """Draw the decision beside the conversation."""
    asking = st.session_state.get(moves.ASKING)
    button = partial(st.button, disabled=asking is not None)
    for one in claim.previous:
        _previous(claim, one)
    if claim.adjudication and any(
        note.correction for one in claim.previous for note in one.annotation.turns
    ):
        st.caption(
            _("De cada mensagem vale a última correção já feita, a menos que você faça outra.")
        )
    with st.container(border=True, key="review_decision"):
        st.markdown("**" + _("No todo") + "**")
        _criteria(claim, draft, disabled=asking is not None)
        st.text_area(
            _("Comentário (opcional)"),
            value=draft.comment,
            key=review_draft.comment_key(claim),
            height=68,
            max_chars=4000,
            on_change=review_draft.touch,
            args=(claim,),
        )
        button(
            _("Aprovar"),
            key="review_approve",
            type="primary",
            icon=words.DECISION_ICONS[Decision.APPROVED],
            shortcut="A",
            width="stretch",
            on_click=moves.decide,
            args=(claim, Decision.APPROVED),
        )
        reject, back = st.columns(2)
        with reject:
            button(
                _("Rejeitar"),
                key="review_reject",
                icon=words.DECISION_ICONS[Decision.REJECTED],
                shortcut="X",
                width="stretch",
                on_click=moves.ask,
                args=(Decision.REJECTED,),
            )
        with back:
            button(
                _("Devolver"),
                key="review_return",
                icon=words.DECISION_ICONS[Decision.RETURNED],
                shortcut="D",
                width="stretch",
                help=_("Para outra pessoa revisar, com o motivo."),
                on_click=moves.ask,
                args=(Decision.RETURNED,),
            )
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            button(
                _("Liberar"),
                key="review_release",
                type="tertiary",
                icon=":material/logout:",
                shortcut="L",
                help=_("Sem decidir. O que você marcou fica guardado para você."),
                on_click=moves.release,
                args=(claim,),
            )
            button(
                _("Desfazer a anterior"),
                key="review_undo",
                type="tertiary",
                icon=":material/undo:",
                shortcut="U",
                help=_("Esta volta para a fila, com o que você marcou guardado."),
                on_click=_undo,
                args=(claim,),
            )
    if asking is not None:
        _ask_reason(claim, draft, asking)


def _undo(claim: Claim) -> None:
    review_draft.touch(claim)
    moves.undo()


def _criteria(claim: Claim, draft: Annotation, *, disabled: bool) -> None:
    for key, (name, title) in zip(_KEYS, CRITERIA.items(), strict=True):
        answer = draft.criteria.get(name)
        said = _(title)
        if answer is not None:
            said += ": **" + (_("sim") if answer else _("não")) + "**"
        st.button(
            said,
            key=f"review_criterion_{name}",
            icon=_ANSWERS[answer],
            shortcut=key,
            width="stretch",
            disabled=disabled,
            help=_("A cada toque: sim, não, sem resposta."),
            on_click=review_draft.turn_criterion,
            args=(claim, name),
        )


def _previous(claim: Claim, said: Annotated) -> None:
    """Draw what somebody else decided: why it was sent back, or a side of a disagreement."""
    note = said.annotation
    decision = note.decision or Decision.RETURNED
    head = (
        f"{words.DECISION_ICONS[decision]} **{_(words.DECISIONS[decision])}** · "
        f"{markdown.escape(said.reviewer)} · {formats.moment(said.submitted_at)}"
    )
    with st.container(border=True):
        st.markdown(head)
        for text in (note.reason, note.comment):
            if text:
                st.text(text)
        answers = [
            f"{_ANSWERS[value]} {_(CRITERIA[name])}"
            for name, value in note.criteria.items()
            if name in CRITERIA
        ]
        if answers:
            st.caption(" · ".join(answers))
        if claim.adjudication:
            _marked(claim, note)


def _marked(claim: Claim, note: Annotation) -> None:
    """Say which messages somebody marked: in a long conversation they are on other pages."""
    ids = [one.turn_id for one in note.turns]
    places = sorted(conversations.positions_of(claim.conversation_id, ids).values())
    if not places:
        return
    numbers = [formats.number(place + 1) for place in places[:MARKED_NAMED]]
    if len(places) > MARKED_NAMED:
        numbers.append("…")
    st.caption(
        ":material/edit_note: "
        + ngettext(
            "Marcou a mensagem {numbers}", "Marcou as mensagens {numbers}", len(places)
        ).format(numbers=", ".join(numbers))
    )


def _ask_reason(claim: Claim, draft: Annotation, decision: Decision) -> None:
    rejecting = decision is Decision.REJECTED

    @st.dialog(
        _("Rejeitar a conversa") if rejecting else _("Devolver a conversa"),
        icon=words.DECISION_ICONS[decision],
        on_dismiss=moves.stop_asking,
    )
    def ask() -> None:
        with st.form("review_reason_form", border=False, enter_to_submit=True):
            reason = st.text_area(
                _("Por que ela não serve de exemplo?")
                if rejecting
                else _("O que a próxima pessoa precisa saber?"),
                value=draft.reason or _suggested(draft),
                key=f"review_reason_{claim.id}_{decision}",
                height=100,
                max_chars=4000,
            )
            # The first button of a form is the one that Ctrl+Enter in its field presses.
            sure = st.form_submit_button(
                (_("Rejeitar") if rejecting else _("Devolver")) + " (Ctrl+Enter)",
                key="review_reason_send",
                type="primary",
                icon=words.DECISION_ICONS[decision],
            )
        keep = st.button(_("Voltar"), key="review_reason_back", type="tertiary")
        st.html(
            "<script>setTimeout(() => document.querySelector("
            "'[role=\"dialog\"] textarea')?.focus(), 150)</script>",
            unsafe_allow_javascript=True,
        )
        if keep:
            moves.stop_asking()
            st.rerun()
        if sure and not reason.strip():
            st.warning(
                _("Diga o motivo: quem ler depois precisa entender a decisão."),
                icon=":material/edit:",
            )
        elif sure:
            moves.stop_asking()
            moves.decide(claim, decision, reason)
            st.rerun()

    ask()


def _suggested(draft: Annotation) -> str:
    """Name the problems that were marked, as a reason to begin with."""
    named = dict.fromkeys(problem for note in draft.turns for problem in note.problems)
    return ", ".join(marks.problem_name(problem) for problem in named)
