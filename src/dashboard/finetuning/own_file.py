"""A file of chats from elsewhere, examined like a version that was built here."""

from __future__ import annotations

import streamlit as st

from src import finetuning
from src.dashboard import markdown, shell, ui
from src.dashboard.finetuning import cost
from src.dashboard.finetuning import not_personal as finetuning_not_personal
from src.dashboard.finetuning import report as finetuning_report
from src.dashboard.i18n import _
from src.dashboard.parts.own_job import OwnJob
from src.dashboard.parts.upload import Upload
from src.finetuning import Recipe

_JOB, _UPLOAD = OwnJob("finetuning_file_job"), Upload("finetuning_upload")


def draw() -> None:
    """Draw the upload and, once it is examined, its report."""
    with st.expander(
        _("Validar um JSONL seu"),
        icon=":material/fact_check:",
        expanded=_JOB.exists,
        key="finetuning_file",
    ):
        st.caption(
            _(
                "Um arquivo de conversas no formato de chat, uma por linha. Ele só é lido: nada é "
                "guardado além do relatório, por 30 dias."
            )
        )
        sent = _UPLOAD.choose(_("Arquivo JSONL"), ["jsonl", "json", "txt", "gz", "zip"])
        not_personal = finetuning_not_personal.draw(key="finetuning_file_not_personal")
        pressed = st.button(
            _("Validar"),
            key="finetuning_file_start",
            icon=":material/fact_check:",
            disabled=sent is None,
        )
        if pressed and sent is not None:
            with ui.errors():
                job_id = finetuning.start_file_validation(
                    _UPLOAD.stored(sent),
                    Recipe(not_personal=not_personal),
                    source_name=sent.name,
                    actor=shell.actor(),
                )
                _JOB.remember(job_id)
                _UPLOAD.clear()
                st.rerun()
        with ui.errors():
            _outcome()


def _outcome() -> None:
    job = _JOB.running()
    if job is not None:
        ui.watch(job, key="finetuning_file_watch")
        return
    job = _JOB.outcome()
    if job is None:
        return
    st.markdown(f"##### {markdown.escape(job.params['source_name'])}")
    report = finetuning.validation(job.id)
    finetuning_report.verdict(report)
    finetuning_report.checks(report, key="finetuning_file")
    finetuning_report.offences(report, key="finetuning_file")
    finetuning_report.lengths(report, key="finetuning_file")
    cost.draw(report.figures, key="finetuning_file_cost")
