"""What was predicted, by which model, for whom: filtered, paged, exported."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import streamlit as st

from src import days, prediction, registry
from src.dashboard import formats, ui
from src.dashboard.i18n import _, language, ngettext
from src.dashboard.parts import downloads
from src.dashboard.prediction.model import VERSION_CHARACTERS
from src.dashboard.prediction.result import listed, shown

PAGE_ROWS = 50


def draw(entry: registry.ModelEntry) -> None:
    """Draw the log of predictions, narrowed to what the person asks for."""
    models, actors = prediction.logged_names()
    if not models:
        ui.empty(
            _("Nenhuma previsão registrada"),
            _(
                "Cada previsão fica registrada aqui com o modelo e sua versão, os valores, a "
                "resposta, quem pediu e quando."
            ),
            icon=":material/history:",
        )
        return
    wanted = _filters(models, actors)
    with ui.errors():
        count = prediction.count_predictions(**wanted)
        st.caption(ngettext("{count} previsão", "{count} previsões", count))
        if not count:
            st.info(_("Nenhuma previsão com estes filtros."), icon=":material/filter_alt_off:")
            return
        pages = math.ceil(count / PAGE_ROWS)
        page = st.pagination(pages, key="prediction_log_page") if pages > 1 else 1
        entries = prediction.list_predictions(
            **wanted, limit=PAGE_ROWS, offset=(min(page, pages) - 1) * PAGE_ROWS
        )
        st.dataframe(
            pd.DataFrame([_row(item) for item in entries]),
            hide_index=True,
            key="prediction_log_table",
        )
        _exports(wanted)


def _filters(models: list[str], actors: list[str]) -> dict[str, Any]:
    """Draw the filters; return them as the log's functions take them."""
    everything = _("todos")
    pattern = formats.day_pattern()
    cells = st.columns(4)
    model = cells[0].selectbox(
        _("Modelo"),
        [None, *models],
        format_func=lambda name: name or everything,
        key="prediction_log_model",
    )
    actor = cells[1].selectbox(
        _("Quem pediu"),
        [None, *actors],
        format_func=lambda name: everything if name is None else name or _("sem nome"),
        key="prediction_log_actor",
    )
    first = cells[2].date_input(_("Desde"), value=None, format=pattern, key="prediction_log_since")
    last = cells[3].date_input(_("Até"), value=None, format=pattern, key="prediction_log_until")
    since, until = days.between(first, last)
    return {"model": model, "actor": actor, "since": since, "until": until}


def _row(item: prediction.LoggedPrediction) -> dict[str, Any]:
    predicted = item.output.get("prediction")
    classes = prediction.class_columns(item.output)
    shares = {label: item.output[column] for column, label in classes.items()}
    return {
        _("Quando"): formats.moment(item.created_at, seconds=True),
        _("Modelo"): item.model,
        _("Versão"): item.model_version[:VERSION_CHARACTERS],
        _("Previsão"): shown(predicted),
        _("Probabilidade"): formats.percent(shares.get(prediction.class_text(predicted))),
        _("Quem pediu"): item.actor or formats.MISSING,
        _("Lote"): item.batch_id[:8] if item.batch_id else formats.MISSING,
        _("Valores"): listed(item.inputs),
    }


def _exports(wanted: dict[str, Any]) -> None:
    with st.container(horizontal=True):
        downloads.button(
            _("Exportar CSV"),
            lambda: prediction.export_predictions("csv", **wanted, language=language()),
            "previsoes.csv",
            key="prediction_export_csv",
        )
        downloads.button(
            _("Exportar JSON"),
            lambda: prediction.export_predictions("json", **wanted),
            "previsoes.ndjson",
            key="prediction_export_json",
        )
