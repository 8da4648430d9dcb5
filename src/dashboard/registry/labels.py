"""Notes and aliases of a model, as people edit them."""

from __future__ import annotations

import streamlit as st

from src import registry
from src.dashboard import markdown, shell, ui
from src.dashboard.i18n import _


def champion_button(entry: registry.ModelEntry) -> None:
    """Draw the button that makes a model the one used unless another is named."""
    is_champion = registry.CHAMPION in entry.aliases
    if st.button(
        _("É o campeão") if is_champion else _("Tornar campeão"),
        key="registry_champion",
        icon=":material/trophy:",
        disabled=is_champion,
        help=_("O campeão (apelido champion) é o modelo que as previsões oferecem primeiro."),
    ):
        _set(entry.name, registry.CHAMPION)


def notes(entry: registry.ModelEntry) -> None:
    """Draw the notes with the button that keeps them."""
    with st.form(f"registry_notes_{entry.sha256[:12]}", border=True):
        text = st.text_area(
            _("Notas"),
            value=entry.notes,
            key=f"registry_notes_text_{entry.sha256[:12]}",
            height=110,
            placeholder=_("o que distingue este modelo, e para que serve"),
        )
        sent = st.form_submit_button(
            _("Guardar notas"), key="registry_notes_save", icon=":material/save:"
        )
    if sent:
        with ui.errors():
            registry.edit_notes(entry.name, text, actor=shell.actor())
            st.toast(_("Notas guardadas."), icon=":material/check:")
            st.rerun()


def aliases(entry: registry.ModelEntry) -> None:
    """Draw the field for a new alias, and the aliases, each with a way to remove it."""
    with st.container(border=True, key="registry_aliases"):
        with (
            st.form("registry_alias_form", border=False, clear_on_submit=True),
            st.container(horizontal=True, vertical_alignment="bottom"),
        ):
            alias = st.text_input(
                _("Novo apelido"),
                key="registry_alias",
                placeholder=_("por exemplo, producao"),
                help=_(
                    "Um apelido leva a um modelo só; posto em outro, ele muda de lugar. "
                    "Programas carregam o modelo pelo apelido."
                ),
            )
            sent = st.form_submit_button(
                _("Pôr apelido"), key="registry_alias_save", icon=":material/label:"
            )
        if sent and alias.strip():
            _set(entry.name, alias)
        if not entry.aliases:
            st.caption(_("Sem apelidos."))
        with st.container(horizontal=True):
            for position, known in enumerate(entry.aliases):
                if st.button(
                    _("Tirar {alias}").format(alias=markdown.escape(known)),
                    key=f"registry_alias_remove_{position}",
                    icon=":material/label_off:",
                ):
                    with ui.errors():
                        registry.remove_alias(entry.name, known, actor=shell.actor())
                        st.rerun()


def _set(name: str, alias: str) -> None:
    with ui.errors():
        registry.set_alias(name, alias, actor=shell.actor())
        st.toast(
            _("{alias} agora leva a {name}.").format(
                alias=markdown.escape(alias.strip()), name=markdown.escape(name)
            ),
            icon=":material/label:",
        )
        st.rerun()
