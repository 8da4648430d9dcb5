"""The judge of the tone: how to turn it on, where texts go, and judging what has no judgement."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from src import jobs, review
from src.config import get_settings
from src.dashboard import formats, markdown, shell, ui
from src.dashboard.i18n import _, ngettext
from src.dashboard.parts.own_job import OwnJob

LIMIT = 200
"""Conversations that one press of the button judges at most."""

_JOB = OwnJob("quality_judging")


def draw(whole: review.Figures) -> None:
    """Draw the state of the judge, and the job that judges."""
    with st.expander(
        _("Tom avaliado por um modelo"),
        icon=":material/record_voice_over:",
        expanded=_JOB.exists,
        key="quality_judge",
    ):
        if not review.judge_is_on():
            st.markdown(
                _(
                    "Desligado. Para ligar, defina `BANCADA_JUDGE_URL` (endereço compatível com a "
                    "API da OpenAI, que termina em /v1) e `BANCADA_JUDGE_MODEL`, e "
                    "`BANCADA_JUDGE_KEY` se ele pedir chave; depois reinicie. Um modelo local "
                    "também serve."
                )
            )
            return
        settings = get_settings()
        st.markdown(
            _(
                "Ligado: o modelo {model} em {host} dá uma nota de 1 a 5 às falas do assistente. "
                "{judged} de {count} conversas do período têm nota."
            ).format(
                model=markdown.escape(settings.judge_model),
                host=markdown.escape(urlsplit(settings.judge_url or "").hostname or "?"),
                judged=formats.number(whole.tone.conversations),
                count=formats.number(whole.conversations),
            )
        )
        st.caption(
            _(
                "O texto das conversas vai para esse endereço com CPF, telefone, e-mail, nomes e "
                "outros dados pessoais trocados por marcas. Nomes raros em minúsculas, apelidos e "
                "números por extenso podem passar."
            )
        )
        _judging()


def _judging() -> None:
    running = jobs.in_progress("review.judge")
    for job in running:
        ui.watch(job, key=f"quality_{job.id}")
    if st.button(
        ngettext(
            "Avaliar até {count} conversa sem nota", "Avaliar até {count} conversas sem nota", LIMIT
        ),
        key="quality_start_judging",
        icon=":material/gavel:",
        disabled=bool(running),
        help=_("Das mais novas às mais antigas. O que já foi avaliado fica guardado."),
    ):
        with ui.errors():
            _JOB.remember(review.start_judging(limit=LIMIT, actor=shell.actor()))
            st.rerun()
    finished = _JOB.outcome()
    if finished is not None:
        result = finished.result or {}
        text = ngettext(
            "{count} conversa avaliada.", "{count} conversas avaliadas.", result["judged"]
        )
        if result["failed"]:
            text += " " + ngettext(
                "{count} sem resposta aproveitável; tente de novo mais tarde.",
                "{count} sem resposta aproveitável; tente de novo mais tarde.",
                result["failed"],
            )
        st.success(text, icon=":material/check_circle:")
