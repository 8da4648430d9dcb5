"""A quality figure over time: a point with its interval for each day, week or month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from src import review
from src.dashboard import charts, formats
from src.dashboard.i18n import _
from src.dashboard.quality import words

HEIGHT = 280
TICKS = 7
AXES: dict[str, dict[str, Any]] = {
    **{name: {"range": [0, 1.02], "tickformat": ",.0%"} for name in words.SHARES},
    "answer_seconds": {"rangemode": "tozero", "ticksuffix": " s"},
    "tone": {"range": [1, 5.1], "dtick": 1},
}


def over_time(
    name: str, rows: Sequence[review.Figures], by: str, before: float | None
) -> tuple[go.Figure, pd.DataFrame]:
    """Return the chart and the figures behind it.

    Parameters
    ----------
    rows : sequence of Figures
        One for each day, week or month with conversations; the gaps stay gaps.
    by : {"day", "week", "month"}
        What a row stands for.
    before : float or None
        The figure of the period before, drawn as a dotted line.
    """
    look = charts.colours()
    found = {dt.date.fromisoformat(row.group): getattr(row, name) for row in rows}
    starts = _without_holes(list(found), by)
    points = [found.get(start) for start in starts]
    values = [None if point is None else point.value for point in points]
    spans = [_arms(point) for point in points]
    figure = go.Figure(
        go.Scatter(
            x=[start.isoformat() for start in starts],
            y=values,
            mode="lines+markers",
            line={"color": look.accent, "width": 1.5},
            marker={"size": 7, "color": look.accent},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [up for up, _down in spans],
                "arrayminus": [down for _up, down in spans],
                "color": look.faint,
                "thickness": 1,
                "width": 3,
            },
            hovertext=[_said(name, start, found.get(start), by) for start in starts],
            hoverinfo="text",
        )
    )
    if before is not None:
        figure.add_hline(y=before, line={"color": look.faint, "width": 1.2, "dash": "dot"})
    figure.update_layout(height=HEIGHT, margin={"t": 12})
    charts.date_axis(figure, starts, most=TICKS)
    figure.update_yaxes(nticks=6, **AXES[name])
    columns = ["low", "high", *(["median"] if name == "answer_seconds" else [])]
    data = pd.DataFrame(
        {
            f"{by}_from": [start.isoformat() for start in starts],
            name: values,
            **{column: [getattr(point, column, None) for point in points] for column in columns},
            "conversations": [0 if point is None else point.conversations for point in points],
        }
    )
    return figure, data


def _arms(point: review.Rate | review.Mean | None) -> tuple[float, float]:
    """Return how far the interval reaches above and below the value."""
    if point is None or point.value is None or point.low is None or point.high is None:
        return 0.0, 0.0
    return point.high - point.value, point.value - point.low


def _without_holes(days: Sequence[dt.date], by: str) -> list[dt.date]:
    made, last = [min(days)], max(days)
    while made[-1] < last:
        made.append(_next(made[-1], by))
    return made


def _next(start: dt.date, by: str) -> dt.date:
    if by == "month":
        return (start + dt.timedelta(days=31)).replace(day=1)
    return start + dt.timedelta(days=7 if by == "week" else 1)


def _said(name: str, start: dt.date, found: review.Rate | review.Mean | None, by: str) -> str:
    written = formats.day(start)
    when = {
        "day": written,
        "week": _("semana de {day}").format(day=written),
        "month": _("mês de {day}").format(day=written),
    }[by]
    if found is None or found.value is None:
        return when
    median = words.median(name, found)
    return (
        f"{when}<br><b>{words.written(name, found.value)}</b> "
        f"({words.interval(name, found)})<br>"
        + (f"{median}<br>" if median else "")
        + words.counted(found)
    )
