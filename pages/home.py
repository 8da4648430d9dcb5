"""The whole flow at a glance, and the next sensible thing."""

import streamlit as st

from src import persistence
from src.dashboard import ui
from src.dashboard.home import activity, assistant, collection, flow
from src.dashboard.home import figures as home_figures
from src.dashboard.i18n import _

ui.header(
    _("Início"),
    _("Da tabela à previsão: onde está o trabalho e o que vem agora."),
    as_of=persistence.utc_now(),
)
with ui.errors():
    with st.skeleton(height=240):
        figures = home_figures.gather()
    flow.invite(figures)
    flow.steps(figures)
    collection.draw(figures)
    assistant.draw(figures)
    activity.running(figures)
    activity.recent(figures)
