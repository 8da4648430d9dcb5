"""The parts of the collection screen that refresh by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from src import alerts, collection, days
from src.collection import InteractionType
from src.dashboard import formats, ui
from src.dashboard.collection import figures, quality
from src.dashboard.collection import pictures as collection_pictures
from src.dashboard.i18n import _
from src.dashboard.parts.periods import Period
from src.persistence import utc_now

REFRESH_SECONDS = 5


@dataclass(frozen=True)
class Standing:
    """What the parts that do not refresh by themselves depend on.

    Parameters
    ----------
    ready : bool
        Whether there are interactions enough to train.
    silent : bool
        Whether events have stopped coming in.
    """

    ready: bool
    silent: bool


def now(period: Period) -> Standing:
    """Draw the figures, the alerts and the goals; returns how the collection stands."""
    standing = _standing(figures.readings())

    @st.fragment(run_every=_every(period))
    def draw() -> None:
        with ui.errors():
            found = collection.overview(period.since, period.until)
            st.caption(_as_of(period))
            figures.figures(found, period)
            readings = figures.readings()
            figures.alerts(readings, found)
            figures.goals(int(readings["ready"].value or 0))
            if _standing(readings) != standing:
                st.rerun()

    draw()
    return standing


def pictures(period: Period, kinds: Sequence[InteractionType]) -> None:
    """Draw the events over time, the funnel, the cars, and the quality of it all."""

    @st.fragment(run_every=_every(period))
    def draw() -> None:
        with ui.errors():
            whole = collection.overview()
            collection_pictures.over_time(period, kinds, whole.first_event)
            collection_pictures.funnel_and_cars(period)
            quality.draw(whole)

    draw()


def until_first_event() -> None:
    """Wait for the first event, and show the whole screen as soon as it is there."""

    @st.fragment(run_every=REFRESH_SECONDS)
    def look() -> None:
        with ui.errors():
            if not figures.is_empty(collection.overview()):
                st.rerun()
            st.caption(
                _("Esperando o primeiro evento. Conferido às {time}.").format(
                    time=formats.clock(utc_now())
                )
            )

    look()


def _standing(readings: Mapping[str, alerts.Reading]) -> Standing:
    return Standing(ready=readings["ready"].firing, silent=readings["silence"].firing)


def _every(period: Period) -> float | None:
    """Return how often to look again; never for a period that nothing is added to."""
    return REFRESH_SECONDS if period.goes_on(days.today()) else None


def _as_of(period: Period) -> str:
    said = _("Dados de {time}.").format(time=formats.moment(utc_now(), seconds=True))
    if _every(period) is None:
        return said
    return said + " " + _("Atualiza a cada {count} s.").format(count=REFRESH_SECONDS)
