"""What a screen about models shows before there is any."""

from __future__ import annotations

import streamlit as st

from src.dashboard import navigation, ui
from src.dashboard.i18n import _


def draw(how: str, *, key: str) -> None:
    """Draw what will be here, and the way to it.

    Parameters
    ----------
    how : str
        What the screen does with a model, and how there comes to be one.
    key : str
        The button's key.
    """
    ui.empty(_("Nenhum modelo registrado"), how, icon=":material/inventory_2:")
    if st.button(_("Treinar modelos"), key=key, type="primary", icon=":material/model_training:"):
        navigation.go("pages/training.py")
