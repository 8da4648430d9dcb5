"""What a registered model says of a case or of a file, why, and what was said before."""

import streamlit as st

from src.dashboard import ui
from src.dashboard.i18n import _
from src.dashboard.prediction import batch as prediction_batch
from src.dashboard.prediction import form, model, result
from src.dashboard.prediction import log as prediction_log

ui.header(_("Classificador manual"), _("O que um modelo registrado diz deste caso, e por quê."))

with ui.errors():
    entry = model.choose()
    if entry is None:
        st.stop()
    model.details(entry)
    one, batch, log = st.tabs(
        [_("Um caso"), _("Em lote"), _("Previsões registradas")], key="aba", bind="query-params"
    )
    with one:
        if one.open and (loaded := model.loaded(entry)):
            row = form.draw(loaded)
            if row is not None:
                result.predict(loaded, row)
            result.draw(loaded)
            result.history()
    with batch:
        if batch.open and model.loaded(entry):
            prediction_batch.draw(entry)
    with log:
        if log.open:
            prediction_log.draw(entry)
