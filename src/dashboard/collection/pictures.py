"""What was collected, in pictures: over time, from the click to the contact, and by car."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import streamlit as st

from src import collection, days, files
from src.collection import InteractionType
from src.dashboard import charts, formats
from src.dashboard.collection import charts as collection_charts
from src.dashboard.collection import quality, words
from src.dashboard.i18n import _, ngettext
from src.dashboard.parts import table
from src.dashboard.parts.periods import Period

KINDS = "tipos"
"""Widget key, and name in the address."""

SHOWN_CARS = 10


def choose_kinds() -> list[InteractionType]:
    """Draw the choice of event types, which is in the address; none chosen means all that count."""
    usual = [kind for kind in words.TYPES if kind.is_interaction]
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"
    ):
        st.subheader(_("Por dia"), width="content")
        chosen = st.pills(
            _("Tipos de evento"),
            list(words.TYPES),
            selection_mode="multi",
            default=usual,
            format_func=words.kind,
            key=KINDS,
            bind="query-params",
            label_visibility="collapsed",
        )
    return [kind for kind in words.TYPES if kind in (chosen or usual)]


def over_time(
    period: Period, kinds: Sequence[InteractionType], first_event: dt.datetime | None
) -> None:
    """Draw the events over time; days before the first event of all are left out."""
    today = days.today()
    rows = [row for row in collection.daily(period.since, period.until) if row.kind in kinds]
    if not rows:
        st.info(
            _("Nenhum evento destes tipos no período. Escolha outro período ou outros tipos."),
            icon=":material/filter_alt_off:",
        )
        return
    began = days.day_of(first_event) if first_event else None
    if began is not None and (period.since is None or period.since < began):
        period = Period(began, period.until)
    shown = collection_charts.series(rows, kinds, period, today)
    figure, data = collection_charts.over_time(shown)
    notes = []
    if shown.weekly:
        notes.append(_("Cada barra é uma semana, de segunda a domingo."))
    if period.goes_on(today):
        notes.append(_("O dia de hoje ainda não terminou."))
    if notes:
        st.caption(" ".join(notes))
    alt = _("Eventos de cada tipo ao longo do tempo")
    charts.show(figure, key="coleta_por_dia", alt=alt, data=data)


def funnel_and_cars(period: Period) -> None:
    """Draw how far the sessions went, beside the most clicked cars."""
    left, right = st.columns(2, gap="medium")
    with left:
        _funnel(period)
        quality.learnable()
    with right:
        _cars(period)


def _funnel(period: Period) -> None:
    st.subheader(_("Do clique ao contato"))
    found = collection.funnel(period.since, period.until)
    if not found.clicked:
        st.info(_("Nenhuma sessão com clique no período."), icon=":material/filter_alt_off:")
        return
    figure, data = collection_charts.funnel(found)
    charts.show(figure, key="coleta_funil", alt=_("Sessões que chegaram a cada etapa"), data=data)
    st.caption(
        ngettext(
            "Do clique ao WhatsApp: {share} de {count} sessão.",
            "Do clique ao WhatsApp: {share} de {count} sessões.",
            found.clicked,
        ).format(share=words.share(found.contacted, found.clicked))
    )


def _cars(period: Period) -> None:
    st.subheader(_("Carros mais clicados"))
    found = collection.most_clicked(period.since, period.until, limit=SHOWN_CARS)
    if not found:
        st.info(_("Nenhum clique no período."), icon=":material/filter_alt_off:")
        return
    clicks = st.column_config.ProgressColumn(
        _("Cliques"), min_value=0, max_value=found[0].clicks, format="localized", width=110
    )
    table.draw(
        found,
        {
            "car": (_called, table.text(_("Carro"), 170)),
            "clicks": (lambda car: car.clicks, clicks),
            "car_id": (lambda car: files.harmless(car.car_id), table.text(_("Código"), 130)),
        },
        height="content",
        key="collection_cars",
        placeholder=formats.MISSING,
        alt=_("Carros com mais cliques no período"),
    )


def _called(car: collection.CarClicks) -> str:
    """Return brand, model and year: other people's text, which no spreadsheet may run."""
    parts = (car.details.get(name) for name in ("marca", "modelo", "ano"))
    return str(files.harmless(" ".join(str(part) for part in parts if part)))
