"""What a chart owes its reader, whatever it shows."""

from __future__ import annotations

import math

import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from src import training
from src.dashboard import charts
from src.dashboard.training import charts as training_charts
from src.training import CandidateResult, Task

AUC = next(metric for metric in training.METRICS[Task.BINARY] if metric.name == "AUC")
R2 = next(metric for metric in training.METRICS[Task.REGRESSION] if metric.name == "R2")
MSE = next(metric for metric in training.METRICS[Task.REGRESSION] if metric.name == "MSE")


def result(candidate_id: str, metric: str, mean: float, deviation: float = 0.01) -> CandidateResult:
    return CandidateResult(
        candidate_id, candidate_id.upper(), {metric: mean}, {metric: deviation}, seconds=0.1
    )


def texts(figure: go.Figure) -> str:
    return " | ".join(annotation.text for annotation in figure.layout.annotations)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("look", [charts.LIGHT, charts.DARK], ids=["light", "dark"])
def test_text_and_marks_stand_out_from_the_background(look: charts.Colours) -> None:
    for text in (look.text, look.faint):
        assert contrast(text, look.background) >= 4.5
    for mark in (look.accent, charts.NEUTRAL):
        assert contrast(mark, look.background) >= 3


def test_bars_start_at_zero_even_when_all_values_are_high() -> None:
    figure = charts.bars([charts.Bar("a", 0.97), charts.Bar("b", 0.96)])
    low, high = figure.layout.xaxis.range
    assert low == 0
    assert high >= 0.97


def test_bars_leave_room_for_negative_values_and_their_errors() -> None:
    figure = charts.bars([charts.Bar("a", 0.2), charts.Bar("b", -0.1, error=0.05)])
    low, high = figure.layout.xaxis.range
    assert low <= -0.15
    assert high >= 0.2


def test_each_bar_says_its_name_and_figure_without_a_legend() -> None:
    figure = charts.bars([charts.Bar("Temperatura", 0.12346, error=0.01)])
    assert "Temperatura" in texts(figure)
    assert "0,1235" in texts(figure)
    assert "± 0,0100" in texts(figure)
    assert charts.template(charts.LIGHT).layout.showlegend is False


def test_the_tooltip_has_every_digit() -> None:
    figure = charts.bars([charts.Bar("a", 0.123456789)])
    assert "0,123456789" in figure.data[0].hovertext[0]


def test_error_bars_are_drawn_only_where_there_are_errors() -> None:
    assert charts.bars([charts.Bar("a", 1.0)]).data[0].error_x.visible is False
    drawn = charts.bars([charts.Bar("a", 1.0, error=0.25), charts.Bar("b", 1.0)]).data[0].error_x
    assert drawn.visible is True
    assert list(drawn.array) == [0.25, 0.0]


def test_grey_is_never_the_only_sign() -> None:
    figure, _ = training_charts.candidates(
        [result("a", "AUC", 0.95), result("b", "AUC", 0.94), result("c", "AUC", 0.7)],
        AUC,
        tied={"b"},
    )
    first, second, third = figure.data[0].marker.color
    assert second == charts.NEUTRAL
    assert charts.NEUTRAL not in (first, third)
    assert texts(figure).count("empate") == 1


def test_names_are_not_read_as_markup() -> None:
    figure = charts.bars([charts.Bar("<b>a & b</b>", 1.0)])
    assert "&lt;b&gt;a &amp; b&lt;/b&gt;" in texts(figure)
    assert "<b>a & b</b>" not in figure.data[0].hovertext[0]


def test_the_baseline_is_a_line_and_its_figure_is_written() -> None:
    figure, data = training_charts.candidates(
        [result("a", "AUC", 0.95), result("dummy", "AUC", 0.5, 0.0)], AUC, tied=()
    )
    assert len(figure.data[0].x) == 1
    assert figure.layout.shapes[0].x0 == 0.5
    assert "linha de base 0,5000" in texts(figure)
    assert data["id"].tolist() == ["a", "dummy"]


