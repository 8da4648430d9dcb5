"""What every page has around it: prepared databases, running workers, the sidebar's foot."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, unquote

import streamlit as st

from src import jobs, persistence
from src.config import get_settings
from src.dashboard import i18n
from src.dashboard.i18n import _
from src.logs import configure_logs
from src.translations import LANGUAGES

ACTOR_KEY = "actor"
ACTOR_LENGTH = 100
ACTOR_COOKIE = "bancada_nome"
COOKIE_SECONDS = 365 * 24 * 3600
LOGO = Path(__file__).with_name("logo.svg")
LOGO_ICON = Path(__file__).with_name("logo_icon.svg")


def start() -> None:
    """Prepare the databases and the processes beside this one; cheap after the first run."""
    _prepare()
    jobs.ensure_workers()
    jobs.ensure_api()


@st.cache_resource(show_spinner=False)
def _prepare() -> None:
    configure_logs()
    persistence.prepare()


def actor() -> str:
    """Return the name recorded for what this person does."""
    return known_name() or _("anônimo")


def known_name() -> str:
    """Return the name of the person at work, empty where nobody has said it."""
    return " ".join(str(st.session_state.get(ACTOR_KEY) or get_settings().actor).split())


def sidebar() -> None:
    """Draw the logo, the language switch and the name of the person at work.

    Call it before anything translated is drawn: the language comes from the address through the
    switch.
    """
    st.logo(str(LOGO), icon_image=str(LOGO_ICON))
    with st.sidebar:
        st.segmented_control(
            "Idioma · Language",
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            default=get_settings().language,
            required=True,
            key=i18n.STATE_KEY,
            bind="query-params",
        )
        _name()
        st.caption(_("Tema claro ou escuro: menu no alto da página, à direita."))


def _name() -> None:
    """Ask for the person's name; the browser keeps it for the next visit."""
    cookie = st.context.cookies.get(ACTOR_COOKIE)
    kept = unquote(cookie)[:ACTOR_LENGTH] if isinstance(cookie, str) else ""
    if ACTOR_KEY not in st.session_state:
        st.session_state[ACTOR_KEY] = kept
    name = st.text_input(
        _("Seu nome"),
        key=ACTOR_KEY,
        placeholder=get_settings().actor or _("para o registro do que você fizer"),
        max_chars=ACTOR_LENGTH,
        autocomplete="name",
        persist_state="session",
    )
    if name != kept:
        # Percent-encoded, the name cannot be anything but a cookie's value.
        cookie = f"{ACTOR_COOKIE}={quote(name[:ACTOR_LENGTH], safe='')}"
        st.html(
            f'<script>document.cookie = "{cookie}; path=/; max-age={COOKIE_SECONDS}; '
            'SameSite=Strict"</script>',
            unsafe_allow_javascript=True,
        )
