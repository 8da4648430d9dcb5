"""The navigation table: every screen, in the order of the work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import urlsplit

import streamlit as st

from src.dashboard.i18n import _
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
