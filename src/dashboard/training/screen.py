"""The screen's body: the choices, the comparison that is open, and the earlier ones."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from src import datasets, jobs, training
from src.dashboard import shell, ui
from src.dashboard.i18n import _
from src.dashboard.training import empty, history, progress, results, setup


def body() -> None:
    """Draw what can be compared, and what was."""
    tables = datasets.list_datasets()
    opened = history.opened()
    by_id = history.jobs_by_id()
    records = training.list_comparisons(limit=history.SHOWN)
    job = history.job_of(opened, by_id)
    if tables:
        with ui.errors():
            chosen = _start(tables, opened)
            if opened is None and chosen is not None:
                history.offer(records, by_id, chosen.dataset.name)
    elif opened is None:
        empty.no_tables()
    if opened is not None:
        _show(opened, job, tables)
    if records and (opened is None or len(records) > 1):
        history.browse(records, by_id, opened.id if opened else None)


def _start(
    tables: Sequence[datasets.Dataset], opened: training.ComparisonRecord | None
) -> setup.Setup | None:
    """Draw the choices and the button that starts a comparison; return what is chosen."""
    chosen = setup.choose(tables, opened)
    pressed = st.button(
        _("Treinar e comparar modelos"),
        type="primary",
        key="training_start",
        icon=":material/play_arrow:",
        disabled=chosen is None,
    )
    if pressed and chosen is not None:
        history.open_comparison(chosen.start(actor=shell.actor()))
    return chosen


def _show(
    record: training.ComparisonRecord, job: jobs.Job | None, tables: Sequence[datasets.Dataset]
) -> None:
    history.title(record, tables)
    if job is not None and not job.state.is_final:
        progress.watch(record.id)
    else:
        results.show(record, job)
