"""The navigation table: every screen, in the order of the work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import urlsplit

import streamlit as st

from src.dashboard.i18n import STATE_KEY, _
from src.messages import N_


@dataclass(frozen=True)
class Screen:
    """One row of the navigation."""

    script: str
    title: str
    icon: str
    group: str
    url_path: str
    default: bool = False


HOME = N_("Início")
DATA = N_("Dados")
MODELS = N_("Modelos")
ASSISTANT = N_("Assistente")

SCREENS = (
    Screen("pages/home.py", HOME, ":material/home:", HOME, "inicio", default=True),
    Screen("pages/collection.py", N_("Coleta de dados"), ":material/ads_click:", DATA, "coleta"),
    Screen("pages/datasets.py", N_("Tabelas"), ":material/table:", DATA, "tabelas"),
    Screen(
        "pages/training.py", N_("Treinar modelos"), ":material/model_training:", MODELS, "treinar"
    ),
    Screen(
        "pages/registry.py", N_("Modelos registrados"), ":material/inventory_2:", MODELS, "modelos"
    ),
    Screen(
        "pages/prediction.py",
        N_("Classificador manual"),
        ":material/online_prediction:",
        MODELS,
        "classificador",
    ),
    Screen("pages/review.py", N_("Revisão de conversas"), ":material/forum:", ASSISTANT, "revisao"),
    Screen("pages/quality.py", N_("Qualidade"), ":material/monitoring:", ASSISTANT, "qualidade"),
    Screen(
        "pages/finetuning.py",
        N_("Conjuntos de dados"),
        ":material/dataset:",
        ASSISTANT,
        "conjuntos",
    ),
)


_SHOWN = "navigation_shown"
_addresses_known = False


def settle_addresses() -> None:
    """Load the page once more where Streamlit did not know its address yet.

    Until ``st.navigation`` has run once in a server, Streamlit takes the scripts in ``pages/`` for
    all there is, does not find ``treinar`` among them, and covers the first visitor's page with the
    notice that it does not exist. On the home page the widgets of that run would be others than
    those of the next, and lose what is typed first. Call it right after ``st.navigation``.
    """
    global _addresses_known
    if _addresses_known:
        return
    _addresses_known = True
    path = urlsplit(st.context.url or "").path.strip("/")
    if path in {screen.url_path for screen in SCREENS}:
        st.html("<script>window.location.reload()</script>", unsafe_allow_javascript=True)
        st.stop()
    st.rerun()


def heed_address(page: st.Page) -> None:  # type: ignore[valid-type]
    """Let the address decide on arrival at a screen, whatever was chosen there on an earlier visit.

    Streamlit remembers what is bound to the address between two visits, and prefers it where the
    address names the first choice of the screen. Call it before the page runs.
    """
    before = st.session_state.get(_SHOWN)
    st.session_state[_SHOWN] = page.url_path
    if before in (None, page.url_path):
        return
    for name in set(st.query_params) - {STATE_KEY}:  # the language's switch is drawn already
        st.session_state.pop(name, None)


def go(script: str, **choices: str) -> NoReturn:
    """Open a screen with these choices in its address.

    What is bound on the screen that is left (the language, a target) goes along by itself and must
    not be named. Without any choice ``st.switch_page`` would try to clear the address, and fail
    there for the same reason; an empty one it only replaces.
    """
    st.switch_page(script, query_params=choices)


def pages() -> dict[str, list[st.Page]]:  # type: ignore[valid-type]
    """Return the screens as ``st.navigation`` wants them, titles in the person's language."""
    groups: dict[str, list[st.Page]] = {}  # type: ignore[valid-type]
    for screen in SCREENS:
        groups.setdefault(_(screen.group), []).append(
            st.Page(
                screen.script,
                title=_(screen.title),
                icon=screen.icon,
                url_path=screen.url_path,
                default=screen.default,
            )
        )
    return groups
