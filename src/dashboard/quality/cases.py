"""The conversations behind a figure, the worst first, and their way into the review queue."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from src import conversations, files, review
from src.dashboard import formats, navigation, shell, ui
from src.dashboard.i18n import _, ngettext
from src.dashboard.parts import review_tabs, table
from src.dashboard.quality import words
from src.messages import N_

WHICH = {
    "satisfaction": N_("Conversas com reação ou nota ruim, as piores primeiro."),
    "answer_seconds": N_("Conversas em que o cliente mais esperou."),
    "resolution": N_("Conversas abandonadas, as mais novas primeiro."),
    "abandonment": N_("Conversas abandonadas, as mais novas primeiro."),
    "tone": N_("Conversas com as menores notas de tom."),
}

ROWS = 8
"""Longer lists scroll."""

OPENING = 160
"""Characters of the customer's first message."""


def draw(name: str, cases: Sequence[review.Case]) -> None:
    """Draw the conversations that make a figure worse, at most fifty."""
    if not cases:
        return
    st.subheader(_("Conversas por trás do número"))
    st.caption(
        _(WHICH[name])
        + " "
        + _("Até 50. Marque as que alguém deve ler, ou nenhuma para todas da lista.")
    )
    identifiers = [case.conversation_id for case in cases]
    openings = conversations.openings(identifiers, length=OPENING)
    tones = review.tones_of(identifiers) if name == "tone" else {}
    columns = {
        "started_at": (lambda case: formats.moment(case.started_at), table.text(_("Começou em"))),
        "channel": (lambda case: files.harmless(case.channel), table.text(_("Canal"))),
        "topic": (lambda case: files.harmless(case.topic), table.text(_("Tema"))),
        "value": (lambda case: words.written(name, case.value), table.text(words.title(name))),
        "reason": (
            lambda case: files.harmless(tones.get(case.conversation_id, (0, "", ""))[1]),
            table.text(_("Motivo da nota"), "large"),
        ),
        "opening": (
            lambda case: files.harmless(" ".join(openings.get(case.conversation_id, "").split())),
            table.text(_("Primeira mensagem do cliente"), "large"),
        ),
    }
    if name in ("resolution", "abandonment"):
        del columns["value"]
    if name != "tone":
        del columns["reason"]
    event = table.draw(
        cases,
        columns,
        height="content" if len(cases) <= ROWS else 35 * (ROWS + 1),
        key=f"quality_cases_{name}",
        on_select="rerun",
        selection_mode="multi-row",
        alt=_("Conversas por trás do número"),
    )
    marked = [cases[row] for row in event.selection.rows if row < len(cases)]
    _read(marked)
    with ui.errors():
        _queue(name, marked or list(cases))


def _read(marked: Sequence[review.Case]) -> None:
    """Draw the way to the one conversation that is marked."""
    if st.button(
        _("Ler a conversa marcada"),
        key="quality_read",
        icon=":material/forum:",
        disabled=len(marked) != 1,
        help=_("Marque uma só na tabela; ela abre em Revisão de conversas."),
    ):
        choices = {
            review_tabs.KEY: _(review_tabs.BROWSE),
            review_tabs.OPEN: marked[0].conversation_id,
        }
        navigation.go("pages/review.py", **choices)


def _queue(name: str, chosen: Sequence[review.Case]) -> None:
    if st.button(
        ngettext(
            "Pôr {count} conversa na fila de revisão",
            "Pôr {count} conversas na fila de revisão",
            len(chosen),
        ),
        key="quality_enqueue",
        icon=":material/playlist_add:",
        type="primary",
        help=_("As que já estão na fila ficam como estão. Quem revisa as recebe primeiro."),
    ):
        reason = words.title(name).lower()
        placed = sum(
            review.enqueue(case.conversation_id, reason=reason, actor=shell.actor())
            for case in chosen
        )
        known = len(chosen) - placed
        text = ngettext(
            "{count} conversa entrou na fila de Revisão de conversas.",
            "{count} conversas entraram na fila de Revisão de conversas.",
            placed,
        )
        if known:
            text += " " + ngettext("{count} já estava lá.", "{count} já estavam lá.", known)
        st.success(text, icon=":material/check_circle:")
        st.page_link("pages/review.py", label=_("Abrir a fila"), icon=":material/forum:")
