"""The parts of the review screen; which one is open is in the address."""

from __future__ import annotations

from typing import Any

import streamlit as st

from src.dashboard.i18n import _
from src.messages import N_

KEY = "parte"
QUEUE, BROWSE, IMPORT, PROGRESS, CRITERIA = (
    N_("Fila"),
    N_("Conversas"),
    N_("Importar"),
    N_("Andamento"),
    N_("Critérios"),
)
OPEN = "conversa"
"""The conversation that is read; its identifier in the address."""


def choose() -> dict[str, Any]:
    """Draw the tabs and return each by its name; only the open one need be drawn."""
    names = (QUEUE, BROWSE, IMPORT, PROGRESS, CRITERIA)
    tabs = st.tabs([_(name) for name in names], key=KEY, bind="query-params")
    return dict(zip(names, tabs, strict=True))


def show(name: str) -> None:
    """Open a tab; for callbacks."""
    st.session_state[KEY] = _(name)
