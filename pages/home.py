"""The whole flow at a glance, and the next sensible thing."""

import streamlit as st

from src import persistence
from src.dashboard import (
    home_activity,
    home_assistant,
    home_collection,
    home_figures,
    home_flow,
    ui,
)
from src.dashboard.i18n import _

ui.header(
    _("Início"),
    _("Da tabela à previsão: onde está o trabalho e o que vem agora."),
    as_of=persistence.utc_now(),
)
with ui.errors():
    with st.skeleton(height=240):
        figures = home_figures.gather()
    home_flow.invite(figures)
    home_flow.steps(figures)
    home_collection.draw(figures)
    home_assistant.draw(figures)
    home_activity.running(figures)
    home_activity.recent(figures)
