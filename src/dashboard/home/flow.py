"""The home screen's flow: the next sensible thing, and five steps with their figures."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from src import datasets, training
from src.dashboard import formats, markdown, navigation, shell, ui
from src.dashboard.home import rules
from src.dashboard.home.figures import Figures
from src.dashboard.home.rules import Step, StepState
from src.dashboard.i18n import _, ngettext
from src.messages import N_

SENSOR_SAMPLE = "leituras_sensores"


class StepText(NamedTuple):
    """What a step is called, and where it is done."""

    title: str
    icon: str
    script: str


STEPS = {
    Step.TABLES: StepText(N_("Tabelas"), ":material/table:", "pages/datasets.py"),
    Step.COMPARISON: StepText(N_("Comparações"), ":material/model_training:", "pages/training.py"),
    Step.TOP: StepText(N_("Melhor candidato"), ":material/leaderboard:", "pages/training.py"),
    Step.MODELS: StepText(N_("Modelos"), ":material/inventory_2:", "pages/registry.py"),
    Step.PREDICTIONS: StepText(
        N_("Previsões"), ":material/online_prediction:", "pages/prediction.py"
    ),
}
BADGES = {
    StepState.DONE: (N_("pronto"), ":material/check:", "green"),
    StepState.RUNNING: (N_("em andamento"), ":material/progress_activity:", "blue"),
    StepState.NEXT: (N_("próximo"), ":material/arrow_forward:", "orange"),
    StepState.WAITING: (N_("a fazer"), ":material/more_horiz:", "gray"),
}


def invite(figures: Figures) -> None:
    """Draw the next sensible thing: a sentence and the screen's one primary button."""
    step = rules.next_step(figures.counts)
    sentence, label = _invitation(step, figures)
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(sentence, width="stretch")
        with st.container(horizontal=True, width="content"):
            needs_table = step is Step.TABLES and not figures.counts.enough_events
            if needs_table and st.button(
                _("Usar leituras de sensores"), key="home_sample", icon=":material/sensors:"
            ):
                with ui.errors(), st.spinner(_("Preparando a amostra…")):
                    datasets.add_sample(SENSOR_SAMPLE, actor=shell.actor())
                    st.rerun()
            if st.button(label, type="primary", key="home_next", icon=":material/arrow_forward:"):
                navigation.go(_script(step, figures), **_address(step, figures))


def steps(figures: Figures) -> None:
    """Draw the five steps, each with its figure, its state and the way to it."""
    found = rules.states(figures.counts)
    with st.grid(len(STEPS), min_column_width=145, gap="small"):
        for number, (step, state) in enumerate(found.items(), start=1):
            with st.container(border=True, height="stretch", gap="xsmall"):
                _card(number, step, state, figures)


def _card(number: int, step: Step, state: StepState, figures: Figures) -> None:
    text = STEPS[step]
    label, icon, colour = BADGES[state]
    st.badge(_(label), icon=icon, color=colour)  # type: ignore[arg-type]
    figure, context = _figure(step, figures)
    st.metric(f"{number}. {_(text.title)}", figure)
    st.caption(context)
    st.space("stretch")
    address = _address(step, figures)
    st.page_link(text.script, label=_("Abrir"), icon=text.icon, query_params=address)


def _script(step: Step, figures: Figures) -> str:
    """Return the screen on which a step is done."""
    if step is Step.TABLES and figures.counts.enough_events:
        return "pages/collection.py"
    return STEPS[step].script


def _address(step: Step, figures: Figures) -> dict[str, str]:
    """Return what the step's screen opens with."""
    if step is Step.TOP and figures.latest:
        return {"comparacao": figures.latest.id}
    if step is Step.COMPARISON and figures.counts.running:
        known = {record.id for record in figures.recent}
        running = next((job.id for job in figures.running if job.id in known), None)
        return {"comparacao": running} if running else {}
    if step is Step.PREDICTIONS and figures.model:
        return {"modelo": figures.model}
    return {}


