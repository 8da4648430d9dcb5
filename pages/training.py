import streamlit as st

from src import datasets, training
from src.dashboard import shell, ui
from src.dashboard.i18n import _
from src.dashboard.training import empty, history, progress, results
from src.dashboard.training import setup as training_setup

ui.header(
    _("Treinar modelos"),
    _("Qual modelo prevê melhor nesta tabela, e a diferença entre os primeiros é real?"),
)

with ui.errors():
    tables = datasets.list_datasets()
    opened = history.opened()
    known = history.jobs_by_id()
    records = training.list_comparisons(limit=history.SHOWN)
    job = history.job_of(opened, known)
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
                history.open_comparison(setup.start(actor=shell.actor()))
            if opened is None and setup is not None:
                history.offer(records, known, setup.dataset.name)
    elif opened is None:
        empty.no_tables()

    if opened is not None:
        history.title(opened, tables)
        if running:
            progress.watch(opened.id)
        else:
            results.show(opened, job)

    if records and (opened is None or len(records) > 1):
        history.browse(records, known, opened.id if opened else None)
