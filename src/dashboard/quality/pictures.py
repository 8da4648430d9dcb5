"""One figure from near: over time, and by channel and topic against the period before."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import isnan
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from src import days, files, review
from src.dashboard import charts, formats
from src.dashboard.i18n import _
from src.dashboard.quality import charts as quality_charts
from src.dashboard.quality import words
from src.dashboard.quality.filters import Choice, step

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

FIGURE = "medida"
"""Widget key, and name in the address."""

ROWS = 12
"""Tables longer than so many scroll."""


def choose_figure() -> str:
    """Draw the choice of the figure that the rest of the screen is about."""
    chosen = st.segmented_control(
        _("Medida"),
        list(words.TITLES),
        default="satisfaction",
        required=True,
        format_func=words.title,
        key=FIGURE,
        bind="query-params",
    )
    return str(chosen or "satisfaction")


def over_time(name: str, found: review.Survey, choice: Choice) -> None:
    """Draw the figure over time with its intervals."""
    title = _("{figure} ao longo do tempo").format(figure=words.title(name))
    st.subheader(title)
    if getattr(found.whole.now, name).value is None:
        st.info(_("Nenhuma conversa do período tem esta medida."), icon=":material/filter_alt_off:")
        return
    if not found.over_time:
        st.info(
            _("As conversas não têm horários: não se sabe como isto mudou ao longo do tempo."),
            icon=":material/schedule:",
        )
        return
    by = step(choice.period, days.today())
    before = getattr(found.whole.before, name).value
    figure, data = quality_charts.over_time(name, found.over_time, by, before)
    said = [
        {
            "day": _("Por dia em que a conversa começou, com intervalos de 95 %."),
            "week": _("Por semana, de segunda a domingo, com intervalos de 95 %."),
            "month": _("Por mês, com intervalos de 95 %."),
        }[by]
    ]
    if before is not None:
        said.append(
            _("Linha pontilhada: período anterior, {value}.").format(
                value=words.written(name, before)
            )
        )
    st.caption(" ".join(said))
    charts.show(figure, key=f"qualidade_{name}", alt=title, data=data)


def groups(name: str, found: review.Survey) -> None:
    """Draw the figure by channel and by topic."""
    if getattr(found.whole.now, name).value is None:
        return
    for title, label, rows, key in (
        (_("Por canal"), _("Canal"), found.channels, "channels"),
        (_("Por tema"), _("Tema"), found.topics, "topics"),
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
    now = [getattr(row.now, name) for row in rows]
    changes = [row.changes[name] for row in rows]
    nameless = _("sem tema") if key == "topics" else _("sem canal")
    table = pd.DataFrame(
        {
            "group": [files.harmless(row.now.group) or nameless for row in rows],
            "value": [it.value for it in now],
            "interval": [words.interval(name, it) for it in now],
            "median": [it.median if isinstance(it, review.Mean) else None for it in now],
            "conversations": [it.conversations for it in now],
            "before": [getattr(row.before, name).value for row in rows],
            "difference": [change.difference for change in changes],
            "reading": [words.reading(name, change) for change in changes],
        }
    )
    numbers = ["value", "median", "before", "difference"]
    table[numbers] = table[numbers].astype(float)
    hidden = set() if name == "answer_seconds" else {"median"}
    compared = any(change.difference is not None for change in changes)
    if not compared:
        hidden |= {"before", "difference", "reading"}
    st.dataframe(
        _styled(table, name, [not change.beyond_chance for change in changes]),
        hide_index=True,
        column_config={
            "group": st.column_config.TextColumn(label, width="medium"),
            "value": st.column_config.NumberColumn(
                _("Média") if name == "answer_seconds" else words.title(name)
            ),
            "interval": st.column_config.TextColumn(_("Intervalo de 95 %")),
            "median": st.column_config.NumberColumn(
                _("Mediana"), help=_("Metade das conversas espera no máximo isso.")
            ),
            "conversations": st.column_config.NumberColumn(
                _("Conversas"), help=_("As que têm esta medida.")
            ),
            "before": st.column_config.NumberColumn(_("Antes")),
            "difference": st.column_config.NumberColumn(_("Diferença")),
            "reading": st.column_config.TextColumn(_("Leitura")),
        },
        key=f"quality_{key}",
        column_order=[column for column in table.columns if column not in hidden],
        placeholder=formats.MISSING,
        alt=_("{figure} por grupo").format(figure=words.title(name)),
        height="content" if len(rows) <= ROWS else 35 * (ROWS + 1),
    )


def _styled(table: pd.DataFrame, name: str, within_noise: Sequence[bool]) -> Styler:
    """Write the figures as the language does, and in grey what chance explains.

    Sorting and download keep the numbers.
    """

    def change(value: Any) -> str:
        return formats.MISSING if isnan(value) else words.difference(name, float(value))

    def count(value: Any) -> str:
        return formats.number(int(value))

    def shade(column: pd.Series) -> list[str]:
        if column.name not in ("difference", "reading"):
            return [""] * len(column)
        return [f"color: {charts.colours().faint}" if noise else "" for noise in within_noise]

    return table.style.format(
        {
            **dict.fromkeys(("value", "median", "before"), partial(words.written, name)),
            "difference": change,
            "conversations": count,
        }
    ).apply(shade)
