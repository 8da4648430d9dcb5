"""Which comparison is on screen, and the earlier ones to go back to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from src import datasets, jobs, training
from src.dashboard import formats, markdown
from src.dashboard.i18n import _
from src.dashboard.parts import table
from src.dashboard.training import words
from src.errors import ComparisonNotFound, JobNotFound

PARAMETER = "comparacao"
SHOWN = 50


def open_comparison(comparison_id: str | None) -> None:
    """Put a comparison on screen, and into the address; None closes the one that is open."""
    if comparison_id is None:
        st.query_params.pop(PARAMETER, None)
    else:
        st.query_params[PARAMETER] = comparison_id
    st.rerun()


def opened() -> training.ComparisonRecord | None:
    """Return the comparison that the address names; one that is gone is said to be gone."""
    comparison_id = st.query_params.get(PARAMETER)
    if not comparison_id:
        return None
    try:
        return training.get_comparison(comparison_id)
    except ComparisonNotFound as error:
        st.warning(markdown.said(error), icon=":material/search_off:")
        return None


def jobs_by_id() -> dict[str, jobs.Job]:
    """Return the jobs of comparisons, newest first, by identifier."""
    return {job.id: job for job in jobs.list_jobs(handler="training.compare", limit=SHOWN)}


def job_of(
    record: training.ComparisonRecord | None, by_id: Mapping[str, jobs.Job]
) -> jobs.Job | None:
    """Return the job that runs or ran a comparison; None when its job is no longer kept."""
    if record is None:
        return None
    try:
        return by_id.get(record.id) or jobs.get(record.id)
    except JobNotFound:
        return None


def offer(
    records: Sequence[training.ComparisonRecord], running: Mapping[str, jobs.Job], dataset: str
) -> None:
    """Offer the newest comparison of a table, as after a reload without its address."""
    record = next((record for record in records if record.dataset == dataset), None)
    if record is None:
        return
    job = running.get(record.id)
    goes_on = job is not None and not job.state.is_final
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            (
                _("Uma comparação desta tabela está em andamento: alvo **{target}**, {facts}.")
                if goes_on
                else _("Última comparação desta tabela: alvo **{target}**, {facts}.")
            ).format(
                target=markdown.escape(record.target),
                facts=words.facts(record),
            ),
            width="stretch",
        )
        if st.button(
            _("Acompanhar") if goes_on else _("Abrir"),
            key="training_offer",
            icon=":material/visibility:",
        ):
            open_comparison(record.id)


def browse(
    records: Sequence[training.ComparisonRecord],
    by_id: Mapping[str, jobs.Job],
    opened_id: str | None,
) -> None:
    """Draw the earlier comparisons; choosing a row opens it."""
    st.subheader(_("Comparações anteriores"))
    chosen = table.draw(
        records,
        {
            "time": (
                lambda record: formats.moment(record.created_at),
                table.text(_("Quando"), 130),
            ),
            "actor": (lambda record: record.actor, table.text(_("Quem"), 110)),
            "dataset": (lambda record: record.dataset, table.text(_("Tabela"), 150)),
            "target": (lambda record: record.target, table.text(_("Alvo"), 110)),
            "metric": (lambda record: record.metric, table.text(_("Métrica"), 80)),
            "best": (_best, table.text(_("Melhor"), 240)),
            "state": (
                lambda record: state(record, by_id.get(record.id)),
                table.text(_("Estado"), 110),
            ),
        },
        # A new key for each comparison on screen: an old choice must not reopen itself.
        key=f"training_history_{opened_id}",
        on_select="rerun",
        selection_mode="single-row",
        alt=_("Comparações anteriores"),
    )
    picked = [records[row].id for row in chosen["selection"]["rows"] if row < len(records)]
    if picked and picked[0] != opened_id:
        open_comparison(picked[0])
    st.caption(_("Marque uma linha para abrir a comparação."))


def _best(record: training.ComparisonRecord) -> str:
    board = record.leaderboard
    if board.empty:
        return formats.MISSING
    return f"{board['Model'].iloc[0]} ({words.figure(board[record.metric].iloc[0])})"


def state(record: training.ComparisonRecord, job: jobs.Job | None) -> str:
    """Name a comparison's state in the person's language."""
    ended = jobs.JobState.SUCCEEDED if record.finished_at else jobs.JobState.FAILED
    return _(words.STATES[ended if job is None else job.state])


def title(record: training.ComparisonRecord, tables: Sequence[datasets.Dataset]) -> None:
    """Draw which comparison is on screen, whether its table is still the same, and a way out."""
    with st.container(horizontal=True, vertical_alignment="center", key="training_opened"):
        st.subheader(
            f"{markdown.escape(record.dataset)} → {markdown.escape(record.target)}", width="stretch"
        )
        if st.button(_("Fechar"), key="training_close", icon=":material/close:", type="tertiary"):
            open_comparison(None)
    st.caption(words.facts(record))
    if words.is_split_in_time(record):
        st.caption(":material/timeline: " + words.split(record))
    now = {one.name: one.fingerprint for one in tables}.get(record.dataset)
    if now != record.fingerprint:
        st.caption(
            ":material/history: "
            + (
                _("A tabela {dataset} foi excluída depois desta comparação.")
                if now is None
                else _("A tabela {dataset} mudou depois desta comparação.")
            ).format(dataset=record.dataset)
        )
