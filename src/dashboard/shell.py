"""What every page has around it: prepared databases, running workers, the sidebar's foot."""

from __future__ import annotations

import streamlit as st

from src import jobs, persistence
from src.config import get_settings
from src.dashboard import i18n
from src.dashboard.i18n import _
from src.logs import configure_logs

PRELOADED = ("src.training.work",)
ACTOR_KEY = "actor"


def start() -> None:
    """Prepare the databases and the worker processes; cheap after the first run."""
    _prepare()
    jobs.ensure_workers(PRELOADED)


@st.cache_resource(show_spinner=False)
def _prepare() -> None:
    configure_logs()
    persistence.prepare()


def actor() -> str:
    """Return the name recorded for what this person does."""
    return st.session_state.get(ACTOR_KEY) or get_settings().actor or _("anônimo")


def sidebar_foot() -> None:
    """Draw the language switch and the name of the person at work."""
    with st.sidebar:
        st.text_input(
            _("Seu nome"),
            key=ACTOR_KEY,
            placeholder=get_settings().actor or _("para o registro do que você fizer"),
            persist_state="session",
        )
        st.selectbox(
            _("Idioma"),
            list(i18n.LANGUAGES),
            format_func=i18n.LANGUAGES.__getitem__,
            key=i18n.STATE_KEY,
            index=list(i18n.LANGUAGES).index(get_settings().language),
            bind="query-params",
            persist_state="session",
        )
