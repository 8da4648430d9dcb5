"""Removing what one person did, at that person's request (LGPD)."""

from __future__ import annotations

import streamlit as st

from src import collection, features
from src.dashboard import markdown, shell, ui
from src.dashboard.i18n import _, ngettext
from src.dashboard.parts.confirmation import Confirmation

_ERASURE = Confirmation("collection_erase")
SESSION = "collection_session"


def draw() -> None:
    """Draw the search for a session, folded away, and the confirmation."""
    with st.expander(
        _("Apagar os dados de uma pessoa (LGPD)"),
        icon=":material/person_off:",
        key="collection_erasure",
    ):
        st.markdown(
            _(
                "O código da sessão está no navegador da pessoa: no console (F12), escreva "
                "`sessionStorage.getItem('bancada.session')`."
            )
        )
        with (
            st.form("collection_erasure_form", border=False),
            st.container(horizontal=True, vertical_alignment="bottom"),
        ):
            session = st.text_input(
                _("Código da sessão"),
                key=SESSION,
                placeholder="sess_1699999999999_abc123",
                max_chars=90,
                width=360,
            )
            if st.form_submit_button(_("Procurar"), icon=":material/search:"):
                _ERASURE.ask(session.strip())
    if _ERASURE.about:
        _confirm(_ERASURE.about)


def _confirm(session: str) -> None:
    with ui.errors():
        found = collection.count_session(session)
        if not found:
            _ERASURE.close()
            st.info(
                _(
                    "Nenhum evento da sessão «{session}». Confira o código e procure de novo."
                ).format(session=markdown.escape(session)),
                icon=":material/search_off:",
            )
            return
        _ask(session, found)


def _ask(session: str, found: int) -> None:
    def consequences() -> None:
        st.markdown(
            ngettext(
                "**{count} evento** da sessão {session} será apagado, e os totais diminuem.",
                "**{count} eventos** da sessão {session} serão apagados, e os totais diminuem.",
                found,
            ).format(session=markdown.escape(session))
        )
        st.markdown(
            _(
                "Isso não pode ser desfeito. As tabelas de treino feitas da coleta são refeitas "
                "sem ela. Arquivos já exportados, tabelas com outro nome e modelos já salvos não "
                "mudam: apague-os também. Um arquivo com esta sessão, importado de novo, a traz de "
                "volta."
            )
        )

    def erase() -> None:
        erased = collection.erase_session(session, actor=shell.actor())
        _tell(erased, *features.rebuild_tables(actor=shell.actor()))

    _ERASURE.draw(_("Apagar sessão"), consequences, erase, icon=":material/person_off:")


def _tell(erased: int, rebuilt: tuple[str, ...], left: tuple[str, ...]) -> None:
    """Say what was removed, and where the session may still be."""
    text = ngettext("{count} evento apagado.", "{count} eventos apagados.", erased)
    if rebuilt:
        text += " " + _("Tabelas refeitas sem eles: {names}.").format(
            names=markdown.escape(", ".join(rebuilt))
        )
    if left:
        text += " " + _("Tabelas que ainda podem tê-los, a apagar em Tabelas: {names}.").format(
            names=markdown.escape(", ".join(left))
        )
    st.toast(text, icon=":material/check_circle:", duration="long")
