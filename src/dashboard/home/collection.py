"""The home screen's line about the collection: how it stands, and the way to it."""

from __future__ import annotations

import streamlit as st

from src import collection, days
from src.dashboard import formats
from src.dashboard.home.figures import Figures
from src.dashboard.i18n import _, ngettext
from src.dashboard.parts import alerts
from src.persistence import utc_now


def draw(figures: Figures) -> None:
    """Draw the state of the collection, its figure, and what the figure is on the way to."""
    silence = next(rule for rule in collection.alert_rules() if rule.id == "silence")
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(":material/ads_click: **" + _("Coleta de dados") + "**", width="content")
        alerts.badge(silence.state(silence.read().state))
        st.caption(_facts(figures.collected), width="stretch")
        st.page_link("pages/collection.py", label=_("Abrir"), icon=":material/ads_click:")


def _facts(found: collection.Overview) -> str:
    if not found.interactions:
        return _("As interações do site viram tabelas para treinar.")
    today = days.today()
    parts = [
        ngettext("{count} interação", "{count} interações", found.interactions),
        _("último evento há {age}").format(age=formats.age(found.last_event, utc_now())),
    ]
    goals = collection.progress(found.interactions, collection.pace(today), today)
    ahead = next((goal for goal in goals if not goal.is_met), None)
    if ahead is not None and ahead.expected is not None:
        parts.append(
            _("{goal} em {day}").format(
                goal=formats.number(ahead.target), day=formats.day(ahead.expected)
            )
        )
    return " · ".join(parts)
