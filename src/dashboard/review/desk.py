"""The reviewer's work: the next item, the one in hand, and what became of the last one."""

from __future__ import annotations

import streamlit as st

from src import conversations, days, review
from src.dashboard import formats, shell, ui
from src.dashboard.i18n import _, ngettext
from src.dashboard.parts import review_tabs
from src.dashboard.review import draft, item, moves, words
from src.errors import ConversationNotFound
from src.review import Decision, Submitted

NAME = "review_name"
_READING = "review_reading"


def draw() -> None:
    """Draw the item in hand, or the way to the next one."""
    reviewer = shell.known_name()
    if not reviewer:
        _ask_name()
        return
    claim = review.claim_in_hand(reviewer)
    if claim is not None:
        st.session_state[draft.HELD] = claim.id
        st.session_state[_READING] = claim.conversation_id
        draft.notice()
        item.draw(claim)
        return
    if st.session_state.pop(draft.HELD, None) is not None:
        draft.say(_why_lost())
    moves.stop_asking()
    draft.notice()
    _between(reviewer)


def _why_lost() -> str:
    """Say what became of the item that was in hand when the page was drawn last."""
    try:
        conversations.get_conversation(st.session_state[_READING], limit=0)
    except ConversationNotFound:
        return _(
            "A conversa que estava com você foi apagada. Nada dela ficou guardado, nem o que você "
            "marcou: peça a próxima."
        )
    return _(
        "O prazo da conversa que estava com você acabou. O que você marcou está guardado e volta "
        "com ela se ainda estiver livre: peça a próxima."
    )


def _ask_name() -> None:
    ui.empty(
        _("Quem está revisando?"),
        _(
            "Cada conversa vai para uma pessoa, e a decisão fica com o nome dela. Diga o seu uma "
            "vez; este navegador o guarda."
        ),
        icon=":material/badge:",
    )

    def keep() -> None:
        name = " ".join(str(st.session_state[NAME]).split())
        if name:
            st.session_state[shell.ACTOR_KEY] = name

    with (
        st.form("review_name_form", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        st.text_input(_("Seu nome"), key=NAME, max_chars=shell.ACTOR_LENGTH, autocomplete="name")
        st.form_submit_button(
            _("Começar"), type="primary", icon=":material/arrow_forward:", on_click=keep
        )


def _between(reviewer: str) -> None:
    state = review.queue_state()
    _said_last()
    if not state.total:
        _empty_queue()
        return
    if st.session_state.pop(moves.NOTHING, False):
        st.info(
            _(
                "Nada espera por você agora. O que resta está com outras pessoas, ou já passou "
                "pelas suas mãos."
            ),
            icon=":material/done_all:",
        )
    _needing_a_third(reviewer)
    _figures(reviewer, state)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("Próxima"),
            key="review_next",
            type="primary",
            icon=":material/arrow_forward:",
            shortcut="N",
            on_click=moves.take_next,
        )
        st.button(
            _("Desfazer minha última decisão"),
            key="review_undo",
            type="tertiary",
            icon=":material/undo:",
            shortcut="U",
            on_click=moves.undo,
        )
    st.caption(
        _(
            "A conversa fica só com você enquanto a lê. Tudo se faz também pelo teclado: as "
            "teclas estão nos botões."
        )
    )


def _needing_a_third(reviewer: str) -> None:
    count = review.needing_a_third(reviewer)
    if count:
        st.warning(
            ngettext(
                "Em {count} conversa as opiniões diferem, a sua entre elas, e quem já opinou não "
                "decide. Falta mais uma pessoa: peça a quem ainda não leu a conversa que abra esta "
                "tela com o próprio nome e toque em Próxima.",
                "Em {count} conversas as opiniões diferem, a sua entre elas, e quem já opinou não "
                "decide. Falta mais uma pessoa: peça a quem ainda não leu as conversas que abra "
                "esta tela com o próprio nome e toque em Próxima.",
                count,
            ),
            icon=":material/gavel:",
        )


def _said_last() -> None:
    last: tuple[Decision, Submitted] | None = st.session_state.get(moves.LAST)
    if last is None:
        return
    decision, done = last
    said = f"**{_(words.DECISIONS[decision])}.** "
    if decision is Decision.RETURNED:
        said += _("Ela vai para outra pessoa, com o motivo.")
    elif done.disagreement:
        said += _("As opiniões diferem: uma terceira pessoa vai decidir.")
    elif done.decision is None:
        said += _("Falta a opinião de outra pessoa, que não vê a sua.")
    else:
        said += _("A conversa está decidida.")
    st.success(said, icon=words.DECISION_ICONS[decision])


def _empty_queue() -> None:
    ui.empty(
        _("A fila está vazia"),
        _(
            "Os critérios dizem quais conversas vale a pena ler: as mal avaliadas, as longas, as "
            "que falam de certas palavras e uma amostra sorteada. Atualize a fila para escolhê-las."
        ),
        icon=":material/checklist:",
    )
    st.button(
        _("Escolher conversas"),
        key="review_to_criteria",
        type="primary",
        icon=":material/tune:",
        on_click=review_tabs.show,
        args=(review_tabs.CRITERIA,),
    )


def _figures(reviewer: str, state: review.QueueState) -> None:
    midnight = days.beginning(days.today())
    done = {review.person(work.reviewer): work for work in review.reviewer_progress(midnight)}
    mine = done.get(review.person(reviewer))
    settled = state.approved + state.rejected
    share = formats.percent(settled / state.total, decimals=0)
    waiting, hands, decided, today = st.columns(4)
    with waiting:
        ui.metric(
            _("Na fila"),
            formats.number(state.waiting + state.partly),
            height="stretch",
            help=_("Conversas que ainda esperam por uma ou mais pessoas."),
        )
    with hands:
        ui.metric(_("Em leitura agora"), formats.number(state.claimed), height="stretch")
    with decided:
        ui.metric(
            _("Decididas"), formats.number(settled), share + " " + _("da fila"), height="stretch"
        )
    with today:
        ui.metric(
            _("Suas hoje"),
            formats.number(mine.decisions if mine else 0),
            ngettext("{count} aprovada", "{count} aprovadas", mine.approved) if mine else None,
            height="stretch",
        )
