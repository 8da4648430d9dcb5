"""One conversation to read: who, when, what was said about it, and what can be done with it."""

from __future__ import annotations

import streamlit as st

from src import conversations, review
from src.conversations import Conversation, Turn
from src.dashboard import formats, markdown, shell, ui
from src.dashboard.i18n import _
from src.dashboard.parts import chat
from src.dashboard.review import erasure, marks, words
from src.review import Annotated

_ENQUEUED = "conversations_enqueued"


def draw(identifier: str) -> None:
    """Draw a conversation to read."""
    page_key = f"conversations_page_{identifier[:32]}"
    page = int(st.session_state.get(page_key, 1))
    found = conversations.get_conversation(
        identifier, offset=(page - 1) * chat.AT_ONCE, limit=chat.AT_ONCE
    )
    said = chat.by_turn(conversations.feedback_of(identifier))
    judged = review.annotations_of(identifier, viewer=shell.known_name() or None)
    talk, side = st.columns([5, 2], gap="medium")
    with side:
        _facts(found)
        for one in said.get(None, ()):
            st.caption(chat.opinion(one))
        for annotated in judged:
            _judgement(annotated)
        _enqueue(identifier)
        erasure.of_conversation(found)
    with talk:
        notes = marks.by_turn(judged)

        def below(turn: Turn) -> None:
            for reviewer, note in notes.get(turn.id, ()):
                marks.said(note, reviewer)

        chat.draw(found.turns, feedback=said, below=below)
        pages = chat.pages(found.summary.turns)
        if pages > 1:
            st.pagination(pages, key=page_key)


def _facts(found: Conversation) -> None:
    it, customer = found.summary, found.customer
    person = (customer.name, customer.phone, customer.email) if customer else ()
    rows = [
        (_("Cliente"), " · ".join(filter(None, person))),
        (_("Assunto"), it.subject),
        (_("Tema"), it.topic),
        (_("Canal"), it.channel),
        (_("Situação"), it.status),
        (_("Como terminou"), _(words.OUTCOMES[it.outcome])),
        (_("Mensagens"), formats.number(it.turns)),
        (_("Início"), formats.moment(it.started_at) if it.timed else ""),
        (_("Importada"), f"{formats.moment(it.imported_at)}, {it.imported_by}"),
        (_("Código"), it.origin_id or it.id[:12]),
    ]
    with st.container(border=True):
        st.markdown(
            "  \n".join(f":gray[{name}] {markdown.escape(value)}" for name, value in rows if value)
        )


def _judgement(one: Annotated) -> None:
    note = one.annotation
    if note.decision is None:
        return
    with st.container(border=True):
        st.markdown(
            f"{words.DECISION_ICONS[note.decision]} "
            f"**{_(words.DECISIONS[note.decision])}** · {markdown.escape(one.reviewer)}"
        )
        st.caption(formats.moment(one.submitted_at))
        for text in (note.reason, note.comment):
            if text:
                st.text(text)


def _enqueue(identifier: str) -> None:
    if st.session_state.pop(_ENQUEUED, None) == identifier:
        st.success(_("Está na fila de revisão."), icon=":material/playlist_add_check:")
    with (
        st.popover(_("Pôr na fila de revisão"), icon=":material/playlist_add:", width="stretch"),
        st.form("conversations_enqueue", border=False),
    ):
        reason = st.text_input(
            _("Por que vale a pena ler?"), key="conversations_reason", max_chars=200
        )
        people = st.number_input(
            _("Quantas pessoas"),
            min_value=1,
            max_value=5,
            value=review.current_criteria().reviewers,
            key="conversations_people",
        )
        if st.form_submit_button(_("Pôr na fila"), icon=":material/playlist_add:"):
            with ui.errors():
                if not reason.strip():
                    st.warning(_("Diga o motivo: quem for ler o verá."), icon=":material/edit:")
                elif review.enqueue(
                    identifier,
                    reason=reason.strip(),
                    reviewers=int(people),
                    actor=shell.actor(),
                ):
                    st.session_state[_ENQUEUED] = identifier
                    st.rerun()
                else:
                    st.info(_("Ela já está na fila ou já foi decidida."), icon=":material/info:")
