"""One look for every chart: the theme's colours, direct labels, zero-based bars, downloads."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from babel import numbers

from src.dashboard import formats
from src.dashboard.i18n import _, language

# Okabe and Ito's palette, told apart with any colour vision; the first is the theme's accent.
PALETTE = ("#0F6B5C", "#E69F00", "#56B4E9", "#CC79A7", "#D55E00", "#0072B2", "#009E73")
NEUTRAL = "#8A9490"
"""For what is within the noise, and for baselines."""

ROW_HEIGHT = 38
LABEL_LENGTH = 36


@dataclass(frozen=True)
class Colours:
    """What a chart is drawn with; the same values as the theme in ``.streamlit/config.toml``."""

    accent: str
    text: str
    faint: str
    background: str
    surface: str
    grid: str
    palette: tuple[str, ...]


LIGHT = Colours("#0F6B5C", "#101816", "#5C6864", "#FFFFFF", "#F3F5F4", "#D5DCD9", PALETTE)
DARK = Colours(
    "#4FC3AC",
    "#E6ECEA",
    "#A3AFAB",
    "#121716",
    "#1B2220",
    "#33403C",
    # The two darkest colours, lightened until they stand out from the dark background.
    ("#4FC3AC", "#E69F00", "#56B4E9", "#CC79A7", "#F0803C", "#5AA9E6", "#2FC79C"),
)


def colours() -> Colours:
    """Return the colours of the theme that the person sees."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def template(look: Colours) -> go.layout.Template:
    """Return the one Plotly template, in the given colours."""
    axis = {
        "gridcolor": look.grid,
        "linecolor": look.grid,
        "zerolinecolor": look.grid,
        "tickfont": {"color": look.faint, "size": 12},
        "title": {"font": {"color": look.faint, "size": 12}, "standoff": 8},
        "ticks": "",
        "automargin": True,
    }
    return go.layout.Template(
        layout={
            "colorway": list(look.palette),
            "font": {
                "family": '"Source Sans", "Source Sans Pro", sans-serif',
                "color": look.text,
                "size": 13,
            },
            "paper_bgcolor": look.background,
            "plot_bgcolor": look.background,
            "title": {
                "font": {"size": 14, "color": look.text},
                "x": 0,
                "xref": "container",
                "xanchor": "left",
                "y": 1,
                "yref": "container",
                "yanchor": "top",
                "pad": {"t": 8, "l": 4},
            },
            "margin": {"l": 8, "r": 12, "t": 40, "b": 8},
            "xaxis": axis,
            "yaxis": axis,
            "showlegend": False,
            "bargap": 0.35,
            "hoverlabel": {
                "bgcolor": look.surface,
                "bordercolor": look.grid,
                "font": {"color": look.text, "size": 13},
                "align": "left",
            },
            "modebar": {
                "bgcolor": "rgba(0,0,0,0)",
                "color": look.faint,
                "activecolor": look.accent,
                "orientation": "h",
            },
            "dragmode": False,
        }
    )


def show(figure: go.Figure, *, key: str, alt: str, data: pd.DataFrame | None = None) -> None:
    """Draw a chart in the theme's colours, with its data to download.

    The mode bar, shown while the pointer is over the chart, saves it as PNG.

    Parameters
    ----------
    figure : plotly Figure
        Without a template of its own; its margins and colours may differ where they must.
    key : str
        The element's key, and the name of the downloaded files.
    alt : str
        What the chart says, for people who do not see it.
    data : DataFrame, optional
        The figures behind the chart, offered as CSV.
    """
    look = colours()
    figure.update_layout(
        template=template(look),
        separators=numbers.get_decimal_symbol(language()) + numbers.get_group_symbol(language()),
    )
    figure.update_xaxes(fixedrange=True)
    figure.update_yaxes(fixedrange=True)
    with st.container(gap=None):
        st.plotly_chart(figure, key=key, config=_config(key), theme=None, alt=alt)
        if data is not None:
            st.download_button(
                _("Baixar dados do gráfico"),
                data.to_csv(index=False).encode("utf-8-sig"),
                file_name=f"{key}.csv",
                mime="text/csv",
                key=f"{key}_data",
                type="tertiary",
                icon=":material/download:",
                on_click="ignore",
            )


