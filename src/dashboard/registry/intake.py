"""Bringing in a model that was made elsewhere; it arrives in quarantine."""

from __future__ import annotations

from pathlib import PurePath

import streamlit as st

from src import registry
from src.dashboard import formats, markdown, shell, ui
from src.dashboard.i18n import _
from src.dashboard.parts.upload import Upload
from src.dashboard.registry import listing
from src.errors import InvalidModelName

_UPLOAD = Upload("registry_import_file")


def show() -> None:
    """Draw the import, folded away."""
    ui.folded(_("Importar um modelo"), _form, icon=":material/upload:", key="registry_import")


def _form() -> None:
    st.caption(
        _(
            "O arquivo chega em quarentena e não é aberto: você vê antes o que ele importaria e "
            "decide se o autoriza."
        )
    )
    file = _UPLOAD.choose(_("Arquivo .pkl ou .joblib"), ["pkl", "joblib"])
    if file is None:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            _("Nome do modelo"),
            value=_suggestion(file.name),
            key=f"registry_import_name_{file.file_id}",
        )
        sent = st.button(
            _("Importar ({size})").format(size=formats.size(file.size)),
            key="registry_import_send",
            icon=":material/upload:",
        )
    if sent:
        with ui.errors():
            entry = registry.import_model(file.getvalue(), name, actor=shell.actor())
            _UPLOAD.clear()
            listing.choose_next(entry.name)
            st.toast(
                _("{name} está em quarentena.").format(name=markdown.escape(entry.name)),
                icon=":material/shield:",
            )
            st.rerun()


def _suggestion(file_name: str) -> str:
    try:
        return registry.suggest_name(PurePath(file_name).stem)
    except InvalidModelName:
        return registry.suggest_name(_("modelo importado"))
