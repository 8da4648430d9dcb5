"""The item in a reviewer's hands: why it is in the queue, the conversation, the decision."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from src import conversations, review
from src.conversations import ANSWERING, Conversation, Turn
from src.dashboard import formats, markdown, ui
from src.dashboard.i18n import _, ngettext
from src.dashboard.parts import chat
from src.dashboard.review import decision as review_decision
from src.dashboard.review import draft as review_draft
from src.dashboard.review import marks
from src.persistence import utc_now
from src.review import Annotation, Claim

SOON = dt.timedelta(minutes=5)
LOOK_SECONDS = 20
_BEGAN = "review_began"
_CHOSEN = "review_chosen"
_MOVED = "review_moved"
_STYLE = """<style>
@media (min-width: 641px) {
  [data-testid="stLayoutWrapper"]:has(> .st-key-review_decision) { position: sticky; top: 4rem; }
}
.st-key-review_problems, .st-key-review_labels { gap: 0.4rem; }
.st-key-review_decision { gap: 0.5rem; padding: 0.75rem; }
.st-key-review_problems button, .st-key-review_labels button, .st-key-review_decision button {
  min-height: 2rem; padding: 0.1rem 0.5rem;
}
[class*="st-key-review_criterion_"] button > div { justify-content: flex-start; width: 100%; }
</style>"""


def draw(claim: Claim) -> None:
    """Draw everything about the item in hand."""
    draft = review_draft.look(claim)
    st.html(_STYLE)
    page_key = f"review_page_{claim.item_id}"
    page = int(st.session_state.get(page_key, 1))
    found = conversations.get_conversation(
        claim.conversation_id, offset=(page - 1) * chat.AT_ONCE, limit=chat.AT_ONCE
    )
    _head(claim, found)
    time_left(claim)
    _grown(claim)
    talk, decision = st.columns([5, 3], gap="medium")
    with talk:
        _talk(claim, draft, found, page, page_key)
    with decision:
        review_decision.draw(claim, draft)
    review_draft.drawn(claim)


def _head(claim: Claim, found: Conversation) -> None:
    summary = found.summary
    with st.container(horizontal=True, gap="small", key="review_reasons"):
        if claim.adjudication:
            st.badge(_("Opiniões diferem: você decide"), icon=":material/gavel:", color="orange")
        for reason in claim.reasons:
            st.badge(_short(markdown.said(reason)), icon=":material/label:", color="gray")
        st.badge(
            _("prioridade {priority}").format(priority=formats.number(claim.priority)),
            icon=":material/low_priority:",
            color="gray",
        )
    facts = [ngettext("{count} mensagem", "{count} mensagens", summary.turns)]
    if summary.timed:
        facts.append(formats.moment(summary.started_at))
    facts += [markdown.escape(it) for it in (summary.channel, summary.topic, summary.subject) if it]
    said = chat.by_turn(conversations.feedback_of(claim.conversation_id))
    facts += [chat.opinion(one) for one in said.get(None, ())]
    st.caption(" · ".join(facts))


def _grown(claim: Claim) -> None:
    """Say that messages came since this person began to read: they are at the end, out of sight."""
    known, turns = st.session_state.get(_BEGAN, ("", 0))
    if known != claim.id:
        st.session_state[_BEGAN] = (claim.id, claim.turns)
    elif claim.turns > turns:
        st.info(
            ngettext(
                "Chegou {count} mensagem desde que você começou a ler. Ela está no fim.",
                "Chegaram {count} mensagens desde que você começou a ler. Elas estão no fim.",
                claim.turns - turns,
            ),
            icon=":material/mark_chat_unread:",
        )


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"


def time_left(claim: Claim) -> None:
    """Draw until when the item is this person's, looked up again every few seconds."""

    @st.fragment(run_every=LOOK_SECONDS)
    def draw_left() -> None:
        with ui.errors():
            now = review.claim_in_hand(claim.reviewer)
            if now is None or now.id != claim.id:
                st.rerun()
            left = now.expires_at - utc_now()
            until = _("Com você até {time}.").format(time=formats.clock(now.expires_at)[:5])
            if left > SOON:
                st.caption(until + " " + _("Cada marca que você faz renova o prazo."))
                return
            with st.container(horizontal=True, vertical_alignment="center"):
                st.warning(
                    until + " " + _("Depois disso, ela volta para a fila."),
                    icon=":material/timer:",
                )
                st.button(
                    _("Preciso de mais tempo"),
                    key="review_more_time",
                    icon=":material/more_time:",
                    shortcut="T",
                    on_click=review_draft.touch,
                    args=(claim,),
                )

    draw_left()


