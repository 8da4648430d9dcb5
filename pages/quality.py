"""How the assistant does over time, and where it became better or worse."""

import streamlit as st

from src import review
from src.dashboard import navigation, ui
from src.dashboard.i18n import _
from src.dashboard.parts import alerts, feedback
from src.dashboard.quality import cases, figures, filters, judge, pictures
from src.persistence import utc_now

ui.header(
    _("Qualidade"),
    _("O assistente atende bem, e está melhorando ou piorando?"),
    as_of=utc_now(),
)
with ui.errors():
    if filters.is_empty():
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
        feedback.draw("quality")
    else:
        choice = filters.choose()
        figures.warnings()
        found = filters.look(choice)
        figures.draw(found.whole, choice)
        name = pictures.choose_figure()
        pictures.over_time(name, found, choice)
        pictures.groups(name, found)
        cases.draw(name, found.cases[name])
        judge.draw(found.whole.now)
        feedback.draw("quality", expanded=found.whole.now.satisfaction.value is None)
    alerts.draw(review.alert_rules(), key="quality")
