"""Figures with their intervals, a goal and chance, as one picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from src import training
from src.dashboard import charts, formats
from src.dashboard.i18n import _, language


@dataclass(frozen=True)
class Range:
    """A name and its figure with an interval."""

    name: str
    figure: training.Interval


def ranges(
    rows: Sequence[Range], *, goal: float, chance: float, percent: bool
) -> tuple[go.Figure, pd.DataFrame]:
    """Return figures from 0 to 1 as points on their intervals, with the goal and chance as lines.

    Parameters
    ----------
    rows : sequence of Range
        From top to bottom; one whose interval holds the goal is drawn in grey.
    goal, chance : float
        Where the lines stand.
    percent : bool
        Whether the figures are written as percentages.
    """
    look, lang = charts.colours(), language()

    def written(value: float) -> str:
        if percent:
            return formats.percent(value, lang, decimals=0)
        return formats.number(value, lang, decimals=2)

    values = [row.figure.value for row in rows]
    colour = [charts.NEUTRAL if row.figure.reaches(goal) is None else look.accent for row in rows]
    lines = ((chance, _("acaso"), "dot", look.faint), (goal, _("meta"), "dash", look.text))
    names = [
        {
            "text": charts.escape(row.name),
            "x": 0,
            "xref": "paper",
            "xanchor": "left",
            "y": index,
            "yshift": 15,
            "showarrow": False,
        }
        for index, row in enumerate(rows)
    ]
    figures = [
        {
            **place,
            "text": f"<b>{written(row.figure.value)}</b> "
            + f"({written(row.figure.low)} – {written(row.figure.high)})",
            "x": 1,
            "xanchor": "right",
            "font": {"color": look.faint},
            "bgcolor": look.background,  # the lines pass behind
        }
        for place, row in zip(names, rows, strict=True)
    ]
    named_lines = [
        {
            "text": f"{name} {written(at)}",
            "x": at,
            "y": 1,
            "yref": "paper",
            "xanchor": "right" if at == min(goal, chance) else "left",
            "yanchor": "bottom",
            "showarrow": False,
            "font": {"color": colour_of, "size": 12},
        }
        for at, name, _dash, colour_of in lines
    ]
    figure = go.Figure(
        data=go.Scatter(
            x=values,
            y=list(range(len(rows))),
            mode="markers",
            marker={"color": colour, "size": 10},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [row.figure.high - row.figure.value for row in rows],
                "arrayminus": [row.figure.value - row.figure.low for row in rows],
                "color": look.text,
                "thickness": 1.4,
                "width": 4,
            },
            hovertext=[
                f"<b>{charts.escape(row.name)}</b><br>{charts.exact(row.figure.value)}<br>"
                f"{charts.exact(row.figure.low)} – {charts.exact(row.figure.high)}"
                for row in rows
            ],
            hoverinfo="text",
        ),
        layout={
            "annotations": [*names, *figures, *named_lines],
            "shapes": [
                {
                    "type": "line",
                    "x0": at,
                    "x1": at,
                    "y0": 0,
                    "y1": 1,
                    "yref": "paper",
                    "line": {"color": colour_of, "width": 1.2, "dash": dash},
                }
                for at, _name, dash, colour_of in lines
            ],
            "xaxis": {"range": [0, 1], "nticks": 6, "tickformat": ",.0%" if percent else None},
            "yaxis": {"range": [len(rows) - 0.5, -0.75], "visible": False},
            "height": len(rows) * charts.ROW_HEIGHT + 68,
            "margin": {"t": 34, "l": 4, "r": 12, "b": 8},
        },
    )
    data = pd.DataFrame(
        {
            "name": [row.name for row in rows],
            "value": values,
            "low": [row.figure.low for row in rows],
            "high": [row.figure.high for row in rows],
        }
    )
    return figure, data
