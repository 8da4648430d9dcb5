"""The home screen's line about the assistant: how its review stands, and the ways to it."""

from __future__ import annotations

import streamlit as st

from src.dashboard import formats, markdown
from src.dashboard.home.figures import Assistant, Figures
from src.dashboard.i18n import _, ngettext
from src.dashboard.parts import review_tabs
from src.messages import N_
from src.persistence import utc_now

WORSE = (N_("qualidade caiu"), ":material/trending_down:", "red")
TO_READ = (N_("há o que revisar"), ":material/rate_review:", "orange")
UP_TO_DATE = (N_("em dia"), ":material/check:", "green")
EMPTY = (N_("sem conversas"), ":material/more_horiz:", "gray")


def draw(figures: Figures) -> None:
    """Draw the state of the review, its figures, the newest data set, and the ways there."""
    found = figures.assistant
    label, icon, colour = _state(found)
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(":material/forum: **" + _("Assistente") + "**", width="content")
        st.badge(_(label), icon=icon, color=colour)  # type: ignore[arg-type]
        st.caption(_facts(found), width="stretch")
        if found.worse:
            st.page_link("pages/quality.py", label=_("Qualidade"), icon=":material/monitoring:")
        if found.newest is not None:
            st.page_link(
                "pages/finetuning.py", label=_("Conjuntos de dados"), icon=":material/dataset:"
            )
        if found.conversations:
            label = _("Revisar") if found.waiting else _("Abrir")
            st.page_link("pages/review.py", label=label, icon=":material/forum:")
        else:
            st.page_link(
                "pages/review.py",
                label=_("Importar conversas"),
                icon=":material/upload_file:",
                query_params={review_tabs.KEY: _(review_tabs.IMPORT)},
            )


def _state(found: Assistant) -> tuple[str, str, str]:
    if found.worse:
        return WORSE
    if not found.conversations:
        return EMPTY
    return TO_READ if found.waiting else UP_TO_DATE


def _facts(found: Assistant) -> str:
    if not found.conversations:
        return _("Pessoas revisam as conversas do assistente, que viram conjuntos de dados.")
    parts = [
        ngettext(
            "{count} conversa espera revisão", "{count} conversas esperam revisão", found.waiting
        )
        if found.waiting
        else _("nada espera revisão"),
        ngettext("{count} decisão em 7 dias", "{count} decisões em 7 dias", found.decisions),
    ]
    if found.newest is not None:
        parts.append(
            _("conjunto mais novo: {name} v{version}, há {age}").format(
                name=markdown.escape(found.newest.name),
                version=found.newest.version,
                age=formats.age(found.newest.created_at, utc_now()),
            )
        )
    return " · ".join(parts)
