"""What the training screen shows while there is no table to train on."""

from __future__ import annotations

import streamlit as st

from src import datasets
from src.dashboard import navigation, shell, ui
from src.dashboard.i18n import _

SENSOR_SAMPLE = "leituras_sensores"


def no_tables() -> None:
    """Say what will be here, and offer the two ways to a table."""
    ui.empty(
        _("Ainda não há tabela para treinar"),
        _(
            "Importe uma tabela, ou comece com a amostra de leituras de sensores: luz, temperatura "
            "e vibração de três ambientes, com o estado como alvo."
        ),
        icon=":material/model_training:",
    )
    with st.container(horizontal=True):
        if st.button(
            _("Usar a amostra de sensores"),
            type="primary",
            key="training_sample",
            icon=":material/sensors:",
        ):
            with st.spinner(_("Preparando a amostra…")):
                datasets.add_sample(SENSOR_SAMPLE, actor=shell.actor())
            st.rerun()
        if st.button(_("Ir para Tabelas"), key="training_tables", icon=":material/table:"):
            navigation.go("pages/datasets.py")
