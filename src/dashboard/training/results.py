"""A comparison that has ended: what it says, and its candidates beside each other."""

from __future__ import annotations

import math

import streamlit as st

from src import jobs, training
from src.dashboard import charts, formats, ui
from src.dashboard.i18n import _, ngettext, translate
from src.dashboard.training import charts as training_charts
from src.dashboard.training import details, tables, words, yardstick


def show(record: training.ComparisonRecord, job: jobs.Job | None) -> None:
    """Draw an ended comparison; one that was cancelled or failed with what was kept."""
    if job is not None and job.state is not jobs.JobState.SUCCEEDED:
        ui.progress(job, key="training_job")
    if not record.leaderboard.empty:
        _figures(record, job)
        if record.verdict is not None:
            st.info(translate(record.verdict), icon=":material/balance:")
        with ui.errors():
            yardstick.show(record)
        _tables(record)
        _chart(record)
    else:
        tables.failures(record)
    for warning in record.warnings:
        st.caption(":material/info: " + translate(warning))
    if record.top_ids:
        details.show(record)


def _figures(record: training.ComparisonRecord, job: jobs.Job | None) -> None:
    """At most five figures, each with what it is to be compared with."""
    metric = training.choose_metric(record.task, record.metric)
    ordered = tables.ranked(record, metric)
    best = ordered[0]
    baseline = next((result for result in ordered if result.id == training.BASELINE), None)
    decimals = words.decimals_for([best.metrics.get(record.metric, math.nan)])
    failed = len(record.failures)
    figures = [
        (
            _("{metric} do melhor").format(metric=record.metric),
            words.figure(best.metrics.get(record.metric), decimals),
            "± " + words.figure(best.deviations.get(record.metric), decimals),
            best.name,
        ),
        (
            _("Linha de base"),
            words.figure(baseline.metrics.get(record.metric) if baseline else None, decimals),
            None,
            _("O que acerta um modelo que não olha nenhuma coluna."),
        ),
        (
            _("Candidatos"),
            formats.number(len(record.candidates)),
            ngettext("{count} falhou", "{count} falharam", failed) if failed else None,
            _("Modelos comparados nas mesmas dobras."),
        ),
        (
            _("Duração"),
            formats.duration(_seconds(record, job)),
            None,
            _("Do início ao fim da comparação."),
        ),
    ]
    with st.container(horizontal=True, key="training_figures"):
        for label, value, delta, why in figures:
            ui.metric(label, value, delta, height="stretch", help=why)


def _seconds(record: training.ComparisonRecord, job: jobs.Job | None) -> float | None:
    if job is not None and job.started_at is not None and job.finished_at is not None:
        return (job.finished_at - job.started_at).total_seconds()
    if record.finished_at is not None:
        return (record.finished_at - record.created_at).total_seconds()
    return None


def _tables(record: training.ComparisonRecord) -> None:
    count = len(record.leaderboard)
    failed = len(record.failures)
    titles = [_("Todos os candidatos ({count})").format(count=count)]
    if record.top_ids:
        titles.insert(0, ngettext("O melhor", "Os {count} melhores", len(record.top_ids)))
    if failed:
        titles.append(_("Falharam ({count})").format(count=failed))
    tabs = iter(st.tabs(titles, key=f"training_tables_{record.id}"))
    if record.top_ids:
        with next(tabs):
            tables.leaderboard(record, key=f"training_top_{record.id}", only=record.top_ids)
    with next(tabs):
        tables.leaderboard(record, key=f"training_all_{record.id}")
    if failed:
        with next(tabs):
            tables.failures(record)


@st.fragment
@ui.errors()
def _chart(record: training.ComparisonRecord) -> None:
    names = [metric.name for metric in training.METRICS[record.task]]
    name = st.segmented_control(
        _("Métrica do gráfico"),
        names,
        default=record.metric,
        required=True,
        key=f"training_chart_metric_{record.id}",
    )
    metric = training.choose_metric(record.task, name or record.metric)
    ordered = tables.ranked(record, metric)
    in_time = words.is_split_in_time(record)
    tied = training.tied(record.candidates, record.task, metric.name, in_time=in_time)
    figure, data = training_charts.candidates(ordered, metric, tied=tied)
    st.caption(
        _(metric.description)
        + " "
        + _(
            "A haste é o desvio entre as dobras; em cinza, os que não se distinguem do primeiro; "
            "a linha pontilhada é a linha de base."
        )
    )
    charts.show(
        figure,
        key=f"{record.dataset}_{metric.name}",
        alt=_("{metric} de {count} candidatos; o melhor é {model}").format(
            metric=metric.name, count=len(ordered), model=ordered[0].name
        ),
        data=data,
    )
