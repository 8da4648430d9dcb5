"""One open table: figures, warnings, columns, distributions, rows, and what can be done with it."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from src import datasets
from src.config import get_settings
from src.dashboard import charts, formats, markdown, navigation, shell
from src.dashboard.datasets import listing, words
from src.dashboard.i18n import _, language, ngettext
from src.dashboard.parts import downloads, fields, table
from src.dashboard.parts.confirmation import Confirmation
from src.messages import Message

_DELETION = Confirmation("tabelas_excluir")
TARGET = "alvo"
"""Widget key and name in the address."""

PAGE_ROWS = 50
SHOWN_WARNINGS = 3
MAX_CLASSES = 20

Key = tuple[str, str, dt.datetime]
"""What tells one import of a table from the next of the same name."""


def choose_target(dataset: datasets.Dataset) -> str | None:
    """Draw the choice of the column to be predicted, which is in the address."""
    names = [column.name for column in dataset.columns]
    if st.session_state.get(TARGET) not in (None, *names):
        st.session_state[TARGET] = None  # written, not removed: else the browser shows it still
    return st.selectbox(
        _("Coluna a prever"),
        names,
        index=None,
        key=TARGET,
        bind="query-params",
        placeholder=_("nenhuma"),
        help=_("Com ela o perfil mostra o equilíbrio das classes e possíveis vazamentos."),
    )


def show(dataset: datasets.Dataset, target: str | None, *, primary: bool) -> None:
    """Draw an open table; ``primary`` says whether training is the screen's main action."""
    key = (dataset.name, dataset.fingerprint, dataset.imported_at)
    with st.spinner(_("Calculando o perfil…"), show_time=True):
        profile = _profile(key, target)
    warnings = [*dataset.warnings, *profile.warnings]
    _figures(dataset, profile, len(warnings))
    _actions(dataset, key, primary=primary)
    _warnings(warnings)
    columns, distribution, rows = st.tabs(
        [_("Colunas"), _("Distribuição"), _("Linhas")], key="tabelas_aba"
    )
    with columns:
        _columns(profile)
    with distribution:
        _distribution(dataset, key, profile, target)
    with rows:
        _rows(dataset, key)


@st.cache_data(ttl=get_settings().cache_seconds, show_spinner=False)
def _profile(key: Key, target: str | None) -> datasets.Profile:
    return datasets.profile(key[0], target)


@st.cache_data(ttl=get_settings().cache_seconds, show_spinner=False)
def _histogram(key: Key, column: str) -> datasets.Histogram | None:
    return datasets.histogram(key[0], column)


@st.cache_data(ttl=get_settings().cache_seconds, show_spinner=False)
def _balance(key: Key, column: str) -> dict[Any, int]:
    return datasets.class_balance(key[0], column, MAX_CLASSES)


@st.cache_data(ttl=get_settings().cache_seconds, show_spinner=False, max_entries=50)
def _page(key: Key, page: int) -> pd.DataFrame:
    rows = datasets.preview(key[0], PAGE_ROWS, offset=(page - 1) * PAGE_ROWS)
    return words.shortened(rows)


def _figures(dataset: datasets.Dataset, profile: datasets.Profile, warnings: int) -> None:
    numeric = sum(column.kind in ("integer", "number") for column in dataset.columns)
    with st.grid(4, min_column_width=150):
        st.metric(_("Linhas"), formats.number(dataset.rows), border=True)
        st.metric(
            _("Colunas"),
            formats.number(len(dataset.columns)),
            border=True,
            help=_("{count} numéricas").format(count=numeric),
        )
        st.metric(_("Células vazias"), formats.percent(profile.missing_share), border=True)
        st.metric(_("Avisos"), formats.number(warnings), border=True)
    st.caption(
        _("De {source}, importada em {time} por {actor}.").format(
            source=f"`{dataset.source}`",
            time=formats.moment(dataset.imported_at),
            actor=dataset.actor or _("anônimo"),
        )
    )


def _actions(dataset: datasets.Dataset, key: Key, *, primary: bool) -> None:
    with st.container(horizontal=True):
        if st.button(
            _("Treinar com esta tabela"),
            key="tabelas_treinar",
            type="primary" if primary else "secondary",
            icon=":material/model_training:",
        ):
            navigation.go("pages/training.py", tabela=dataset.name)  # the target goes along
        downloads.button(
            _("Baixar CSV"),
            partial(_csv, dataset.name, brazilian=language() == "pt_BR"),
            f"{dataset.name}.csv",
            key="tabelas_baixar",
        )
        if st.button(_("Excluir"), key="tabelas_excluir", icon=":material/delete:"):
            _DELETION.ask(dataset.name)
    if _DELETION.about == dataset.name:
        _confirm_deletion(dataset)


def _csv(name: str, *, brazilian: bool) -> bytes:
    # A spreadsheet takes the form of its own country; the other one it silently ruins.
    text = datasets.load(name).to_csv(
        index=False, sep=";" if brazilian else ",", decimal="," if brazilian else "."
    )
    return text.encode("utf-8-sig")


def _confirm_deletion(dataset: datasets.Dataset) -> None:
    def consequences() -> None:
        st.markdown(
            _(
                "A tabela **{name}**, com {rows} linhas e {columns} colunas, será apagada. "
                "Isso não pode ser desfeito; modelos já treinados com ela continuam."
            ).format(
                name=markdown.escape(dataset.name),
                rows=formats.number(dataset.rows),
                columns=formats.number(len(dataset.columns)),
            )
        )

    def delete() -> None:
        datasets.delete(dataset.name, actor=shell.actor())
        st.query_params.pop(listing.ADDRESS, None)
        st.toast(_("Tabela {name} excluída.").format(name=markdown.escape(dataset.name)))

    _DELETION.draw(_("Excluir tabela"), consequences, delete)


