"""Pictures of the collection: events over time, and the way from the click to the contact."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from src import collection
from src.collection import InteractionType
from src.dashboard import charts, formats
from src.dashboard.collection import words
from src.dashboard.i18n import _
from src.dashboard.parts.periods import Period

HEIGHT = 280
MOST_DAYS = 120
"""More days than so many are drawn as weeks, so that a bar can still be pointed at."""

TICKS = 6


@dataclass(frozen=True)
class Series:
    """Events of each type over time, without holes.

    Parameters
    ----------
    starts : tuple of date
        First day of each bar.
    counts : mapping of InteractionType to tuple of int
        One number a bar.
    weekly : bool
        Whether a bar is a week, from Monday, rather than a day.
    """

    starts: tuple[dt.date, ...]
    counts: Mapping[InteractionType, tuple[int, ...]]
    weekly: bool

    def total(self, kind: InteractionType) -> int:
        """Return the events of one type."""
        return sum(self.counts[kind])


def series(
    rows: Sequence[collection.DayCount],
    kinds: Sequence[InteractionType],
    period: Period,
    today: dt.date,
) -> Series:
    """Return events over time: every day of the period, or every week of a long one.

    Parameters
    ----------
    rows : sequence of DayCount
        Days without events may be missing.
    kinds : sequence of InteractionType
        Which types, in the order in which they are stacked.
    period : Period
        Where it is open, the first day with events and today end it.
    today : date
        In the configured zone.
    """
    found: dict[tuple[InteractionType, dt.date], int] = defaultdict(int)
    days = [row.day for row in rows]
    first = period.since or min(days, default=today)
    last = period.until or max([today, *days])
    weekly = (last - first).days + 1 > MOST_DAYS
    step = dt.timedelta(days=7 if weekly else 1)
    if weekly:
        first -= dt.timedelta(days=first.weekday())
    for row in rows:
        start = row.day - dt.timedelta(days=row.day.weekday()) if weekly else row.day
        found[row.kind, start] += row.events
    starts = tuple(first + n * step for n in range((last - first) // step + 1))
    return Series(
        starts, {kind: tuple(found[kind, start] for start in starts) for kind in kinds}, weekly
    )


def over_time(shown: Series) -> tuple[go.Figure, pd.DataFrame]:
    """Return stacked bars of the events, and the figures behind them."""
    look = charts.colours()
    # Told apart with any colour vision, and grey for what was merely shown.
    colour = dict(zip(words.TYPES, (*look.palette[:3], charts.NEUTRAL), strict=True))
    when = [_when(start, weekly=shown.weekly) for start in shown.starts]
    figure = go.Figure(
        [
            go.Bar(
                x=[start.isoformat() for start in shown.starts],
                y=counts,
                name=f"{words.kind(kind)} <b>{formats.number(shown.total(kind))}</b>",
                marker={"color": colour[kind]},
                customdata=[
                    [label, formats.number(count)]
                    for label, count in zip(when, counts, strict=True)
                ],
                hovertemplate=f"%{{customdata[0]}}<br>{words.kind(kind)} "
                "<b>%{customdata[1]}</b><extra></extra>",
            )
            for kind, counts in shown.counts.items()
        ]
    )
    figure.update_layout(
        barmode="stack",
        bargap=0.15,
        height=HEIGHT,
        margin={"t": 8},
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1.02,
            "yanchor": "bottom",
            "traceorder": "normal",
            "itemclick": False,
            "itemdoubleclick": False,
            "font": {"size": 13},
        },
    )
    charts.date_axis(figure, shown.starts, most=TICKS)
    figure.update_yaxes(rangemode="tozero", nticks=5, tickformat=",d")
    data = pd.DataFrame(
        {"week_from" if shown.weekly else "day": list(shown.starts)}
        | {kind.value: counts for kind, counts in shown.counts.items()}
    )
    return figure, data


def _when(start: dt.date, *, weekly: bool) -> str:
    written = formats.day(start)
    return _("semana de {day}").format(day=written) if weekly else written


def funnel(found: collection.Funnel) -> tuple[go.Figure, pd.DataFrame]:
    """Return the sessions that reached each stage, with their share of the stage before."""
    stages = (
        (_("Clicaram em um carro"), found.clicked, None),
        (_("Viram os detalhes"), found.viewed, found.clicked),
        (_("Chamaram no WhatsApp"), found.contacted, found.viewed),
    )
    rows = [
        charts.Bar(
            label=label,
            value=count,
            note=""
            if before is None
            else _("{share} da etapa anterior").format(share=words.share(count, before)),
        )
        for label, count, before in stages
    ]
    data = pd.DataFrame(
        {
            "stage": ["click", "view_details", "whatsapp_contact"],
            "sessions": [count for _label, count, _before in stages],
            "share_of_stage_before": [
                count / before if before else None for _label, count, before in stages
            ],
        }
    )
    figure = charts.bars(rows, limits=(0, max(found.clicked, 1)), decimals=0)
    figure.update_xaxes(visible=False)  # every bar has its figure
    return figure, data
