"""Figures with their intervals, a goal and chance, as one picture."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from src import training
from src.dashboard import charts, formats
from src.dashboard.i18n import _


def ranges(
    rows: Sequence[tuple[str, training.Interval]], *, goal: float, chance: float, percent: bool
) -> tuple[go.Figure, pd.DataFrame]:
    """Return figures from 0 to 1 as points on their intervals, with the goal and chance as lines.

    Parameters
    ----------
    rows : sequence of (str, Interval)
        Names and figures from top to bottom; one whose interval holds the goal is drawn in grey.
    goal, chance : float
        Where the lines stand.
    percent : bool
        Whether the figures are written as percentages.
    """
    look = charts.colours()

    def written(value: float) -> str:
        if percent:
            return formats.percent(value, decimals=0)
        return formats.number(value, decimals=2)

    names = [name for name, _figure in rows]
    figures = [figure for _name, figure in rows]
    lines = ((chance, _("acaso"), "dot", look.faint), (goal, _("meta"), "dash", look.text))
    texts = [
        text
        for row, (name, figure) in enumerate(rows)
        for text in charts.row_texts(
            row,
            name,
            f"<b>{written(figure.value)}</b> ({written(figure.low)} – {written(figure.high)})",
            bgcolor=look.background,  # the lines pass behind
        )
    ]
    for at, name, _dash, colour in lines:
        anchor = "right" if at == min(goal, chance) else "left"
        texts.append(charts.line_text(f"{name} {written(at)}", at, anchor, colour))
    data = pd.DataFrame(
        {
            "name": names,
            "value": [figure.value for figure in figures],
            "low": [figure.low for figure in figures],
            "high": [figure.high for figure in figures],
        }
    )
    picture = go.Figure(
        data=go.Scatter(
            x=data["value"].tolist(),
            y=list(range(len(rows))),
            mode="markers",
            marker={
                "color": [
                    charts.NEUTRAL if figure.reaches(goal) is None else look.accent
                    for figure in figures
                ],
                "size": 10,
            },
            error_x={
                "type": "data",
                "symmetric": False,
                "array": (data["high"] - data["value"]).tolist(),
                "arrayminus": (data["value"] - data["low"]).tolist(),
                "color": look.text,
                "thickness": 1.4,
                "width": 4,
            },
            hovertext=[
                f"<b>{charts.escape(name)}</b><br>{charts.exact(figure.value)}<br>"
                f"{charts.exact(figure.low)} – {charts.exact(figure.high)}"
                for name, figure in rows
            ],
            hoverinfo="text",
        ),
        layout={
            "annotations": texts,
            "shapes": [charts.line(at, colour, dash=dash) for at, _name, dash, colour in lines],
            "xaxis": {"range": [0, 1], "nticks": 6, "tickformat": ",.0%" if percent else None},
            **charts.rows_layout(len(rows), top=34),
        },
    )
    return picture, data