def _warnings(warnings: list[Message]) -> None:
    for warning in warnings[:SHOWN_WARNINGS]:
        st.warning(markdown.said(warning), icon=":material/warning:")
    rest = warnings[SHOWN_WARNINGS:]
    if rest:
        label = ngettext("Mais {count} aviso", "Mais {count} avisos", len(rest))
        with st.expander(label, icon=":material/warning:"):
            for warning in rest:
                st.markdown("- " + markdown.said(warning))


def _columns(profile: datasets.Profile) -> None:
    table.draw(
        profile.columns,
        {
            "name": (
                lambda column: column.name,
                st.column_config.TextColumn(_("Coluna"), pinned=True),
            ),
            "kind": (lambda column: fields.kind(column.kind), _("Tipo")),
            "missing": (
                lambda column: round(100 * column.missing / max(1, profile.rows), 1),
                table.count(_("Vazias (%)")),
            ),
            "distinct": (lambda column: column.distinct, table.count(_("Distintos"))),
            "minimum": (lambda column: column.minimum, table.count(_("Mínimo"))),
            "mean": (lambda column: column.mean, table.count(_("Média"))),
            "maximum": (lambda column: column.maximum, table.count(_("Máximo"))),
            "values": (words.values, table.text(_("Mais frequentes, ou período"), "large")),
        },
        key="tabelas_perfil",
        placeholder=formats.MISSING,
    )


def _distribution(
    dataset: datasets.Dataset, key: Key, profile: datasets.Profile, target: str | None
) -> None:
    names = [column.name for column in dataset.columns]
    column = st.selectbox(
        _("Coluna"),
        names,
        index=names.index(target) if target else 0,
        key=f"tabelas_distribuicao_{target}",
    )
    facts = profile.column(column)
    continuous = facts.kind in ("number", "datetime") or (
        facts.kind == "integer" and facts.distinct > MAX_CLASSES
    )
    if continuous:
        _draw_histogram(key, facts)
    elif facts.kind == "text":
        st.info(
            _("{column} é texto livre: {distinct} valores diferentes em {rows} linhas.").format(
                column=column,
                distinct=formats.number(facts.distinct),
                rows=formats.number(profile.rows),
            )
        )
    else:
        _draw_balance(key, facts, profile.rows)


def _draw_histogram(key: Key, facts: datasets.ColumnProfile) -> None:
    found = _histogram(key, facts.name)
    if found is None:
        st.info(_("A coluna não tem valores para mostrar."))
        return
    start, end = found.edges[:-1], found.edges[1:]
    write = words.moment if facts.kind == "datetime" else words.value
    labels = [f"{write(a)} – {write(b)}" for a, b in zip(start, end, strict=True)]
    middle = [a + (b - a) / 2 for a, b in zip(start, end, strict=True)]
    figure = go.Figure(
        go.Bar(
            x=middle,
            y=found.counts,
            customdata=labels,
            hovertemplate="%{customdata}<br>%{y}<extra></extra>",
        )
    )
    figure.update_layout(bargap=0.02, height=320, xaxis_title=facts.name, yaxis_title=_("Linhas"))
    charts.show(
        figure,
        key="tabelas_histograma",
        alt=_("Distribuição de {column}").format(column=facts.name),
        data=pd.DataFrame({"start": start, "end": end, "rows": found.counts}),
    )


def _draw_balance(key: Key, facts: datasets.ColumnProfile, rows: int) -> None:
    counts = _balance(key, facts.name)
    labels = [words.value(found) for found in counts]
    shares = [count / max(1, rows) for count in counts.values()]
    figure = go.Figure(
        go.Bar(
            y=labels,
            x=list(counts.values()),
            orientation="h",
            text=[
                f"{formats.number(count)} ({formats.percent(share)})"
                for count, share in zip(counts.values(), shares, strict=True)
            ],
            textposition="auto",
            hovertemplate="%{y}: %{x}<extra></extra>",
        )
    )
    figure.update_layout(height=max(160, 60 + 32 * len(labels)), xaxis_title=_("Linhas"))
    figure.update_yaxes(autorange="reversed", type="category")
    if facts.distinct > MAX_CLASSES:
        st.caption(
            _("Os {shown} valores mais frequentes, de {distinct}.").format(
                shown=MAX_CLASSES, distinct=formats.number(facts.distinct)
            )
        )
    charts.show(
        figure,
        key="tabelas_equilibrio",
        alt=_("Quantas linhas tem cada valor de {column}").format(column=facts.name),
        data=pd.DataFrame({"value": labels, "rows": list(counts.values()), "share": shares}),
    )


def _rows(dataset: datasets.Dataset, key: Key) -> None:
    pages = max(1, -(-dataset.rows // PAGE_ROWS))
    place = st.empty()
    page = st.pagination(pages, key=f"tabelas_pagina_{dataset.name}") if pages > 1 else 1
    first = (page - 1) * PAGE_ROWS
    frame = _page(key, page)
    frame.index = pd.RangeIndex(first + 1, first + 1 + len(frame))
    place.dataframe(frame, key="tabelas_linhas")
