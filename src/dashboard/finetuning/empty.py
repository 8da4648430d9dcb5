"""What the screen says while there is nothing to build from, and what fills it."""

from __future__ import annotations

import streamlit as st

from src.dashboard import navigation, ui
from src.dashboard.i18n import _

REVIEW = "pages/review.py"


def no_conversations() -> None:
    """Draw the state before the first conversation."""
    ui.empty(
        _("Nenhuma conversa ainda"),
        _(
            "Um conjunto de dados é feito de conversas do assistente que foram bem avaliadas ou "
            "aprovadas por um revisor. Importe conversas em **{screen}**; depois volte aqui para "
            "montar o conjunto."
        ).format(screen=_("Revisão de conversas")),
        icon=":material/forum:",
    )
    _to_review(_("Importar conversas"), ":material/upload:", primary=True)


def none_approved(*, rated: int) -> None:
    """Say that conversations are there, but none that a reviewer has approved.

    Parameters
    ----------
    rated : int
        Conversations that have stars.
    """
    if rated:
        st.caption(
            ":material/rate_review: "
            + _(
                "Nenhuma conversa foi aprovada por um revisor ainda; contam só as estrelas. "
                "Revisar corrige respostas e traz de volta conversas sem avaliação."
            )
        )
        return
    st.info(
        _(
            "Nenhuma conversa foi avaliada nem aprovada ainda, e sem isso não se sabe com quais o "
            "modelo deve aprender. Revise e aprove conversas, ou importe avaliações de clientes."
        ),
        icon=":material/rate_review:",
    )
    _to_review(_("Revisar conversas"), ":material/rate_review:")


def _to_review(label: str, icon: str, *, primary: bool = False) -> None:
    if st.button(
        label, key="finetuning_review", icon=icon, type="primary" if primary else "secondary"
    ):
        navigation.go(REVIEW)
