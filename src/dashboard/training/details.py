"""The best candidates from close up: figures, pictures on held-out rows, and the way to save."""

from __future__ import annotations

import math
from functools import partial

import pandas as pd
import streamlit as st

from src import training
from src.dashboard import charts, markdown, ui
from src.dashboard.i18n import _, ngettext
from src.dashboard.training import charts as training_charts
from src.dashboard.training import save, words


def show(record: training.ComparisonRecord) -> None:
    """Draw one expander for each of the selected candidates; its content only while it is open."""
    st.subheader(_("Ver de perto e salvar"))
    saved = save.saved_from(record)
    if saved:
        names = ", ".join(
            f"**{markdown.escape(name)}**" for names in saved.values() for name in names
        )
        st.caption(":material/bookmark_added: " + _("Já salvos: {names}.").format(names=names))
    for rank, candidate_id in enumerate(record.top_ids, 1):
        _candidate(record, candidate_id, rank)


@st.fragment
def _candidate(record: training.ComparisonRecord, candidate_id: str, rank: int) -> None:
    result = next(result for result in record.candidates if result.id == candidate_id)
    decimals = words.decimals_for([result.metrics.get(record.metric, math.nan)])
    # The label is part of the expander's identity: were it to change, the expander would close.
    expander = st.expander(
        f"{rank} · **{result.name}** · {record.metric} "
        + words.spread(result, record.metric, decimals),
        key=f"training_open_{record.id}_{candidate_id}",
        on_change="rerun",
    )
    if not expander.open:
        return
    with expander:
        with ui.errors():  # a candidate that could not be looked at can still be saved
            _closely(record, result)
        with ui.errors():
            save.form(record, result)


def _closely(record: training.ComparisonRecord, result: training.CandidateResult) -> None:
    seen = _diagnostics(record.id, result.id)
    left, right = st.columns(2, gap="medium")
    with left:
        _metrics(record, result, seen)
    _pictures(record, result, seen, right)
    if seen.importance:
        _importance(record, result, seen)


def _pictures(
    record: training.ComparisonRecord,
    result: training.CandidateResult,
    seen: training.Diagnostics,
    beside_metrics: st.delta_generator.DeltaGenerator,
) -> None:
    """Draw the held-out rows: confusion matrix and curves, or predictions and residuals."""
    key = f"{record.dataset}_{result.id}"
    if seen.residuals is not None:
        with beside_metrics:
            charts.show(
                training_charts.predicted_against_actual(**seen.residuals),
                key=f"{key}_previsto",
                alt=_("Valores previstos e reais de {model}").format(model=result.name),
                data=pd.DataFrame(seen.residuals),
            )
        charts.show(
            training_charts.residuals(**seen.residuals),
            key=f"{key}_residuos",
            alt=_("Resíduos de {model}").format(model=result.name),
        )
        return
    if seen.confusion is not None and seen.labels is not None:
        with beside_metrics:
            charts.show(
                training_charts.confusion(seen.labels, seen.confusion),
                key=f"{key}_matriz",
                alt=_("Matriz de confusão de {model}").format(model=result.name),
                data=pd.DataFrame(seen.confusion, index=seen.labels, columns=seen.labels)
                .rename_axis("actual")
                .reset_index(),
            )
    left, right = st.columns(2, gap="medium")
    if seen.roc:
        with left:
            charts.show(
                training_charts.roc(seen.roc),
                key=f"{key}_roc",
                alt=_("Curva ROC de {model}").format(model=result.name),
                data=_points(seen.roc, "fpr", "tpr"),
            )
    else:
        left.caption(
            _("Este modelo só diz a classe, sem nota; por isso não há curva ROC nem de precisão.")
        )
    if seen.pr:
        with right:
            charts.show(
                training_charts.precision_recall(seen.pr, _prevalence(record, seen)),
                key=f"{key}_precisao_recall",
                alt=_("Curva de precisão e recall de {model}").format(model=result.name),
                data=_points(seen.pr, "recall", "precision"),
            )


def _importance(
    record: training.ComparisonRecord,
    result: training.CandidateResult,
    seen: training.Diagnostics,
) -> None:
    st.markdown("**" + _("Importância por permutação") + "**")
    st.caption(
        _(
            "Quanto {metric} piora nas linhas separadas quando os valores da coluna são "
            "embaralhados. Em cinza, o que não se distingue de zero."
        ).format(metric=record.metric)
    )
    charts.show(
        training_charts.importance(seen.importance),
        key=f"{record.dataset}_{result.id}_importancia",
        alt=_("Colunas por importância para {model}; a primeira é {feature}").format(
            model=result.name, feature=seen.importance[0]["feature"]
        ),
        data=pd.DataFrame(seen.importance),
    )


def _metrics(
    record: training.ComparisonRecord,
    result: training.CandidateResult,
    seen: training.Diagnostics,
) -> None:
    right = partial(st.column_config.TextColumn, alignment="right")
    baseline = next((each for each in record.candidates if each.id == training.BASELINE), None)
    rows = []
    for metric in training.METRICS[record.task]:
        values = [
            result.metrics.get(metric.name, math.nan),
            seen.holdout_metrics.get(metric.name, math.nan),
        ]
        decimals = words.decimals_for(values)
        rows.append(
            {
                "metric": metric.name,
                "folds": words.spread(result, metric.name, decimals),
                "holdout": words.figure(values[1], decimals),
                "baseline": words.figure(
                    baseline.metrics.get(metric.name) if baseline else None, decimals
                ),
            }
        )
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height="content",
        key=f"training_metrics_{record.id}_{result.id}",
        column_config={
            "metric": st.column_config.TextColumn(_("Métrica"), width=72),
            "folds": right(_("Dobras"), width=116, help=_("Média e desvio das dobras.")),
            "holdout": right(
                _("Separadas"),
                width=80,
                help=_("Nas linhas separadas, que o modelo não viu antes de ser avaliado."),
            ),
            "baseline": right(_("Base"), width=72, help=_("A linha de base, nas dobras.")),
        },
        alt=_("Métricas de {model}").format(model=result.name),
    )
    notes = ngettext(
        "{count} linha separada, que o modelo não viu antes de ser avaliado.",
        "{count} linhas separadas, que o modelo não viu antes de ser avaliado.",
        seen.n_holdout,
    )
    if record.positive is not None:
        label = f"«{record.positive}»"
        notes += " " + _("Recall, Prec. e F1 são da classe {label}.").format(label=label)
    if result.tuned and result.parameters:
        parameters = ", ".join(f"{name} = {value}" for name, value in result.parameters.items())
        notes += " " + _("Parâmetros ajustados: {parameters}.").format(parameters=parameters)
    st.caption(notes)


def _prevalence(record: training.ComparisonRecord, seen: training.Diagnostics) -> float | None:
    """Return the share of the positive class in the held-out rows: chance's precision."""
    if record.positive is None or not seen.confusion or not seen.labels:
        return None
    counts = dict(zip(seen.labels, map(sum, seen.confusion), strict=True))
    return counts.get(str(record.positive), 0) / max(1, sum(counts.values())) or None


def _points(curves: list[dict], x: str, y: str) -> pd.DataFrame:  # type: ignore[type-arg]
    return pd.concat(
        [pd.DataFrame({"label": curve["label"], x: curve[x], y: curve[y]}) for curve in curves],
        ignore_index=True,
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _diagnostics(comparison_id: str, candidate_id: str) -> training.Diagnostics:
    return training.diagnostics(comparison_id, candidate_id)
