"""Pictures of a comparison: candidates beside each other, and one candidate looked at closely."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from src import training
from src.dashboard import charts, formats
from src.dashboard.i18n import _
from src.dashboard.training import words

CURVE_HEIGHT = 320
MAX_CLASSES = 7
"""Curves drawn at once; more than the palette has colours could not be told apart."""


def candidates(
    results: Sequence[training.CandidateResult],
    metric: training.Metric,
    *,
    tied: Collection[str],
) -> tuple[go.Figure, pd.DataFrame]:
    """Return the candidates as bars of one metric, best first, and the figures behind them.

    Parameters
    ----------
    results : sequence of CandidateResult
        Best first; the baseline becomes a line rather than a bar.
    metric : Metric
        Which figure to draw; its fold deviations are the error bars.
    tied : collection of str
        Candidates within the noise of the first, drawn in grey.
    """
    shown = [
        result for result in results if math.isfinite(result.metrics.get(metric.name, math.nan))
    ]
    rows = [
        charts.Bar(
            label=result.name,
            value=result.metrics[metric.name],
            error=result.deviations.get(metric.name),
            muted=result.id in tied,
            note=_("empate") if result.id in tied else "",
        )
        for result in shown
        if result.id != training.BASELINE
    ]
    values = {result.id: result.metrics[metric.name] for result in shown}
    baseline = None
    if training.BASELINE in values:
        baseline = (_("linha de base"), values[training.BASELINE])
    figure = charts.bars(
        rows,
        baseline=baseline,
        limits=_limits(rows, baseline, metric),
        decimals=words.decimals_for([row.value for row in rows]),
        accent_only_first=True,
    )
    data = pd.DataFrame(
        {
            "id": [result.id for result in shown],
            "model": [result.name for result in shown],
            "metric": metric.name,
            "mean": list(values.values()),
            "deviation": [result.deviations.get(metric.name, math.nan) for result in shown],
        }
    )
    return figure, data


def _limits(
    rows: Sequence[charts.Bar], baseline: tuple[str, float] | None, metric: training.Metric
) -> tuple[float, float] | None:
    """Bound the axis where a candidate that went astray would flatten all the others."""
    if metric.minimum is not None and metric.maximum is not None:
        lowest = min([row.value - (row.error or 0) for row in rows], default=0.0)
        return (min(0.0, lowest), metric.maximum * 1.02)
    if metric.greater_is_better:  # R²: at most 1, and without a floor
        lowest = min([row.value for row in rows], default=0.0)
        return (max(-1.0, min(0.0, lowest * 1.05)), 1.02)
    values = sorted(row.value + (row.error or 0) for row in rows)
    if not values:
        return None
    reach = max(values[len(values) // 2] * 3, baseline[1] if baseline else 0.0)
    return (0.0, min(values[-1], reach) * 1.03 if reach else 1.0)


def confusion(labels: Sequence[str], counts: Sequence[Sequence[int]]) -> go.Figure:
    """Return a confusion matrix: counts and each row's percentages, shaded by the percentages."""
    look = charts.colours()
    shares = [[count / (sum(row) or 1) for count in row] for row in counts]
    names = [charts.escape(_short(label)) for label in labels]
    positions = list(range(len(labels)))
    small = len(labels) <= 8
    text = [
        [
            f"<b>{formats.number(int(count))}</b><br>{formats.percent(share)}"
            for count, share in zip(row, row_shares, strict=True)
        ]
        for row, row_shares in zip(counts, shares, strict=True)
    ]
    hover = [
        [
            _("Real {actual}, previsto {predicted}").format(
                actual=charts.escape(actual), predicted=charts.escape(predicted)
            )
            + "<br>"
            + text[i][j]
            for j, predicted in enumerate(labels)
        ]
        for i, actual in enumerate(labels)
    ]
    figure = go.Figure(
        go.Heatmap(
            z=shares,
            x=positions,
            y=positions,
            text=text if small else None,
            texttemplate="%{text}" if small else None,
            textfont={"color": look.text},
            hovertext=hover,
            hoverinfo="text",
            # Up to the middle of the accent, so that the text keeps its contrast on every cell.
            colorscale=[[0, look.background], [1, _blend(look.accent, look.background, 0.45)]],
            zmin=0,
            zmax=1,
            showscale=False,
            xgap=2,
            ygap=2,
        )
    )
    ticks = {"tickmode": "array", "tickvals": positions, "ticktext": names, "showgrid": False}
    ticks["ticklabelstandoff"] = 4
    figure.update_xaxes(title=_("previsto"), side="bottom", **ticks)
    figure.update_yaxes(title=_("real"), autorange="reversed", **ticks)
    height = max(CURVE_HEIGHT, 90 + 34 * len(labels))
    figure.update_layout(height=height, title=_("Matriz de confusão"))
    return figure


def roc(curves: Sequence[dict[str, Any]]) -> go.Figure:
    """Return ROC curves, each named where it can be told from the others, and the chance line."""
    figure = _curves(curves, "fpr", "tpr", "auc", "AUC", "linear")
    _diagonal(figure, 0, 1)
    _note(figure, _("acaso"), x=0.5, y=0.5, yanchor="top")
    figure.update_xaxes(title=_("falsos positivos (parte dos negativos)"))
    figure.update_yaxes(title=_("verdadeiros positivos"))
    figure.update_layout(title=_("Curva ROC"))
    return figure


