"""The screen *Modelos registrados* before there is any model."""

from __future__ import annotations

import streamlit as st

from src.dashboard import ui
from src.dashboard.i18n import _


def show() -> None:
    """Draw what will be here, and the way to it."""
    ui.empty(
        _("Nenhum modelo registrado"),
        _(
            "Aqui ficam os modelos que você salvar: métricas, origem, versões e assinatura. Treine "
            "e salve um, ou importe um arquivo abaixo."
        ),
        icon=":material/inventory_2:",
    )
    if st.button(
        _("Treinar modelos"),
        key="registry_train",
        type="primary",
        icon=":material/model_training:",
    ):
        st.switch_page("pages/training.py")
