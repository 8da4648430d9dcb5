"""A file of chats from elsewhere, examined like a version that was built here."""

from __future__ import annotations

import streamlit as st

from src import datasets, finetuning, jobs
from src.dashboard import markdown, shell, ui
from src.dashboard.finetuning import cost
from src.dashboard.finetuning import not_personal as finetuning_not_personal
from src.dashboard.finetuning import report as finetuning_report
from src.dashboard.i18n import _
from src.errors import JobNotFound
from src.finetuning import Recipe

_JOB = "finetuning_file_job"
_ROUND = "finetuning_file_round"


def draw() -> None:
    """Draw the upload and, once it is examined, its report."""
    with st.expander(
        _("Validar um JSONL seu"),
        icon=":material/fact_check:",
        expanded=_JOB in st.session_state,
        key="finetuning_file",
    ):
        st.caption(
            _(
                "Um arquivo de conversas no formato de chat, uma por linha. Ele só é lido: nada é "
                "guardado além do relatório, por 30 dias."
            )
        )
        sent = st.file_uploader(
            _("Arquivo JSONL"),
            type=["jsonl", "json", "txt"],
            key=f"finetuning_upload_{st.session_state.get(_ROUND, 0)}",
        )
        not_personal = finetuning_not_personal.draw(key="finetuning_file_not_personal")
        if (
            st.button(
                _("Validar"),
                key="finetuning_file_start",
                icon=":material/fact_check:",
                disabled=sent is None,
            )
            and sent is not None
        ):
            with ui.errors():
                path = datasets.store_upload(sent, sent.name)
                st.session_state[_JOB] = finetuning.start_file_validation(
                    path,
                    Recipe(not_personal=not_personal),
                    source_name=sent.name,
                    actor=shell.actor(),
                )
                st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
                st.rerun()
        with ui.errors():
            _outcome()


def _outcome() -> None:
    job_id = st.session_state.get(_JOB)
    if job_id is None:
        return
    try:
        job = jobs.get(job_id)
    except JobNotFound:
        del st.session_state[_JOB]
        return
    if job.state is not jobs.JobState.SUCCEEDED:
        ui.watch(job_id, key="finetuning_file_watch")
        return
    st.markdown(f"##### {markdown.escape(job.params['source_name'])}")
    report = finetuning.validation(job_id)
    finetuning_report.verdict(report)
    finetuning_report.checks(report, key="finetuning_file")
    finetuning_report.offences(report, key="finetuning_file")
    finetuning_report.lengths(report, key="finetuning_file")
    cost.draw(report.figures, key="finetuning_file_cost")