def _talk(claim: Claim, draft: Annotation, found: Conversation, page: int, page_key: str) -> None:
    turns = found.turns
    chosen = _chosen(claim, turns)
    pages = chat.pages(found.summary.turns)
    with st.container(horizontal=True, vertical_alignment="center", key="review_moving"):
        for name, key, icon, step in (
            (_("Resposta anterior"), "K", ":material/arrow_upward:", -1),
            (_("Próxima resposta"), "J", ":material/arrow_downward:", 1),
        ):
            st.button(
                name,
                key=f"review_move_{key}",
                type="tertiary",
                icon=icon,
                shortcut=key,
                on_click=_move,
                args=(claim, turns, step, page, pages, page_key),
            )

    def beside(turn: Turn) -> None:
        if turn != chosen:
            st.button(
                _("Marcar"),
                key=f"review_choose_{turn.position}",
                type="tertiary",
                icon=":material/edit_note:",
                on_click=_choose,
                args=(claim, turn.id),
            )

    # Who decides between others sees what they marked; anybody else stays blind to it.
    others = marks.by_turn(claim.previous if claim.adjudication else ())

    def below(turn: Turn) -> None:
        for reviewer, note in others.get(turn.id, ()):
            marks.said(note, reviewer)
        if turn == chosen:
            marks.form(claim, draft, turn)
        else:
            marks.said(review_draft.note(draft, turn.id))

    chat.draw(
        turns,
        feedback=chat.by_turn(conversations.feedback_of(claim.conversation_id)),
        chosen=chosen.id if chosen else None,
        beside=beside,
        below=below,
    )
    if pages > 1:
        st.pagination(pages, key=page_key)
        st.caption(
            _("Mensagens {first} a {last} de {total}.").format(
                first=formats.number(turns[0].position + 1 if turns else 0),
                last=formats.number(turns[-1].position + 1 if turns else 0),
                total=formats.number(found.summary.turns),
            )
        )
    if st.session_state.pop(_MOVED, False):
        # The text differs with the turn, so that it runs again.
        st.html(
            f"<script>/* {chosen.id if chosen else page} */ document.querySelector("
            "'.st-key-turno_escolhido')?.scrollIntoView({block: 'center'})</script>",
            unsafe_allow_javascript=True,
        )


def _chosen(claim: Claim, turns: tuple[Turn, ...]) -> Turn | None:
    """Return the turn that is being marked: the one that was chosen, else the first answer."""
    item, turn_id = st.session_state.get(_CHOSEN, (None, None))
    answers = [turn for turn in turns if turn.role in ANSWERING]
    if item == claim.item_id:
        for turn in turns:
            if turn.id == turn_id:
                return turn
        if turn_id == "last":
            answers.reverse()
    return next(iter(answers), None)


def _choose(claim: Claim, turn_id: str) -> None:
    st.session_state[_CHOSEN] = (claim.item_id, turn_id)


def _move(
    claim: Claim, turns: tuple[Turn, ...], step: int, page: int, pages: int, page_key: str
) -> None:
    """Choose the next or the previous answer, on the next page if need be."""
    chosen = _chosen(claim, turns)
    place = chosen.position if chosen else -1
    answers = (turn for turn in turns if turn.role in ANSWERING)
    ahead = [turn.id for turn in answers if (turn.position - place) * step > 0]
    st.session_state[_MOVED] = True
    if ahead:
        _choose(claim, ahead[0] if step > 0 else ahead[-1])
    elif 1 <= page + step <= pages:
        st.session_state[page_key] = page + step
        _choose(claim, "first" if step > 0 else "last")