def test_a_candidate_without_the_metric_is_left_out_of_its_chart() -> None:
    figure, data = training_charts.candidates(
        [result("a", "AUC", 0.95), result("b", "AUC", math.nan)], AUC, tied=()
    )
    assert len(figure.data[0].x) == 1
    assert data["id"].tolist() == ["a"]


@pytest.mark.parametrize(
    ("metric", "astray", "within"), [(R2, -1e9, (-1.0, 1.1)), (MSE, 1e12, (0.0, 1e5))]
)
def test_a_candidate_gone_astray_does_not_flatten_the_others(
    metric: training.Metric, astray: float, within: tuple[float, float]
) -> None:
    good = 0.5 if metric is R2 else 3000.0
    results = [result(name, metric.name, good) for name in "abcd"]
    figure, data = training_charts.candidates(
        [*results, result("lar", metric.name, astray)], metric, tied=()
    )
    low, high = figure.layout.xaxis.range
    assert within[0] <= low <= 0 < high <= within[1]
    assert data["mean"].tolist()[-1] == astray


def test_confusion_shows_counts_and_shares_of_the_true_class() -> None:
    figure = training_charts.confusion(["não", "sim"], [[90, 10], [0, 0]])
    cells = figure.data[0].text
    assert "90" in cells[0][0]
    assert "90,0\u00a0%" in cells[0][0]
    assert "0,0\u00a0%" in cells[1][0]


def test_a_confusion_of_many_classes_has_its_text_in_the_tooltips() -> None:
    labels = [f"classe {i}" for i in range(12)]
    figure = training_charts.confusion(labels, [[1] * 12] * 12)
    assert figure.data[0].text is None
    assert "Real classe 0, previsto classe 11" in figure.data[0].hovertext[0][11]


def test_curves_are_named_in_the_chart_with_their_area() -> None:
    curve = {"fpr": [0.0, 0.1, 1.0], "tpr": [0.0, 0.9, 1.0], "auc": 0.9}
    figure = training_charts.roc([{"label": "sim", **curve}])
    assert "classe sim: AUC 0,9000" in texts(figure)
    assert "acaso" in texts(figure)


def test_no_more_curves_than_colours() -> None:
    curve = {"fpr": [0.0, 1.0], "tpr": [0.0, 1.0], "auc": 0.5}
    figure = training_charts.roc([{"label": str(i), **curve} for i in range(20)])
    named = [note for note in figure.layout.annotations if "AUC" in note.text]
    assert len(named) == training_charts.MAX_CLASSES <= len(charts.PALETTE)


def test_importance_within_its_deviation_of_zero_is_grey() -> None:
    figure = training_charts.importance(
        [
            {"feature": "lux", "mean": 0.2, "std": 0.02},
            {"feature": "umidade", "mean": 0.01, "std": 0.02},
        ]
    )
    assert figure.data[0].marker.color[0] != charts.NEUTRAL
    assert figure.data[0].marker.color[1] == charts.NEUTRAL


def one_chart() -> None:
    import pandas as pd

    from src.dashboard import charts

    charts.show(
        charts.bars([charts.Bar("a", 1234.5)]),
        key="exemplo",
        alt="Um exemplo",
        data=pd.DataFrame({"a": [1234.5]}),
    )


@pytest.mark.parametrize(
    ("language", "theme", "figure", "separators", "background"),
    [
        ("pt_BR", "light", "1.234,5000", ",.", charts.LIGHT.background),
        ("en", "dark", "1,234.5000", ".,", charts.DARK.background),
    ],
)
def test_a_chart_follows_the_language_and_the_theme(
    language: str, theme: str, figure: str, separators: str, background: str
) -> None:
    app = AppTest.from_function(one_chart)
    app.session_state["language"] = language
    app.context["theme"] = theme
    app.run()
    assert not app.exception
    spec = app.get("plotly_chart")[0].proto.spec
    assert figure in spec
    assert f'"separators":"{separators}"' in spec.replace(" ", "")
    assert f'"paper_bgcolor":"{background}"' in spec.replace(" ", "")


def test_the_data_behind_a_chart_can_be_downloaded() -> None:
    app = AppTest.from_function(one_chart).run()
    assert [button.label for button in app.get("download_button")] == ["Baixar dados do gráfico"]
