"""The form of one case, made from the model's schema."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import streamlit as st

from src import prediction, registry
from src.dashboard import formats, markdown
from src.dashboard.i18n import _
from src.dashboard.parts import fields
from src.dashboard.prediction import units
from src.dashboard.prediction.model import version

COLUMNS = 3
SHOWN_FIELDS = 12
"""Further fields stand in an expander, filled with their typical value."""

LARGEST_WIDGET_INTEGER = 2**53 - 1
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2100, 12, 31)


def draw(loaded: prediction.LoadedModel) -> dict[str, Any] | None:
    """Draw the form; return the raw row when it was sent, None otherwise."""
    fields = loaded.fields
    if fields is None:
        st.warning(
            _(
                "Este modelo não diz que colunas espera, por isso não há formulário. Registre-o de "
                "novo a partir de uma comparação, ou use-o por código."
            ),
            icon=":material/help:",
        )
        return None
    if loaded.schema is None:
        st.info(
            _(
                "Este modelo não guarda o esquema do treino: não há faixas nem categorias para "
                "conferir os valores."
            ),
            icon=":material/info:",
        )
    row: dict[str, Any] = {}
    with st.form("prediction_form", border=True):
        _grid(fields[:SHOWN_FIELDS], loaded.entry, row, 0)
        rest = fields[SHOWN_FIELDS:]
        if rest:
            with st.expander(
                _("Mais {count} colunas, preenchidas com o valor típico").format(count=len(rest)),
                key="prediction_more_fields",
            ):
                _grid(rest, loaded.entry, row, SHOWN_FIELDS)
        sent = st.form_submit_button(
            _("Fazer previsão"),
            key="prediction_submit",
            type="primary",
            icon=":material/online_prediction:",
            shortcut="Ctrl+Enter",
        )
    return row if sent else None


def _grid(
    fields: tuple[registry.Field, ...], entry: registry.ModelEntry, row: dict[str, Any], first: int
) -> None:
    # One set of columns a line: the Tab key and a phone then follow the order of the schema.
    for start in range(0, len(fields), COLUMNS):
        cells = st.columns(COLUMNS, vertical_alignment="bottom")
        for offset, (cell, item) in enumerate(zip(cells, fields[start : start + COLUMNS])):  # noqa: B905 - the last line may be short
            key = f"prediction_{version(entry)}_{first + start + offset}"
            with cell:
                row[item.name] = _field(item, (entry.sample or {}).get(item.name), key)


def _field(item: registry.Field, example: Any, key: str) -> Any:
    """Draw one field and return its raw value."""
    found = units.quantity(item.name)
    label = markdown.escape(item.name)
    if found and item.kind in ("number", "integer"):
        label = f"{found.icon} {label} ({found.unit})"
    trained = fields.seen(item)
    hint = _("No treino: {range}.").format(range=markdown.escape(trained)) if trained else None
    common: dict[str, Any] = {"key": key, "help": hint, "persist_state": "page"}
    if item.kind in ("number", "integer"):
        return _number(item, label, common)
    if item.kind == "boolean":
        return _truth(item, label, example, common)
    if item.kind == "datetime":
        return _moment(item, label, common)
    if item.kind == "category" and item.categories:
        return st.selectbox(
            label,
            item.categories,
            index=None if item.nullable else 0,  # the most frequent comes first
            placeholder=_("sem valor; escolha ou digite outro"),
            accept_new_options=True,
            **common,
        )
    return st.text_input(
        label,
        value="" if item.nullable or example is None else str(example),
        placeholder=_("sem valor") if item.nullable else None,
        **common,
    )


def _number(item: registry.Field, label: str, common: dict[str, Any]) -> float | int | None:
    limits = [item.minimum, item.maximum, item.mean]
    small = all(limit is None or abs(limit) <= LARGEST_WIDGET_INTEGER for limit in limits)
    placeholder = _("sem valor") if item.nullable else None
    if item.kind == "integer" and small:
        start = None if item.nullable else round(item.mean or 0)
        return st.number_input(label, value=start, step=1, placeholder=placeholder, **common)
    decimals = _decimals(item)
    return st.number_input(
        label,
        value=None if item.nullable else round(float(item.mean or 0.0), decimals),
        step=10.0**-decimals * (10 if decimals else 1),
        format=f"%.{decimals}f",
        placeholder=placeholder,
        **common,
    )


def _decimals(item: registry.Field) -> int:
    """Return how many decimals tell values of the training range apart: about four digits."""
    if item.minimum is None or item.maximum is None:
        return 2
    span = float(item.maximum) - float(item.minimum)
    if not math.isfinite(span) or span <= 0:
        return 2
    return min(8, max(0, math.ceil(3 - math.log10(span))))


def _truth(item: registry.Field, label: str, example: Any, common: dict[str, Any]) -> bool | None:
    if not item.nullable:
        return st.toggle(label, value=bool(example), **common)
    return st.selectbox(
        label,
        [True, False],
        index=None,
        format_func={True: _("sim"), False: _("não")}.__getitem__,
        placeholder=_("sem valor"),
        **common,
    )


def _moment(item: registry.Field, label: str, common: dict[str, Any]) -> dt.date | None:
    limits = [
        fields.as_moment(limit) for limit in (item.minimum, item.maximum) if limit is not None
    ]
    typical = fields.as_moment(item.mean) if item.mean is not None else dt.datetime.now(dt.UTC)
    typical = typical.replace(tzinfo=None, second=0, microsecond=0)
    pattern = formats.day_pattern()
    if all(limit.time() == dt.time() for limit in limits):
        return st.date_input(
            label,
            value=None if item.nullable else typical.date(),
            min_value=EARLIEST,
            max_value=LATEST,
            format=pattern,
            **common,
        )
    return st.datetime_input(
        label,
        value=None if item.nullable else typical,
        min_value=dt.datetime.combine(EARLIEST, dt.time()),
        max_value=dt.datetime.combine(LATEST, dt.time()),
        format=pattern,
        **common,
    )