def date_axis(figure: go.Figure, starts: Sequence[dt.date], *, most: int) -> None:
    """Write some of the days of a figure below it, evenly spaced, the last one among them.

    Parameters
    ----------
    starts : sequence of date
        All of them, first to last; where they are of one year it is not written.
    most : int
        Write so many at most.
    """
    step = max(1, -(-len(starts) // most))
    ticks = starts[::-step][::-1]
    year = starts[0].year != starts[-1].year
    figure.update_xaxes(
        type="date",
        showgrid=False,
        tickmode="array",
        tickvals=[start.isoformat() for start in ticks],
        ticktext=[formats.day(start, language(), year=year) for start in ticks],
        tickangle=0,
    )


@dataclass(frozen=True)
class Bar:
    """One bar of :func:`bars`.

    Parameters
    ----------
    label : str
        What the bar is about; written above it.
    value : float
        Its length; NaN draws none.
    error : float, optional
        Half the length of the error bar, in the unit of ``value``.
    muted : bool
        Draw it in grey: within the noise, or a baseline.
    note : str
        Said after the figure, so that grey is not the only sign.
    """

    label: str
    value: float
    error: float | None = None
    muted: bool = False
    note: str = ""


def bars(
    rows: Sequence[Bar],
    *,
    baseline: tuple[str, float] | None = None,
    limits: tuple[float, float] | None = None,
    decimals: int = 4,
    as_percent: bool = False,
    accent_only_first: bool = False,
) -> go.Figure:
    """Return horizontal bars from zero, each with its name and its figure written above it.

    The text stands above the bars, not beside them, so that the chart reads as well in a narrow
    column or on a phone as on a wide screen.

    Parameters
    ----------
    rows : sequence of Bar
        From top to bottom.
    baseline : (str, float), optional
        Name and value of a dashed line to compare with.
    limits : (float, float), optional
        Ends of the axis; zero is always inside. Longer bars are cut, their figure is still exact.
    decimals : int
        Decimals of the figures above the bars; the tooltip has them all.
    as_percent : bool
        Write the figures as percentages of 1.
    accent_only_first : bool
        Draw the first bar in the accent, the other unmuted ones in another colour.
    """
    look = colours()

    def written(value: float) -> str:
        if as_percent:
            return formats.percent(value, decimals=max(0, decimals - 2))
        return formats.number(float(value), decimals=decimals)

    colour = [
        NEUTRAL if row.muted else look.palette[2] if accent_only_first and index else look.accent
        for index, row in enumerate(rows)
    ]
    errors = [row.error or 0.0 for row in rows]
    low, high = limits or _extent(rows, baseline)
    annotations = [
        text
        for index, row in enumerate(rows)
        for text in row_texts(index, _short(row.label), _figure(row, written))
    ]
    shapes = []
    if baseline is not None:
        name, value = baseline
        anchor = "left" if value <= (low + high) / 2 else "right"
        text = f"{escape(name)} {written(value)}"
        at = min(max(value, low), high)
        annotations.append(line_text(text, at, anchor, look.faint, yshift=4))
        shapes.append(line(value, look.faint))
    # Built in one go: adding annotations one by one takes Plotly a hundred milliseconds.
    return go.Figure(
        data=go.Bar(
            x=[row.value for row in rows],
            y=list(range(len(rows))),
            orientation="h",
            width=0.36,
            marker={"color": colour, "line": {"width": 0}},
            error_x={
                "type": "data",
                "array": errors,
                "visible": any(errors),
                "color": look.text,
                "thickness": 1.2,
                "width": 3,
            },
            hovertext=[_tooltip(row) for row in rows],
            hoverinfo="text",
        ),
        layout={
            "annotations": annotations,
            "shapes": shapes,
            "xaxis": {
                "range": [min(low, 0.0), max(high, 0.0)],
                "zeroline": low < 0,
                "nticks": 6,
                "tickformat": ",.0%" if as_percent else None,
            },
            **rows_layout(len(rows), top=26 if baseline is None else 44),
        },
    )


def rows_layout(rows: int, *, top: int) -> dict[str, Any]:
    """Return the layout of so many rows with their texts above them, ``top`` pixels free."""
    return {
        "yaxis": {"range": [rows - 0.5, -0.75], "visible": False},
        "height": rows * ROW_HEIGHT + top + 34,
        "margin": {"t": top, "l": 4, "r": 12, "b": 8},
    }


def row_texts(row: int, name: str, figure: str, **look: str) -> list[dict[str, Any]]:
    """Return what stands above a row: its name at the left, its figure (markup) at the right."""
    place = {"xref": "paper", "yref": "y", "y": row, "yshift": 15, "showarrow": False}
    right = {"x": 1, "xanchor": "right", "font": {"color": colours().faint}, **look}
    return [
        {"text": escape(name), "x": 0, "xanchor": "left", **place},
        {"text": figure, **right, **place},
    ]


def line(at: float, colour: str, *, dash: str = "dot") -> dict[str, Any]:
    """Return a line across all rows."""
    style = {"color": colour, "width": 1.2, "dash": dash}
    return {"type": "line", "x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper", "line": style}


def line_text(text: str, at: float, anchor: str, colour: str, *, yshift: int = 0) -> dict[str, Any]:
    """Return what stands above such a line (markup)."""
    return {
        "text": text,
        "x": at,
        "xref": "x",
        "xanchor": anchor,
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "yshift": yshift,
        "showarrow": False,
        "font": {"color": colour, "size": 12},
    }


def _tooltip(row: Bar) -> str:
    text = f"<b>{escape(row.label)}</b><br>{exact(row.value)}"
    if row.error is not None:
        text += f" ± {exact(row.error)}"
    return text + (f"<br>{escape(row.note)}" if row.note else "")


def _figure(row: Bar, written: Callable[[float], str]) -> str:
    text = f"<b>{written(row.value)}</b>"
    if row.error is not None:
        text += f" ± {written(row.error)}"
    return text + (f" · {escape(row.note)}" if row.note else "")


def _extent(rows: Sequence[Bar], baseline: tuple[str, float] | None) -> tuple[float, float]:
    ends = [0.0, *([baseline[1]] if baseline else [])]
    for row in rows:
        if row.value == row.value:
            ends += [row.value - (row.error or 0.0), row.value + (row.error or 0.0)]
    low, high = min(ends), max(ends)
    room = (high - low or 1.0) * 0.03
    return (low - room if low < 0 else 0.0, high + room if high > 0 else 0.0)


def _short(text: str) -> str:
    return text if len(text) <= LABEL_LENGTH else text[: LABEL_LENGTH - 1] + "…"


def exact(value: float) -> str:
    """Write a figure for a tooltip: every digit that says something, in the person's language."""
    if not math.isfinite(value):
        return formats.number(value)
    return numbers.format_decimal(
        float(f"{value:.10g}"), format="#,##0.##############", locale=language()
    )


def escape(text: str) -> str:
    """Keep Plotly from reading a name as markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _config(name: str) -> dict[str, Any]:
    words = {"Download plot as a PNG": _("Baixar como PNG")}
    return {
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": "png", "filename": name, "scale": 2},
        "locale": "bancada",
        "locales": {"bancada": {"dictionary": words, "format": {}}},
    }
