"""Removing a customer and their conversations, at their request (LGPD)."""

from __future__ import annotations

import streamlit as st

from src import conversations
from src.conversations import Conversation, Customer, Filters
from src.dashboard import markdown, shell
from src.dashboard.i18n import _, ngettext
from src.dashboard.parts import review_tabs
from src.dashboard.parts.confirmation import Confirmation

_ERASURE = Confirmation("conversations_erase")
_ERASED = "conversations_erased"
_LOOKED_FOR = "conversations_customer"


def search() -> None:
    """Draw the search for a customer, folded away."""
    _said()
    with st.expander(
        _("Apagar os dados de um cliente (LGPD)"),
        icon=":material/person_off:",
        key="conversations_erasure",
    ):
        text = st.text_input(
            _("Nome, telefone, e-mail ou código do cliente"), key=_LOOKED_FOR, max_chars=200
        )
        if not text.strip():
            return
        found = conversations.find_customers(text)
        if not found:
            st.info(
                _("Nenhum cliente com «{text}».").format(text=markdown.escape(text)),
                icon=":material/search_off:",
            )
        for customer in found:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(_called(customer), width="stretch")
                if st.button(
                    _("Apagar"), key=f"conversations_erase_{customer.id}", icon=":material/delete:"
                ):
                    _ERASURE.ask(("customer", customer.id))
    _confirm()


def of_conversation(found: Conversation) -> None:
    """Draw the button that removes the customer of a conversation, or it alone."""
    owner = found.customer
    if st.button(
        _("Apagar este cliente (LGPD)") if owner else _("Apagar esta conversa (LGPD)"),
        key="conversations_erase",
        type="tertiary",
        icon=":material/delete:",
    ):
        _ERASURE.ask(("customer", owner.id) if owner else ("conversation", found.summary.id))
    _confirm()


def _called(customer: Customer) -> str:
    parts = (customer.name, customer.phone, customer.email)
    return " · ".join(markdown.escape(part) for part in parts if part) or customer.id[:8]


def _confirm() -> None:
    if _ERASURE.about is None:
        return
    kind, identifier = _ERASURE.about
    count = (
        1
        if kind == "conversation"
        else conversations.list_conversations(Filters(customer_id=identifier), limit=1).total
    )

    def consequences() -> None:
        st.markdown(
            ngettext(
                "**{count} conversa** será apagada, com as mensagens, as avaliações e as revisões "
                "dela.",
                "**{count} conversas** serão apagadas, com as mensagens, as avaliações e as "
                "revisões delas.",
                count,
            )
        )
        st.markdown(
            _(
                "Isso não pode ser desfeito, e importar o arquivo de novo não as traz de volta. "
                "Arquivos já importados, cópias de segurança e conjuntos de dados já montados não "
                "mudam: apague-os também."
            )
        )

    _ERASURE.draw(
        _("Apagar de vez"),
        consequences,
        lambda: _erase(kind, identifier),
        icon=":material/person_off:",
    )


def _erase(kind: str, identifier: str) -> None:
    erase = conversations.erase_customer if kind == "customer" else conversations.erase_conversation
    st.session_state[_ERASED] = erase(identifier, actor=shell.actor()).conversations
    st.query_params.pop(review_tabs.OPEN, None)


def _said() -> None:
    erased = st.session_state.pop(_ERASED, None)
    if erased is not None:
        st.success(
            ngettext("{count} conversa apagada.", "{count} conversas apagadas.", erased),
            icon=":material/person_off:",
        )
