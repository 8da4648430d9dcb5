"""One figure from near: over time, and by channel and topic against the period before."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from src import prediction, review
from src.dashboard import charts, collection_period, formats, quality_charts, quality_words
from src.dashboard.i18n import _
from src.dashboard.quality_filters import Choice, step

FIGURE = "medida"
"""Widget key, and name in the address."""

ROWS = 12
"""Tables longer than so many scroll."""


def choose_figure() -> str:
    """Draw the choice of the figure that the rest of the screen is about."""
    chosen = st.segmented_control(
        _("Medida"),
        list(quality_words.TITLES),
        default="satisfaction",
        required=True,
        format_func=quality_words.title,
        key=FIGURE,
        bind="query-params",
    )
    return str(chosen or "satisfaction")


def over_time(name: str, found: review.Survey, choice: Choice) -> None:
    """Draw the figure over time with its intervals."""
    st.subheader(_("{figure} ao longo do tempo").format(figure=quality_words.title(name)))
    if getattr(found.whole.now, name).value is None:
        st.info(_("Nenhuma conversa do período tem esta medida."), icon=":material/filter_alt_off:")
        return
    by = step(choice.period, collection_period.today())
    figure, data = quality_charts.over_time(
        name, found.over_time, by, getattr(found.whole.before, name).value
    )
    st.caption(
        {
            "day": _("Por dia em que a conversa começou, com intervalos de 95 %."),
            "week": _("Por semana, de segunda a domingo, com intervalos de 95 %."),
            "month": _("Por mês, com intervalos de 95 %."),
        }[by]
    )
    charts.show(
        figure,
        key=f"qualidade_{name}",
        alt=_("{figure} ao longo do tempo").format(figure=quality_words.title(name)),
        data=data,
    )


def groups(name: str, found: review.Survey) -> None:
    """Draw the figure by channel and by topic."""
    if getattr(found.whole.now, name).value is None:
        return
    for title, label, rows, key in (
        (_("Por canal"), _("Canal"), found.channels, "channels"),
        (_("Por assunto"), _("Assunto"), found.topics, "topics"),
    ):
        if any(row.now.group for row in rows):
            st.subheader(title)
            _table(name, label, rows, key)
    if max(len(found.channels), len(found.topics)) > 1:
        st.caption(
            _(
                "Entre muitos grupos alguns mudam por acaso: a leitura de cada um leva em conta "
                "quantos são. Mostrados: os 100 maiores."
            )
        )


def _table(name: str, label: str, rows: Sequence[review.Compared], key: str) -> None:
    scale, unit, form = _unit(name)

    def scaled(value: float | None) -> float | None:
        return None if value is None else value * scale

    now = [getattr(row.now, name) for row in rows]
    table = pd.DataFrame(
        {
            "group": [prediction.harmless(row.now.group) or _("sem nome") for row in rows],
            "value": [scaled(it.value) for it in now],
            "interval": [quality_words.interval(name, it) for it in now],
            "conversations": [it.conversations for it in now],
            "before": [scaled(getattr(row.before, name).value) for row in rows],
            "difference": [scaled(row.changes[name].difference) for row in rows],
            "reading": [quality_words.reading(name, row.changes[name]) for row in rows],
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        height=36 * (min(len(rows), ROWS) + 1),
        key=f"quality_{key}",
        placeholder=formats.MISSING,
        alt=_("{figure} por grupo").format(figure=quality_words.title(name)),
        column_config={
            "group": st.column_config.TextColumn(label, width="medium"),
            "value": st.column_config.NumberColumn(
                f"{quality_words.title(name)} ({unit})", format=form
            ),
            "interval": st.column_config.TextColumn(_("Intervalo de 95 %")),
            "conversations": st.column_config.NumberColumn(
                _("Conversas"), format="localized", help=_("As que têm esta medida.")
            ),
            "before": st.column_config.NumberColumn(_("Antes"), format=form),
            "difference": st.column_config.NumberColumn(_("Diferença"), format=form),
            "reading": st.column_config.TextColumn(_("Leitura")),
        },
    )


def _unit(name: str) -> tuple[float, str, str]:
    """Return what the values of a table are multiplied with, their unit, and their form."""
    if name in quality_words.SHARES:
        return 100, "%", "%.1f"
    return (1, "s", "%.1f") if name == "answer_seconds" else (1, "1–5", "%.2f")
