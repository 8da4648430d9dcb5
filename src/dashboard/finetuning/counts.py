"""The counting of what is stored, which both tabs rest on: at once if small, else as a job."""

from __future__ import annotations

import streamlit as st

from src import conversations, finetuning, jobs
from src.dashboard import formats, markdown, shell, ui
from src.dashboard.i18n import _, ngettext
from src.finetuning import StoredCounts

AT_ONCE = 200
"""So many conversations are counted while the page is drawn, in well under a second."""


def current(stored: int, *, key: str) -> StoredCounts | None:
    """Return the newest counting, or draw the button that starts one.

    Parameters
    ----------
    stored : int
        Conversations in all.
    key : str
        The button's, one for each place.
    """
    for job in jobs.in_progress("finetuning.survey"):
        st.markdown(markdown.said(job.title))
        ui.watch(job, key=f"{key}_{job.id}")
    if stored <= AT_ONCE:
        return _now(stored, conversations.list_conversations(limit=1).items[0].id if stored else "")
    found = finetuning.last_count()
    if found is None:
        st.markdown(
            _(
                "Ainda não foi contado quantas conversas passam em cada filtro. Com {count} "
                "conversas a contagem leva alguns segundos; depois, cada mudança de filtro conta "
                "na hora."
            ).format(count=formats.number(stored))
        )
        _button(_("Contar"), key)
    return found


@st.cache_data(ttl=5, show_spinner=False, max_entries=4)
def _now(stored: int, newest: str) -> StoredCounts:
    del stored, newest  # a counting is kept for those it counted
    return finetuning.count_stored()


def age(counts: StoredCounts, stored: int, *, key: str) -> None:
    """Say when it was counted, and offer to count again."""
    if stored <= AT_ONCE:
        return
    said = _("Contado em {time}.").format(time=formats.moment(counts.at))
    more = stored - counts.by_filter.examined
    if more > 0:
        said += " " + ngettext(
            "Desde então entrou {count} conversa.", "Desde então entraram {count} conversas.", more
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(said, width="content")
        _button(_("Contar de novo"), key, quiet=True)


def _button(label: str, key: str, *, quiet: bool = False) -> None:
    if st.button(
        label,
        key=key,
        icon=":material/refresh:" if quiet else ":material/calculate:",
        type="tertiary" if quiet else "secondary",
        disabled=bool(jobs.in_progress("finetuning.survey")),
    ):
        with ui.errors():
            finetuning.start_count(actor=shell.actor())
            st.rerun()
