"""A comparison while it runs: how far it is, and the candidates as they arrive."""

from __future__ import annotations

import streamlit as st

from src import jobs, training
from src.dashboard import ui
from src.dashboard.i18n import _
from src.dashboard.training import tables

REFRESH_SECONDS = 0.5
"""A candidate is on screen at most this long after it was stored."""


def watch(comparison_id: str) -> None:
    """Draw a running comparison, and run the page again when it ends."""

    @st.fragment(run_every=REFRESH_SECONDS)
    def draw() -> None:
        with ui.errors():
            job = jobs.get(comparison_id)
            if job.state.is_final:
                st.rerun()
            ui.progress(job, key="training_job")
            record = training.get_comparison(comparison_id)
            if not record.candidates:
                st.skeleton(height=180)
                st.caption(_("O primeiro candidato aparece aqui em instantes."))
                return
            with st.container(key="training_live"):
                tables.leaderboard(record, key="training_live_table")
                tables.failures(record)

    draw()
