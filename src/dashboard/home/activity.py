"""The home screen's recent activity: work that goes on now, and the last comparisons."""

from __future__ import annotations

import streamlit as st

from src import training
from src.dashboard import formats, markdown, ui
from src.dashboard.home.figures import Figures
from src.dashboard.i18n import _


def running(figures: Figures) -> None:
    """Draw the work that goes on now, with its progress."""
    if not figures.running:
        return
    st.subheader(_("Em andamento"))
    for job in figures.running:
        with st.container(border=True):
            st.markdown(
                _("**{title}**, por {actor}").format(
                    title=markdown.said(job.title), actor=markdown.escape(job.actor)
                )
            )
            ui.watch(job, key=f"home_job_{job.id}")


def recent(figures: Figures) -> None:
    """Draw the last comparisons, each with its best candidate and the way to it."""
    if not figures.recent:
        return
    st.subheader(_("Últimas comparações"))
    with st.container(border=True, gap="xsmall"):
        for record in figures.recent:
            st.page_link(
                "pages/training.py",
                label=f"{record.dataset} → {record.target}",
                icon=":material/leaderboard:",
                query_params={"comparacao": record.id},
            )
            st.caption(_facts(record))


def _facts(record: training.ComparisonRecord) -> str:
    """Say how a comparison came out, who asked for it and when."""
    scores = {result.id: result for result in record.candidates}
    best = scores.get(record.top_ids[0]) if record.top_ids else None
    parts = []
    if best is not None:
        score = formats.number(best.metrics.get(record.metric), decimals=4)
        parts.append(f"{best.name}, {record.metric} {score}")
    elif record.finished_at:
        parts.append(_("sem candidatos prontos"))
    parts.append(
        _("{actor} em {time}").format(actor=record.actor, time=formats.moment(record.created_at))
    )
    return " · ".join(parts)
