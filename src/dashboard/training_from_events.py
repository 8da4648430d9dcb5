"""From collected events to the training screen: the table is built, then the screen opens on it."""

from __future__ import annotations

import streamlit as st

from src import features, jobs
from src.dashboard import shell, ui

_JOB = "training_from_events_job"


def start(kind: str) -> None:
    """Queue the building of the table for an outcome; :func:`follow` takes it from there.

    Raises
    ------
    FeatureError
        If the collected events do not allow it.
    """
    st.session_state[_JOB] = features.start_build(kind, actor=shell.actor())


def follow() -> None:
    """Draw the building that was started here, and open the training screen when it is done."""
    job_id = st.session_state.get(_JOB)
    if job_id is None:
        return
    job = jobs.get(job_id)
    if job.state is jobs.JobState.SUCCEEDED and job.result is not None:
        del st.session_state[_JOB]
        st.switch_page(
            "pages/training.py",
            query_params={"tabela": job.result["name"], "alvo": job.result["target"]},
        )
    ui.watch(job_id, key="training_from_events")
