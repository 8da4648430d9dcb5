"""How the assistant does over time, and where it became better or worse."""

import streamlit as st

from src import review
from src.dashboard import (
    alerts_panel,
    navigation,
    quality_cases,
    quality_figures,
    quality_filters,
    quality_judge,
    quality_pictures,
    review_feedback,
    ui,
)
from src.dashboard.i18n import _
from src.persistence import utc_now

ui.header(
    _("Qualidade"),
    _("O assistente atende bem, e está melhorando ou piorando?"),
    as_of=utc_now(),
)
with ui.errors():
    if quality_filters.is_empty():
        ui.empty(
            _("Nenhuma conversa ainda"),
            _(
                "Aqui aparecem satisfação, tempo de resposta, resolução, abandono e tom das "
                "conversas do assistente, por período, canal e tema, comparados com o período "
                "anterior. Comece importando conversas em **Revisão de conversas**."
            ),
            icon=":material/forum:",
        )
        if st.button(_("Importar conversas"), type="primary", key="quality_import"):
            navigation.go("pages/review.py", parte=_("Importar"))
        review_feedback.draw("quality")
    else:
        choice = quality_filters.choose()
        quality_figures.warnings()
        found = quality_filters.look(choice)
        quality_figures.draw(found.whole, choice)
        name = quality_pictures.choose_figure()
        quality_pictures.over_time(name, found, choice)
        quality_pictures.groups(name, found)
        quality_cases.draw(name, found.cases[name])
        quality_judge.draw(found.whole.now)
        review_feedback.draw("quality", expanded=found.whole.now.satisfaction.value is None)
    alerts_panel.draw(review.alert_rules(), key="quality")
