"""What the decision is made of: figures from the house or the study, all of them in the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from src.dashboard.i18n import _
from src.finetuning import Assumptions, Usage
from src.messages import N_

MEASURED, STUDY = "medido", "exemplo"
BASES = {MEASURED: N_("O que foi medido"), STUDY: N_("O exemplo do estudo")}
BASE = "base"


@dataclass(frozen=True)
class Field:
    """One number.

    Attributes
    ----------
    study : float, optional
        In the example of the study that the thresholds come from.
    step : float
        A whole number makes it one of whole numbers.
    """

    key: str
    label: str
    study: float | None
    step: float = 1
    help: str = ""
    most: float | None = None


VOLUME = (
    Field("conversas", N_("Conversas por mês"), 1500, 100),
    Field("respostas", N_("Respostas por mês"), 10_000, 500),
)
TODAY = (
    Field("entrada", N_("Tokens de entrada"), 500, 10),
    Field("saida", N_("Tokens de saída"), 300, 10),
    Field("preco_entrada", N_("US$ por 1.000 de entrada"), 0.03, 0.001),
    Field("preco_saida", N_("US$ por 1.000 de saída"), 0.06, 0.001),
)
TUNED = (
    Field("entrada_fino", N_("Tokens de entrada"), 400, 10),
    Field("saida_fino", N_("Tokens de saída"), 250, 10),
    Field("preco_entrada_fino", N_("US$ por 1.000 de entrada"), 0.012, 0.001),
    Field("preco_saida_fino", N_("US$ por 1.000 de saída"), 0.016, 0.001),
)
QUALITY = (
    Field(
        "satisfacao",
        N_("Clientes satisfeitos, %"),
        None,
        0.5,
        N_("De 0 a 100. Abaixo de 85 %, além do acaso, as respostas precisam melhorar."),
        100,
    ),
    Field(
        "avaliadas",
        N_("Conversas avaliadas"),
        None,
        10,
        N_("Em quantas a satisfação se apoia: poucas não decidem nada."),
    ),
    Field(
        "aproveitaveis",
        N_("Conversas boas"),
        None,
        50,
        N_("Completas, bem avaliadas ou aprovadas, sem problema apontado."),
    ),
)
WORK = (
    Field("horas_min", N_("Horas de trabalho, de"), 40, 5),
    Field("horas_max", N_("Horas de trabalho, até"), 60, 5),
    Field("hora_min", N_("R$ por hora, de"), 100, 10),
    Field("hora_max", N_("R$ por hora, até"), 150, 10),
    Field("cambio", N_("R$ por US$"), 5.0, 0.1),
    Field("cuidado_min", N_("Manutenção, US$ por mês, de"), 25, 5),
    Field("cuidado_max", N_("Manutenção, US$ por mês, até"), 50, 5),
)
FIELDS = (*VOLUME, *TODAY, *TUNED, *QUALITY, *WORK)
STUDY_TOKENS = (400, 250)
"""Read and written for an answer of the tuned model."""
_FILLED = "finetuning_filled"
YES, NO = "sim", "nao"


@dataclass(frozen=True)
class Given:
    """What was filled in; None where nothing was."""

    numbers: dict[str, float | None]
    team: bool | None
    wrong_facts: bool | None

    def number(self, key: str) -> float:
        """Return a number, 0 where nothing was filled in."""
        return self.numbers[key] or 0.0

    @property
    def assumptions(self) -> Assumptions:
        """What the work is taken to cost."""
        return Assumptions(
            hours=(self.number("horas_min"), self.number("horas_max")),
            hourly_rate=(self.number("hora_min"), self.number("hora_max")),
            exchange_rate=self.number("cambio"),
            upkeep=(self.number("cuidado_min"), self.number("cuidado_max")),
        )


def start_values(base: str, usage: Usage | None, good: int | None) -> dict[str, float | None]:
    """Return the numbers to begin with: the study's, replaced by what was measured.

    Parameters
    ----------
    good : int, optional
        Examples of the newest data set, or stored conversations that pass the usual filters.
    """
    values: dict[str, float | None] = {field.key: field.study for field in FIELDS}
    if base != MEASURED or usage is None:
        return values
    found: dict[str, float | None] = {
        "conversas": usage.conversations,
        "respostas": usage.answers,
        "satisfacao": None if usage.satisfaction is None else round(100 * usage.satisfaction, 1),
        "avaliadas": usage.rated,
        "aproveitaveis": good,
    }
    if usage.answers:
        found["entrada"] = round(usage.input_tokens)
        found["saida"] = round(usage.output_tokens)
        # Trained on the same answers, it needs no more than today.
        found["entrada_fino"] = min(STUDY_TOKENS[0], round(usage.input_tokens))
        found["saida_fino"] = min(STUDY_TOKENS[1], round(usage.output_tokens))
    return values | found


def prepare(usage: Usage | None, good: int | None) -> None:
    """Fill in what to begin with, unless the address or this session has figures already.

    What this session filled in and nobody has changed follows a new data set and a new counting.
    The address is written too: a field that is new takes its value along, but does not write it.
    """
    keys = {field.key for field in FIELDS}
    if (set(st.query_params) | set(st.session_state)) & keys:
        _follow(usage, good)
        return
    fill(MEASURED if usage is not None else STUDY, usage, good)
    filled = {key: str(st.session_state[key]) for key in keys if st.session_state[key] is not None}
    st.query_params.update(filled)


def _follow(usage: Usage | None, good: int | None) -> None:
    base, filled = st.session_state.get(_FILLED, (None, {}))
    if base is None or (usage is None) != (base == STUDY):
        return  # numbers of an address, or of another base: they are somebody's choice
    values = _typed(start_values(base, usage, good))
    for key, before in filled.items():
        if values[key] != before and st.session_state.get(key) == before:
            st.session_state[key] = values[key]
    st.session_state[_FILLED] = (base, values)


def fill(base: str, usage: Usage | None, good: int | None) -> None:
    """Write the numbers to begin with into the fields."""
    values = _typed(start_values(base, usage, good))
    st.session_state.update(values)
    st.session_state[_FILLED] = (base, values)


def _typed(values: dict[str, float | None]) -> dict[str, float | None]:
    """Return the values as their fields want them."""
    return {
        field.key: None if (value := values[field.key]) is None else type(field.step)(value)
        for field in FIELDS
    }


def draw() -> Given:
    """Draw the fields and return what they hold."""
    numbers: dict[str, float | None] = {}
    for title, fields in (
        (_("Volume"), VOLUME),
        (_("Hoje, por resposta"), TODAY),
        (_("Com ajuste fino, por resposta"), TUNED),
        (_("Qualidade e dados"), QUALITY),
    ):
        st.markdown(f"**{title}**")
        numbers |= _row(fields)
    team = _question(_("Alguém tem tempo para manter o modelo?"), "equipe")
    facts = _question(_("O problema é informação errada, ou que muda muito?"), "informacao")
    with st.expander(_("Trabalho, câmbio e manutenção"), icon=":material/engineering:"):
        numbers |= _row(WORK)
    return Given(numbers, team, facts)


def _row(fields: tuple[Field, ...]) -> dict[str, float | None]:
    found = {}
    for start in range(0, len(fields), 2):
        for column, field in zip(st.columns(2), fields[start : start + 2], strict=False):
            with column:
                found[field.key] = _field(field)
    return found


def _field(field: Field) -> float | None:
    kind: Any = type(field.step)
    return st.number_input(
        _(field.label),
        min_value=kind(0),
        max_value=None if field.most is None else kind(field.most),
        value=None,
        step=field.step,
        format=None if kind is int else "%.3f" if field.step < 0.01 else "%.1f",
        key=field.key,
        help=_(field.help) if field.help else None,
        placeholder=_("não sei"),
        bind="query-params",
        persist_state="session",
    )


def _question(label: str, key: str) -> bool | None:
    answers = {YES: _("sim"), NO: _("não")}
    answer = st.selectbox(
        label,
        list(answers),
        index=None,
        format_func=answers.__getitem__,
        placeholder=_("não sei"),
        key=key,
        bind="query-params",
        persist_state="session",
    )
    return None if answer is None else answer == YES