def precision_recall(curves: Sequence[dict[str, Any]], prevalence: float | None) -> go.Figure:
    """Return precision-recall curves and, for one curve, the precision that chance would give."""
    # Between two thresholds precision is that of a step; a straight line would flatter the model.
    figure = _curves(curves, "recall", "precision", "average_precision", _("precisão média"), "hv")
    if prevalence is not None and len(curves) == 1:
        figure.add_hline(y=prevalence, line=_dotted())
        chance = _("acaso {share}").format(share=formats.percent(prevalence))
        _note(figure, chance, x=0, y=prevalence, yanchor="bottom")
    figure.update_xaxes(title=_("recall (parte encontrada)"))
    figure.update_yaxes(title=_("precisão"))
    figure.update_layout(title=_("Curva de precisão e recall"))
    return figure


def _curves(
    curves: Sequence[dict[str, Any]], x: str, y: str, area: str, area_name: str, shape: str
) -> go.Figure:
    look = charts.colours()
    figure = go.Figure()
    drawn = list(curves)[:MAX_CLASSES]
    for index, curve in enumerate(drawn):
        label = charts.escape(str(curve["label"]))
        colour = look.palette[index]
        figure.add_scatter(
            x=curve[x],
            y=curve[y],
            mode="lines",
            line={"color": colour, "width": 2, "shape": shape},
            hovertemplate=f"<b>{label}</b><br>x %{{x:.6~f}}<br>y %{{y:.6~f}}<extra></extra>",
        )
        figure.add_annotation(
            x=0.99,
            y=0.03,
            xref="paper",
            yref="paper",
            xanchor="right",
            yanchor="bottom",
            yshift=(len(drawn) - 1 - index) * 17,
            showarrow=False,
            text="━ "
            + _("classe {label}: {area}").format(label=_short(label), area=area_name)
            + " "
            + formats.number(float(curve[area]), decimals=4),
            font={"color": colour, "size": 12},
            bgcolor=look.background,
        )
    figure.update_xaxes(range=[-0.01, 1.01])
    figure.update_yaxes(range=[-0.01, 1.03])
    figure.update_layout(height=CURVE_HEIGHT)
    return figure


def predicted_against_actual(actual: Sequence[float], predicted: Sequence[float]) -> go.Figure:
    """Return predicted against actual values, with the line on which they agree."""
    figure = _points(actual, predicted)
    _diagonal(figure, min(*actual, *predicted), max(*actual, *predicted))
    figure.update_xaxes(title=_("real"))
    figure.update_yaxes(title=_("previsto"))
    figure.update_layout(title=_("Previsto e real"))
    return figure


def residuals(actual: Sequence[float], predicted: Sequence[float]) -> go.Figure:
    """Return errors (actual minus predicted) against predicted values, around zero."""
    errors = [real - answer for real, answer in zip(actual, predicted, strict=True)]
    figure = _points(predicted, errors)
    figure.add_hline(y=0, line=_dotted())
    figure.update_xaxes(title=_("previsto"))
    figure.update_yaxes(title=_("real − previsto"))
    figure.update_layout(title=_("Resíduos"))
    return figure


def _points(x: Sequence[float], y: Sequence[float]) -> go.Figure:
    figure = go.Figure(
        go.Scatter(
            x=list(x),
            y=list(y),
            mode="markers",
            marker={"color": charts.colours().accent, "size": 5, "opacity": 0.45},
            hovertemplate="x %{x}<br>y %{y}<extra></extra>",
        )
    )
    figure.update_layout(height=CURVE_HEIGHT)
    return figure


def importance(rows: Sequence[dict[str, Any]], *, at_most: int = 12) -> go.Figure:
    """Return permutation importance with deviations; grey where it does not differ from none."""
    return charts.bars(
        [
            charts.Bar(
                label=str(row["feature"]),
                value=row["mean"],
                error=row["std"],
                muted=abs(row["mean"]) <= row["std"],
            )
            for row in rows[:at_most]
        ]
    )


def _dotted() -> dict[str, Any]:
    return {"color": charts.colours().faint, "width": 1, "dash": "dot"}


def _diagonal(figure: go.Figure, low: float, high: float) -> None:
    ends = [low, high]
    figure.add_scatter(x=ends, y=ends, mode="lines", line=_dotted(), hoverinfo="skip")


def _note(figure: go.Figure, text: str, **place: Any) -> None:
    font = {"color": charts.colours().faint, "size": 12}
    figure.add_annotation(text=text, showarrow=False, xanchor="left", font=font, **place)


def _short(text: str) -> str:
    return text if len(text) <= 18 else text[:17] + "…"


def _blend(colour: str, other: str, share: float) -> str:
    """Mix two ``#rrggbb`` colours; ``share`` is the first one's part."""
    mixed = [
        round(int(colour[i : i + 2], 16) * share + int(other[i : i + 2], 16) * (1 - share))
        for i in (1, 3, 5)
    ]
    return "#" + "".join(f"{part:02x}" for part in mixed)
