"""The best candidates against the goals, the score of the rules, and chance."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from src import training
from src.dashboard import charts, formats
from src.dashboard.i18n import _
from src.dashboard.parts import ranges
from src.dashboard.training import words
from src.messages import N_

FIGURES = {
    "auc": ("AUC", N_("Chance de um caso positivo receber nota maior que um negativo.")),
    "precision": (N_("Precisão"), N_("Parte do que foi apontado que chegou mesmo ao alvo.")),
    "recall": (N_("Recall"), N_("Parte do que chegou ao alvo que foi apontada.")),
}
REACHED = {True: N_("meta atingida"), False: N_("meta não atingida"), None: N_("dentro do ruído")}
ICONS = {True: ":material/check_circle:", False: ":material/cancel:", None: ":material/help:"}


def show(record: training.ComparisonRecord) -> None:
    """Draw the held-out figures beside the goals; nothing for a comparison without a reference."""
    yardstick = training.load_yardstick(record.id)
    if yardstick is None or not yardstick.models:
        return
    best_id = next(iter(yardstick.models))
    best = yardstick.models[best_id]
    names = {result.id: result.name for result in record.candidates}
    st.subheader(_("Diante das metas e da referência"))
    st.caption(_sample(yardstick, names[best_id]))
    _goals(best)
    st.markdown(_against_the_rules(best, names[best_id], yardstick))
    _picture(record, yardstick, names)
    _table(record, yardstick, names)
    st.caption(
        _(
            "Intervalos de 95 %: grupos inteiros são sorteados de novo {resamples} vezes. O "
            "limiar é o de maior F1 no treino: para os modelos, nas linhas que as dobras deixaram "
            "de fora; para {column}, em toda a parte de treino. As linhas separadas não entram na "
            "escolha. O acaso aponta tantas linhas quanto {model}."
        ).format(
            resamples=formats.number(training.RESAMPLES),
            column=yardstick.column,
            model=names[best_id],
        )
    )


def _sample(yardstick: training.Yardstick, name: str) -> str:
    return _(
        "{model}, o melhor nas dobras, nas {rows} linhas separadas, de {groups} grupos; "
        "{positives} ({share}) chegaram ao alvo."
    ).format(
        model=name,
        rows=formats.number(yardstick.rows),
        groups=formats.number(yardstick.groups),
        positives=formats.number(yardstick.positives),
        share=formats.percent(yardstick.prevalence),
    )


def _goals(best: training.Measured) -> None:
    with st.container(horizontal=True, key="training_goals"):
        for key, (label, meaning) in FIGURES.items():
            figure: training.Interval = getattr(best, key)
            reached = figure.reaches(training.GOALS[key])
            with st.container(
                border=True, gap="xsmall", height="stretch", key=f"training_goal_{key}"
            ):
                st.metric(
                    _(label),
                    _written(key, figure.value),
                    delta=_range(key, figure),
                    delta_color="off",
                    delta_arrow="off",
                    help=_(meaning),
                )
                st.markdown(
                    f"{ICONS[reached]} **{_(REACHED[reached])}**  \n"
                    + _("meta: acima de {goal}").format(goal=_written(key, training.GOALS[key]))
                )


def _against_the_rules(best: training.Measured, name: str, yardstick: training.Yardstick) -> str:
    assert best.gain is not None  # a candidate always has one
    beyond_noise = best.gain.reaches(0)
    sentence = {
        True: _("{model} ordena melhor que {column}: {gain} de AUC, mais do que o acaso explica."),
        False: _("{model} ordena pior que {column}: {gain} de AUC, mais do que o acaso explica."),
        None: _("A diferença entre {model} e {column}, {gain} de AUC, está dentro do ruído."),
    }[beyond_noise]
    gain = f"{_signed(best.gain.value)} ({_range('auc', best.gain)})"
    return ":material/balance: " + sentence.format(model=name, column=yardstick.column, gain=gain)


@st.fragment
def _picture(
    record: training.ComparisonRecord, yardstick: training.Yardstick, names: dict[str, str]
) -> None:
    key = st.segmented_control(
        _("Figura"),
        list(FIGURES),
        format_func=lambda each: _(FIGURES[each][0]),
        default="auc",
        required=True,
        key=f"training_goal_figure_{record.id}",
    )
    rows = [(names[name], getattr(measured, key)) for name, measured in yardstick.models.items()]
    rows.append((_reference(yardstick), getattr(yardstick.reference, key)))
    figure, data = ranges.ranges(
        rows, goal=training.GOALS[key], chance=_chance(yardstick, key), percent=key != "auc"
    )
    charts.show(
        figure,
        key=f"{record.dataset}_metas_{key}",
        alt=_("{figure} dos melhores e da referência, com intervalos, diante da meta").format(
            figure=_(FIGURES[key][0])
        ),
        data=data,
    )


def _table(
    record: training.ComparisonRecord, yardstick: training.Yardstick, names: dict[str, str]
) -> None:
    rows = []
    scores = [(names[name], measured) for name, measured in yardstick.models.items()]
    for name, measured in [*scores, (_reference(yardstick), yardstick.reference)]:
        row = {"name": name}
        for key in FIGURES:
            figure = getattr(measured, key)
            row[key] = f"{_written(key, figure.value)} ({_range(key, figure)})"
        if measured.gain is not None:
            row["gain"] = f"{_signed(measured.gain.value)} ({_range('auc', measured.gain)})"
        row["threshold"] = words.figure(measured.threshold, 3)
        rows.append(row)
    chance = {key: _written(key, _chance(yardstick, key)) for key in FIGURES}
    rows.append({"name": _("acaso"), **chance})
    right = partial(st.column_config.TextColumn, alignment="right")
    st.dataframe(
        pd.DataFrame(rows).fillna(formats.MISSING),
        hide_index=True,
        height="content",
        key=f"training_yardstick_{record.id}",
        column_config={
            "name": st.column_config.TextColumn(_("Nota"), width=190),
            "auc": right("AUC", width=126),
            "precision": right(_("Precisão"), width=140),
            "recall": right(_("Recall"), width=140),
            "gain": right(
                _("AUC − referência"),
                width=140,
                help=_("A diferença de AUC para a referência, nos mesmos sorteios."),
            ),
            "threshold": right(
                _("Limiar"), width=66, help=_("A partir de que nota uma linha é apontada.")
            ),
        },
        alt=_("Precisão, recall e AUC dos melhores, da referência e do acaso"),
    )


def _reference(yardstick: training.Yardstick) -> str:
    return _("{column} (referência)").format(column=yardstick.column)


def _chance(yardstick: training.Yardstick, key: str) -> float:
    """Return what pointing out as many rows as the best, at random, gives."""
    if key == "auc":
        return 0.5
    if key == "precision":
        return yardstick.prevalence
    best = next(iter(yardstick.models.values()))
    right = best.recall.value * yardstick.positives
    return right / best.precision.value / yardstick.rows if best.precision.value else 0.0


def _written(key: str, value: float) -> str:
    if key == "auc":
        return words.figure(value, 2)
    return formats.percent(value, decimals=0)


def _range(key: str, figure: training.Interval) -> str:
    return _("{low} a {high}").format(
        low=_written(key, figure.low), high=_written(key, figure.high)
    )


def _signed(value: float) -> str:
    return ("+" if value >= 0 else "−") + words.figure(abs(value), 2)
