"""From the collected events to a comparison: the target, the table, and on to the training."""

from __future__ import annotations

import streamlit as st

from src import collection, features, jobs
from src.collection import InteractionType
from src.dashboard import formats, markdown, navigation, shell, ui
from src.dashboard.collection import words
from src.dashboard.collection.live import REFRESH_SECONDS
from src.dashboard.i18n import _, ngettext
from src.dashboard.parts.own_job import OwnJob

_JOB = OwnJob("collection_building")
USUAL = InteractionType.WHATSAPP_CONTACT
"""The outcome that matters most to the site."""


def settle() -> jobs.Job | None:
    """Go on to the training once this person's table is there; return the job that makes it."""
    running = _JOB.running()
    job = _JOB.settle(_("Cancelado. Nenhuma tabela foi criada."))
    if job is not None and job.result:
        navigation.go("pages/training.py", tabela=job.result["name"], alvo=job.result["target"])
    return running


def draw(job: jobs.Job | None, *, ready: bool) -> None:
    """Draw the way to the training: the target and the screen's primary button.

    Parameters
    ----------
    job : Job or None
        What makes a table now, as :func:`settle` has read it.
    ready : bool
        Whether there are interactions enough.
    """
    with st.container(border=True, key="collection_training"):
        if job is not None:
            st.markdown(_("Montando a tabela de treino; depois o treino abre sozinho."))
            ui.watch(job, key="collection_build")
            return
        targets = {target.kind: target for target in collection.targets()}
        kind, pressed = _choose(targets, ready=ready)
        _explain(kind, ready=ready)
        if pressed:
            with ui.errors():
                _JOB.remember(features.start_build(kind, actor=shell.actor()))
                st.rerun()


def _explain(kind: InteractionType, *, ready: bool) -> None:
    """Say what the button does or waits for, in figures that refresh with those above."""

    @st.fragment(run_every=REFRESH_SECONDS)
    def explain() -> None:
        with ui.errors():
            target = next(target for target in collection.targets() if target.kind is kind)
            st.caption(_said(target, ready=ready))

    explain()


def _choose(
    targets: dict[InteractionType, collection.Target], *, ready: bool
) -> tuple[InteractionType, bool]:
    """Draw the target beside the button; return the target, and whether the button was pressed."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox(
            _("O que o modelo deve prever: a pessoa…"),
            list(targets),
            index=list(targets).index(USUAL),
            format_func=lambda kind: _(words.OUTCOMES[kind]),
            key="collection_target",
            width=320,
        )
        able = ready and targets[kind].possible
        pressed = st.button(
            _("Treinar com estes dados"),
            type="primary" if ready else "secondary",
            key="collection_train",
            icon=":material/model_training:",
            disabled=not able,
        )
    return kind, pressed and able


def _said(target: collection.Target, *, ready: bool) -> str:
    if not ready:
        return ":material/lock: " + _missing()
    if not target.possible:
        return ":material/lock: " + markdown.said(target.reason)
    return _(
        "Monta uma tabela com uma linha por sessão e carro, a partir de {positives} eventos deste "
        "tipo, e a abre em Treinar modelos."
    ).format(positives=formats.number(target.positives))


def _missing() -> str:
    missing = max(0, collection.GOALS[0] - collection.overview().interactions)
    return ngettext(
        "Falta {count} interação para as {goal} que bastam para treinar.",
        "Faltam {count} interações para as {goal} que bastam para treinar.",
        missing,
    ).format(goal=formats.number(collection.GOALS[0]))
