"""One prediction on screen: the answer, how sure, why, and what was asked before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from src import prediction
from src.dashboard import charts, formats, markdown, shell, ui
from src.dashboard.i18n import _
from src.dashboard.prediction.model import version
from src.errors import BancadaError
from src.messages import Message
from src.persistence import utc_now

STATE_KEY = "prediction_session"
REASONS_KEY = "prediction_session_reasons"
HISTORY_ROWS = 50
SHOWN_BARS = 12
RAISES, LOWERS = charts.PALETTE[0], charts.PALETTE[4]


@dataclass(frozen=True)
class Asked:
    """A case of this session and its answer."""

    at: dt.datetime
    model: str
    version: str
    row: dict[str, Any]
    answer: prediction.Answer


def predict(loaded: prediction.LoadedModel, row: dict[str, Any]) -> None:
    """Predict the row of the form and keep the answer for this session; show what is wrong."""
    st.session_state.pop(STATE_KEY + "_last", None)
    with ui.errors(), st.spinner(_("Calculando…")):
        answer = prediction.predict_case(loaded, row, actor=shell.actor())
        asked = Asked(utc_now(), loaded.entry.name, version(loaded.entry), row, answer)
        st.session_state[STATE_KEY + "_last"] = asked
        st.session_state.pop(REASONS_KEY, None)
        before = st.session_state.get(STATE_KEY, [])
        st.session_state[STATE_KEY] = [asked, *before][:HISTORY_ROWS]


def draw(loaded: prediction.LoadedModel) -> None:
    """Draw the last answer of the chosen model, if there is one."""
    asked: Asked | None = st.session_state.get(STATE_KEY + "_last")
    if asked is None or asked.version != version(loaded.entry):
        return
    for warning in asked.answer.warnings:
        st.warning(markdown.said(warning), icon=":material/warning:")
    left, right = st.columns([2, 3], gap="medium")
    with left:
        _answer(asked.answer, loaded)
    with right:
        # The answer is on screen already; working out why takes up to two seconds more.
        if REASONS_KEY not in st.session_state:
            with st.spinner(_("Procurando o porquê…")):
                st.session_state[REASONS_KEY] = _explain(loaded, asked.answer)
        reasons = st.session_state[REASONS_KEY]
        if isinstance(reasons, Message):
            st.caption(markdown.said(reasons))
        else:
            _reasons(reasons)


def _explain(loaded: prediction.LoadedModel, answer: prediction.Answer) -> pd.DataFrame | Message:
    """Return the contributions, or why there are none."""
    try:
        return prediction.explain_case(loaded, answer.case)
    except BancadaError as error:
        return error.message


def history() -> None:
    """Draw what was asked in this session."""
    session: list[Asked] = st.session_state.get(STATE_KEY, [])
    if len(session) < 2:
        return
    st.subheader(_("Nesta sessão"))
    rows = [
        {
            _("Hora"): formats.moment(asked.at, seconds=True),
            _("Modelo"): asked.model,
            _("Previsão"): shown(asked.answer.predicted),
            _("Probabilidade"): formats.percent(_probability(asked.answer)),
            _("Avisos"): len(asked.answer.warnings),
            _("Valores"): listed(asked.row),
        }
        for asked in session
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="prediction_history")


def _answer(answer: prediction.Answer, loaded: prediction.LoadedModel) -> None:
    label = loaded.entry.target or _("Previsão")
    st.metric(label, shown(answer.predicted), border=True)
    if not answer.probabilities:
        return
    st.caption(
        _(
            "Probabilidade de {probability}; ao acaso, entre {count} classes, seria {chance}."
        ).format(
            probability=formats.percent(_probability(answer)),
            count=len(answer.probabilities),
            chance=formats.percent(1 / len(answer.probabilities)),
        )
    )
    _probabilities(answer)


def _probability(answer: prediction.Answer) -> float | None:
    return answer.probabilities.get(prediction.class_text(answer.predicted))


def _probabilities(answer: prediction.Answer) -> None:
    ranked = sorted(answer.probabilities.items(), key=lambda item: item[1], reverse=True)
    bars = ranked[:SHOWN_BARS]
    if len(ranked) > SHOWN_BARS:
        rest = sum(value for _label, value in ranked[SHOWN_BARS:])
        bars.append((_("outras {count} classes").format(count=len(ranked) - SHOWN_BARS), rest))
    bars.reverse()  # Plotly draws from below
    figure = go.Figure(
        go.Bar(
            x=[value for _label, value in bars],
            y=[label for label, _value in bars],
            orientation="h",
            marker_color=[
                RAISES if label == prediction.class_text(answer.predicted) else charts.NEUTRAL
                for label, _value in bars
            ],
            text=[formats.percent(value) for _label, value in bars],
            textposition="auto",
            cliponaxis=False,
            hovertemplate="%{y}: %{x:.4%}<extra></extra>",
        )
    )
    figure.update_layout(
        title=_("Probabilidade de cada classe"),
        height=90 + 32 * len(bars),
        xaxis={"range": [0, 1], "tickformat": ".0%", "fixedrange": True},
        yaxis={"type": "category", "fixedrange": True},
        bargap=0.25,
    )
    charts.show(
        figure,
        key="prediction_probabilities",
        alt=_("Probabilidades: {list}.").format(
            list=", ".join(
                f"{label} {formats.percent(value)}" for label, value in ranked[:SHOWN_BARS]
            )
        ),
        data=pd.DataFrame(ranked, columns=[_("Classe"), _("Probabilidade")]),
    )


def _reasons(reasons: pd.DataFrame) -> None:
    facts = {str(name): value for name, value in reasons.attrs.items()}
    shares = facts["scale"] in ("probability", "vote")
    first = reasons.head(SHOWN_BARS)
    names = [
        f"{feature} = {shown(value)}"
        for feature, value in zip(first["feature"], first["value"], strict=True)
    ]
    sizes = [float(size) for size in first["contribution"]]
    rest = reasons.iloc[SHOWN_BARS:]
    if len(rest):
        names.append(_("outras {count} colunas, somadas").format(count=len(rest)))
        sizes.append(float(rest["contribution"].sum()))
    texts = [_change(size, shares) for size in sizes]
    figure = go.Figure(
        go.Bar(
            x=sizes[::-1],
            # The change stands under the name: beside a bar it has no room on a phone.
            y=[
                f"{charts.escape(_cut(name))}<br><b>{text}</b>"
                for name, text in zip(names[::-1], texts[::-1], strict=True)
            ],
            orientation="h",
            marker_color=[RAISES if size > 0 else LOWERS for size in sizes[::-1]],
            customdata=[charts.escape(name) for name in names[::-1]],
            hovertemplate="%{customdata}: %{x:.6g}<extra></extra>",
        )
    )
    figure.update_layout(
        title=_("Por quê: quanto cada valor mudou a resposta"),
        height=90 + 40 * len(sizes),
        xaxis={
            "tickformat": ".0%" if shares else "",
            "zeroline": True,
            "zerolinewidth": 2,
            "fixedrange": True,
        },
        yaxis={"type": "category", "fixedrange": True},
        bargap=0.25,
    )
    charts.show(
        figure,
        key="prediction_reasons",
        alt=", ".join(f"{name} {text}" for name, text in zip(names, texts, strict=True)),
        data=reasons.astype({"value": str}),
    )
    st.caption(_sentence(facts, shares))


def _sentence(facts: dict[str, Any], shares: bool) -> str:
    """Say in words from what the contributions lead to what."""
    write = formats.percent if shares else shown
    values = {
        "label": markdown.escape(facts["label"]),
        "base": write(float(facts["base"])),
        "output": write(float(facts["output"])),
    }
    if facts["scale"] == "probability":
        return _(
            "Em média, nas linhas de treino, o modelo dá {base} a «{label}»; a este caso dá "
            "{output}. As barras somam a diferença."
        ).format(**values)
    if facts["scale"] == "vote":
        return _(
            "O modelo não dá probabilidades. Ele diz «{label}» em {base} das linhas de treino; as "
            "barras mostram que valores levam este caso a essa resposta."
        ).format(**values)
    if facts["scale"] == "score":
        return _(
            "O modelo não dá probabilidades. A pontuação de «{label}» é em média {base} nas linhas "
            "de treino, e {output} neste caso. As barras somam a diferença."
        ).format(**values)
    return _(
        "Em média, nas linhas de treino, o modelo diz {base}; deste caso diz {output}. As barras "
        "somam a diferença."
    ).format(**values)


def _change(size: float, shares: bool) -> str:
    arrow = "▲ " if size > 0 else "▼ " if size < 0 else ""
    if shares:
        points = formats.number(abs(size) * 100, decimals=1)
        return arrow + _("{points} p.p.").format(points=points)
    return arrow + formats.number(float(f"{abs(size):.4g}"))


def _cut(text: str) -> str:
    return text if len(text) <= 32 else text[:31] + "…"


def listed(values: Mapping[str, Any]) -> str:
    """Write the values of a case, each with its name."""
    return ", ".join(f"{name} = {shown(value)}" for name, value in values.items())


def shown(value: Any) -> str:
    """Write a raw value or a prediction as a person reads it."""
    if value is None or value is pd.NaT or value != value:
        return _("sem valor")
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool):
        return _("sim") if value else _("não")
    if isinstance(value, dt.datetime):  # as it stands in the table, without zone
        return formats.unzoned(value, clock=value.time() != dt.time())
    if isinstance(value, dt.date):
        return formats.day(value)
    if isinstance(value, int | float):
        return formats.number(value)
    return str(value)
