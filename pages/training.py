import streamlit as st

from src import datasets, training
from src.dashboard import (
    shell,
    training_empty,
    training_history,
    training_progress,
    training_results,
    training_setup,
    ui,
)
from src.dashboard.i18n import _

ui.header(
    _("Treinar modelos"),
    _("Qual modelo prevê melhor nesta tabela, e a diferença entre os primeiros é real?"),
)

with ui.errors():
    tables = datasets.list_datasets()
    opened = training_history.opened()
    known = training_history.jobs_by_id()
    records = training.list_comparisons(limit=training_history.SHOWN)
    job = training_history.job_of(opened, known)
    running = job is not None and not job.state.is_final

    if tables:
        with ui.errors():
            setup = training_setup.choose(tables, opened)
            if (
                st.button(
                    _("Treinar e comparar modelos"),
                    type="primary",
                    key="training_start",
                    icon=":material/play_arrow:",
                    disabled=setup is None,
                )
                and setup is not None
            ):
                training_history.open_comparison(setup.start(actor=shell.actor()))
            if opened is None and setup is not None:
                training_history.offer(records, known, setup.dataset.name)
    elif opened is None:
        training_empty.no_tables()

    if opened is not None:
        training_history.title(opened, tables)
        if running:
            training_progress.watch(opened.id)
        else:
            training_results.show(opened, job)

    if records and (opened is None or len(records) > 1):
        training_history.browse(records, known, opened.id if opened else None)
