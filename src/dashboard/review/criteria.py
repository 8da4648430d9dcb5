"""Which conversations people should read: the criteria, and the refresh of the queue by them."""

from __future__ import annotations

import streamlit as st

from src import jobs, review
from src.dashboard import shell, ui
from src.dashboard.i18n import _, ngettext
from src.dashboard.parts import review_tabs
from src.dashboard.parts.own_job import OwnJob
from src.review import Criteria, Refreshed

_JOB = OwnJob("review_refresh_job")
_SAVED = "review_criteria_saved"


def draw() -> None:
    """Draw the criteria to change, and the refresh."""
    running = refreshing()
    _finished()
    if st.session_state.pop(_SAVED, False):
        st.success(_("Os critérios valem a partir de agora."), icon=":material/check_circle:")
    st.markdown(
        _(
            "Uma conversa entra na fila se atende a pelo menos um critério. Quantos mais ela "
            "atende, e quanto mais acima nesta lista eles estão, mais cedo é lida."
        )
    )
    st.caption(
        _(
            "A fila se atualiza sozinha em cerca de meio minuto depois de uma importação ou de uma "
            "avaliação."
        )
    )
    _form(running)


def refreshing() -> bool:
    """Draw the refreshes that wait or run, whoever started them; returns whether there are any."""
    return ui.watch_all(jobs.in_progress("review.refresh"), key="review")


def refresh_button(*, primary: bool) -> None:
    """Draw the button that brings the queue up to date, and opens where that is watched."""
    st.button(
        _("Atualizar a fila"),
        key="review_refresh",
        type="primary" if primary else "secondary",
        icon=":material/refresh:",
        on_click=_refresh,
    )


def _refresh() -> None:
    review_tabs.show(review_tabs.CRITERIA)
    if not jobs.in_progress("review.refresh"):
        _JOB.remember(review.start_refresh(actor=shell.actor()))


def _form(running: bool) -> None:
    now = review.current_criteria()
    with st.form("review_criteria", border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            negative = st.checkbox(
                "**" + _("Avaliação negativa") + "**: " + _("um 👎, um problema, ou até"),
                value=now.negative,
                key="review_negative",
            )
            stars = st.selectbox(
                _("Estrelas, no máximo"),
                [1, 2, 3, 4],
                index=now.negative_stars - 1,
                format_func=lambda count: "★" * count,
                key="review_stars",
                label_visibility="collapsed",
                width=120,
            )
        keywords = st.text_area(
            "**" + _("Palavras") + "**: " + _("uma palavra ou expressão por linha"),
            value="\n".join(now.keywords),
            key="review_keywords",
            height=100,
            placeholder=_("reembolso") + "\n" + _("falar com atendente"),
            help=_("A palavra inteira; maiúsculas e acentos não contam."),
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            long = st.checkbox(
                "**" + _("Conversa longa") + "**: " + _("mais mensagens que"),
                value=now.more_than is not None,
                key="review_long",
            )
            more_than = st.number_input(
                _("Mensagens"),
                min_value=1,
                max_value=100_000,
                value=now.more_than or Criteria().more_than,
                key="review_more_than",
                label_visibility="collapsed",
                width=140,
            )
        share = st.slider(
            "**" + _("Amostra") + "**: " + _("parte de todas, sorteada sempre da mesma forma"),
            min_value=0,
            max_value=100,
            value=round(now.share * 100),
            format="%d %%",
            key="review_share",
        )
        st.divider()
        with st.container(horizontal=True):
            reviewers = st.number_input(
                _("Pessoas por conversa"),
                min_value=1,
                max_value=5,
                value=now.reviewers,
                key="review_reviewers",
                width=220,
                help=_(
                    "Cada uma decide sem ver as outras. Se discordam, mais uma pessoa vê o que foi "
                    "dito e decide. Vale para o que entrar na fila e para o que os critérios já "
                    "puseram nela, se ninguém começou."
                ),
            )
            minutes = st.number_input(
                _("Minutos que ela fica com quem a pegou"),
                min_value=1,
                max_value=1440,
                value=now.claim_minutes,
                key="review_minutes",
                width=320,
                help=_("Cada marca renova o prazo. Depois dele, a conversa volta para a fila."),
            )
        with st.container(horizontal=True):
            save = st.form_submit_button(
                _("Salvar e atualizar a fila"),
                key="review_save",
                type="primary",
                icon=":material/save:",
                disabled=running,
            )
            again = st.form_submit_button(
                _("Só atualizar a fila"),
                key="review_again",
                icon=":material/refresh:",
                disabled=running,
            )
    if save or again:
        with ui.errors():
            if save:
                chosen = Criteria(
                    negative=negative,
                    negative_stars=int(stars or now.negative_stars),
                    more_than=int(more_than) if long and more_than else None,
                    keywords=tuple(keywords.splitlines()),
                    share=share / 100,
                    seed=now.seed,
                    reviewers=int(reviewers),
                    claim_minutes=int(minutes),
                )
                review.set_criteria(chosen, actor=shell.actor())
            _JOB.remember(review.start_refresh(actor=shell.actor()))
            st.session_state[_SAVED] = save
            st.rerun()


def _finished() -> None:
    job = _JOB.outcome(_("Atualização cancelada. A próxima recomeça de onde esta tinha começado."))
    if job is None:
        return
    st.success(_result(Refreshed(**(job.result or {}))), icon=":material/checklist:")
    st.button(
        _("Ir para a fila"),
        key="review_to_queue",
        icon=":material/arrow_forward:",
        on_click=review_tabs.show,
        args=(review_tabs.QUEUE,),
    )


def _result(done: Refreshed) -> str:
    return " · ".join(
        [
            ngettext("{count} conversa vista", "{count} conversas vistas", done.looked_at),
            ngettext("**{count} entrou na fila**", "**{count} entraram na fila**", done.added),
            ngettext("{count} mudou de prioridade", "{count} mudaram de prioridade", done.changed),
            ngettext("{count} saiu", "{count} saíram", done.removed),
        ]
    )
