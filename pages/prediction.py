"""What a registered model says of a case or of a file, why, and what was said before."""

import streamlit as st

from src.dashboard import (
    prediction_batch,
    prediction_form,
    prediction_log,
    prediction_model,
    prediction_result,
    ui,
)
from src.dashboard.i18n import _

ui.header(_("Classificador manual"), _("O que um modelo registrado diz deste caso, e por quê."))

with ui.errors():
    entry = prediction_model.choose()
    if entry is None:
        st.stop()
    prediction_model.details(entry)
    one, batch, log = st.tabs(
        [_("Um caso"), _("Em lote"), _("Previsões registradas")], key="aba", bind="query-params"
    )
    with one:
        if one.open and (loaded := prediction_model.loaded(entry)):
            row = prediction_form.draw(loaded)
            if row is not None:
                prediction_result.predict(loaded, row)
            prediction_result.draw(loaded)
            prediction_result.history()
    with batch:
        if batch.open and prediction_model.loaded(entry):
            prediction_batch.draw(entry)
    with log:
        if log.open:
            prediction_log.draw(entry)
