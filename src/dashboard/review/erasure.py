"""Removing a customer and their conversations, at their request (LGPD)."""

from __future__ import annotations

import streamlit as st

from src import conversations
from src.conversations import Conversation, Customer, Filters
from src.dashboard import formats, markdown, shell, ui
from src.dashboard.i18n import _, language, ngettext

_ERASING = "conversations_erasing"
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
                    st.session_state[_ERASING] = ("customer", customer.id)
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
        st.session_state[_ERASING] = (
            ("customer", owner.id) if owner else ("conversation", found.summary.id)
        )
    _confirm()


def _called(customer: Customer) -> str:
    parts = (customer.name, customer.phone, customer.email)
    return " · ".join(markdown.escape(part) for part in parts if part) or customer.id[:8]


def _keep() -> None:
    st.session_state.pop(_ERASING, None)


def _confirm() -> None:
    erasing = st.session_state.get(_ERASING)
    if erasing is None:
        return
    kind, identifier = erasing
    count = (
        1
        if kind == "conversation"
        else conversations.list_conversations(Filters(customer_id=identifier), limit=1).total
    )

    @st.dialog(_("Apagar de vez"), icon=":material/person_off:", on_dismiss=_keep)
    def ask() -> None:
        st.markdown(
            ngettext(
                "**{count} conversa** será apagada, com as mensagens, as avaliações e as revisões "
                "dela.",
                "**{count} conversas** serão apagadas, com as mensagens, as avaliações e as "
                "revisões delas.",
                count,
            ).format(count=formats.number(count, language()))
        )
        st.markdown(
            _(
                "Isso não pode ser desfeito, e importar o arquivo de novo não as traz de volta. "
                "Arquivos já importados, cópias de segurança e conjuntos de dados já montados não "
                "mudam: apague-os também."
            )
        )
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(_("Manter"), key="conversations_keep"):
                _keep()
                st.rerun()
            if st.button(
                _("Apagar de vez"),
                key="conversations_erase_confirm",
                type="primary",
                icon=":material/delete:",
            ):
                with ui.errors():
                    _erase(kind, identifier)
                    st.rerun()

    ask()


def _erase(kind: str, identifier: str) -> None:
    _keep()
    erase = conversations.erase_customer if kind == "customer" else conversations.erase_conversation
    st.session_state[_ERASED] = erase(identifier, actor=shell.actor()).conversations
    st.query_params.pop("conversa", None)


def _said() -> None:
    erased = st.session_state.pop(_ERASED, None)
    if erased is not None:
        st.success(
            ngettext("{count} conversa apagada.", "{count} conversas apagadas.", erased).format(
                count=formats.number(erased, language())
            ),
            icon=":material/person_off:",
        )
