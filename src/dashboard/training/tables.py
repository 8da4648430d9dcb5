"""The leaderboard and the failures of a comparison, as tables."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from src import training
from src.dashboard import charts, formats
from src.dashboard.i18n import _, ngettext, translate
from src.dashboard.parts import table as parts_table
from src.dashboard.training import words

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler


def ranked(
    record: training.ComparisonRecord, metric: training.Metric
) -> list[training.CandidateResult]:
    """Return the candidates that finished, best first by ``metric``; those without it come last."""
    finished = {result.id: result for result in record.candidates if result.error is None}
    order = dataclasses.replace(record, metric=metric.name).leaderboard.index
    return [finished[candidate_id] for candidate_id in order]


def leaderboard(
    record: training.ComparisonRecord, *, key: str, only: Sequence[str] | None = None
) -> None:
    """Draw the candidates best first, each metric beside its fold deviation.

    A choice of them has only the ranking metric's deviation, so that the table fits the screen.

    Parameters
    ----------
    record : ComparisonRecord
        Finished or not.
    key : str
        The element's key.
    only : sequence of str, optional
        Identifiers of the candidates to show, in this order, instead of all.
    """
    table = record.leaderboard
    if only is not None:
        table = table.loc[[candidate_id for candidate_id in only if candidate_id in table.index]]
    metrics = {metric.name: metric for metric in training.METRICS[record.task]}
    names = sorted(metrics, key=lambda name: name != record.metric)  # the one that ranks first
    shown = table[["Model"]].copy()
    shown.insert(0, "rank", range(1, len(table) + 1))
    shown["Model"] = [
        f"{name} · " + _("linha de base") if candidate_id == training.BASELINE else name
        for candidate_id, name in table["Model"].items()
    ]
    columns: dict[str, Any] = {
        "rank": st.column_config.NumberColumn("#", width=32),
        "Model": st.column_config.TextColumn(_("Modelo"), width=200),
    }
    for name in names:
        shown[name] = table[name]
        columns[name] = st.column_config.NumberColumn(
            f"{name} ↓" if name == record.metric else name,
            width=74,
            help=_(metrics[name].description),
        )
        if only is None or name == record.metric:
            shown[f"{name} ±"] = table[f"{name} ±"]
            columns[f"{name} ±"] = st.column_config.NumberColumn(
                f"± {name}", width=74, help=_("Desvio entre as dobras.")
            )
    shown[training.SECONDS_COLUMN] = table[training.SECONDS_COLUMN]
    columns[training.SECONDS_COLUMN] = st.column_config.NumberColumn(
        _("s por dobra"), width=74, help=_("Segundos de uma dobra: treino e avaliação.")
    )
    shown["id"] = table.index
    columns["id"] = st.column_config.TextColumn("id", width=80)
    st.dataframe(
        _styled(shown.reset_index(drop=True), names),
        hide_index=True,
        column_config=columns,
        key=key,
        height="content",
        placeholder=formats.MISSING,
        alt=_("Candidatos ordenados por {metric}").format(metric=record.metric),
    )


def _styled(table: pd.DataFrame, names: Sequence[str]) -> Styler:
    """Write the figures as the language does; sorting and download keep the numbers."""

    def writer(decimals: int) -> Callable[[Any], str]:
        return lambda value: formats.number(float(value), decimals=decimals)

    writers: dict[Any, Any] = {training.SECONDS_COLUMN: writer(2)}
    for name in names:
        decimals = words.decimals_for(table[name].tolist())
        writers[name] = writer(decimals)
        if f"{name} ±" in table:
            writers[f"{name} ±"] = writer(decimals)
    faint = f"color: {charts.colours().faint}"
    is_baseline = (table["id"] == training.BASELINE).tolist()

    def shade(column: pd.Series) -> list[str]:
        if str(column.name).endswith("±"):
            return [faint] * len(column)
        return [faint if baseline else "" for baseline in is_baseline]

    return table.style.format(writers).apply(shade)


def failures(record: training.ComparisonRecord) -> None:
    """Draw the candidates that failed with their reasons; nothing when none did."""
    failed = record.failures
    if not failed:
        return
    names = {result.id: result.name for result in record.candidates}
    title = ngettext("{count} falhou", "{count} falharam", len(failed))
    parts_table.draw(
        list(failed.items()),
        {
            "model": (lambda failure: names[failure[0]], parts_table.text(title, 200)),
            "reason": (
                lambda failure: translate(failure[1]),
                parts_table.text(_("Motivo"), "large"),
            ),
            "id": (lambda failure: failure[0], parts_table.text("id", 80)),
        },
        height="content",
        key=f"training_failures_{record.id}",
        alt=_("Candidatos que falharam"),
    )