def _invitation(step: Step, figures: Figures) -> tuple[str, str]:
    """Return the sentence and the button's label of the next step."""
    counts = figures.counts
    if step is Step.TABLES and counts.enough_events:
        return (
            _("A coleta do site já tem {count} interações, o bastante para treinar.").format(
                count=formats.number(figures.collected.interactions)
            ),
            _("Treinar com a coleta"),
        )
    if step is Step.TABLES:
        return (
            _("Comece por uma tabela: importe um arquivo seu, ou experimente com uma amostra."),
            _("Importar uma tabela"),
        )
    if step is Step.COMPARISON and counts.running:
        return (
            _("Uma comparação está em andamento. Os candidatos aparecem assim que terminam."),
            _("Acompanhar a comparação"),
        )
    if step is Step.COMPARISON:
        return (
            _("A tabela **{table}** está pronta. Compare modelos e veja qual prevê melhor.").format(
                table=markdown.escape(figures.table)
            ),
            _("Treinar modelos"),
        )
    if step is Step.TOP and figures.latest:
        return (
            _(
                "A comparação de **{table}** terminou. Salve os melhores modelos para usá-los."
            ).format(table=markdown.escape(figures.latest.dataset)),
            _("Ver os cinco melhores"),
        )
    if step is Step.MODELS:
        return (
            _("Os modelos da pasta estão em quarentena: ninguém decidiu se são de confiança."),
            _("Conferir os modelos"),
        )
    if not counts.predictions:
        return (
            _("O modelo **{model}** está registrado. Faça a primeira previsão com ele.").format(
                model=markdown.escape(figures.model)
            ),
            _("Fazer uma previsão"),
        )
    return (
        _("Todas as etapas estão em uso. Continue prevendo, ou compare modelos em outra tabela."),
        _("Fazer uma previsão"),
    )


def _figure(step: Step, figures: Figures) -> tuple[str, str]:
    """Return a step's figure and what puts it in proportion."""
    counts = figures.counts
    if step is Step.TABLES:
        return formats.number(counts.tables), (
            ngettext("{count} linha ao todo", "{count} linhas ao todo", figures.rows)
            if counts.tables
            else _("nenhuma importada ainda")
        )
    if step is Step.COMPARISON:
        return formats.number(counts.comparisons), (
            ngettext("{count} em andamento", "{count} em andamento", counts.running)
            if counts.running
            else _("nenhuma em andamento")
        )
    if step is Step.TOP:
        return _best(figures.latest)
    if step is Step.MODELS:
        return formats.number(counts.models), (
            ngettext("{count} em quarentena", "{count} em quarentena", counts.quarantined)
            if counts.quarantined
            else _("todos de confiança")
            if counts.models
            else _("nenhum salvo ainda")
        )
    return formats.number(counts.predictions), (
        _("{count} nas últimas 24 horas").format(count=formats.number(figures.predictions_today))
        if counts.predictions
        else _("nenhuma feita ainda")
    )


def _best(record: training.ComparisonRecord | None) -> tuple[str, str]:
    """Return the best candidate's figure, beside that of the baseline."""
    if record is None:
        return formats.MISSING, _("nenhuma comparação terminada")
    scores = {result.id: result for result in record.candidates}
    best, baseline = scores.get(record.top_ids[0]), scores.get(training.BASELINE)
    if best is None:
        return formats.MISSING, record.dataset
    figure = formats.number(best.metrics.get(record.metric), decimals=4)
    context = _("{metric} de {candidate} em {table}").format(
        metric=record.metric, candidate=best.name, table=record.dataset
    )
    if baseline is not None and record.metric in baseline.metrics:
        context += "; " + _("sem modelo: {figure}").format(
            figure=formats.number(baseline.metrics[record.metric], decimals=4)
        )
    return figure, context
