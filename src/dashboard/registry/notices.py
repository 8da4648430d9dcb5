"""What the registry asks of people: a rebuilt index, and models that wait for a decision."""

from __future__ import annotations

import streamlit as st

from src import registry
from src.dashboard import markdown, ui
from src.dashboard.i18n import _, ngettext
from src.dashboard.registry import listing


def show(records: listing.Records) -> None:
    """Draw the alerts; nothing when there is nothing to do."""
    notices = registry.notices()
    for notice in notices:
        st.warning(markdown.said(notice), icon=":material/build:")
    if notices and st.button(
        _("Entendi, apagar o índice antigo"), key="registry_notices", icon=":material/check:"
    ):
        with ui.errors():
            registry.clear_notices()
            st.rerun()
    waiting = sum(bool(record["quarantined"]) for record in records.values())
    if not waiting:
        return
    text = ngettext(
        "{count} modelo em quarentena espera que alguém confira de onde veio.",
        "{count} modelos em quarentena esperam que alguém confira de onde vieram.",
        waiting,
    )
    with st.container(horizontal=True, vertical_alignment="center", key="registry_waiting"):
        st.warning(text, icon=":material/shield:")
        st.button(
            _("Mostrar só os que esperam"),
            key="registry_show_waiting",
            icon=":material/filter_alt:",
            on_click=listing.show_quarantined,
        )
