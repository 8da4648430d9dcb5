"""Choosing the model that predicts, and what is known of it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from src import prediction, registry, training
from src.dashboard import formats, markdown, navigation, ui
from src.dashboard.i18n import _
from src.dashboard.parts import fields, no_models, table
from src.errors import RegistryError

VERSION_CHARACTERS = 8
HEADLINES = tuple(
    dict.fromkeys(
        metric.name
        for metrics in training.METRICS.values()
        for metric in metrics
        if metric.headline
    )
)
"""Shown in the table of models, those of them that a model has."""


def choose() -> registry.ModelEntry | None:
    """Draw the selection of the model, the champion first; None when there is no model."""
    records = registry.list_models()
    if not records:
        no_models.draw(
            _(
                "Aqui um modelo prevê a partir dos valores que você digita. Treine modelos e salve "
                "um deles para começar."
            ),
            key="prediction_train",
        )
        return None
    # The order is stable: among the others, the newest comes first.
    names = sorted(records, key=lambda found: registry.CHAMPION not in records[found]["aliases"])
    name = st.selectbox(
        _("Modelo"),
        names,
        format_func=lambda found: _option(found, records[found]),
        key="modelo",
        bind="query-params",
        help=_("O campeão vem primeiro; depois, do mais novo ao mais antigo."),
    )
    return registry.get_model(name)


def details(entry: registry.ModelEntry) -> None:
    """Draw one line on the chosen model, its warnings, and everything else in an expander."""
    facts = [
        f"**{_model_type(entry)}**",
        _("prevê {target}").format(target=f"**{markdown.escape(entry.target)}**")
        if entry.target
        else "",
        *(f"{name} {_figure(entry.metrics[name])}" for name in HEADLINES if name in entry.metrics),
        _("salvo em {time}").format(time=formats.moment(entry.saved_at)),
        _("versão {version}").format(version=f"`{version(entry)}`"),
    ]
    st.markdown(" · ".join(fact for fact in facts if fact))
    for warning in registry.version_warnings(entry.name):
        st.warning(markdown.said(warning), icon=":material/warning:")
    ui.folded(
        _("Detalhes do modelo e tabela de modelos"),
        lambda: _all_details(entry),
        icon=":material/info:",
        key="prediction_details",
    )


def loaded(entry: registry.ModelEntry) -> prediction.LoadedModel | None:
    """Return the chosen model ready to predict, or say why it cannot be loaded."""
    try:
        with st.spinner(_("Carregando o modelo…"), show_time=True):
            return prediction.load(entry.name)
    except RegistryError as error:
        st.error(markdown.said(error), icon=":material/lock:")
        if st.button(
            _("Abrir Modelos registrados"),
            key="prediction_registry",
            icon=":material/inventory_2:",
        ):
            navigation.go("pages/registry.py")
        return None


def version(entry: registry.ModelEntry) -> str:
    """Return the beginning of the model's SHA-256, enough to tell versions apart."""
    return entry.sha256[:VERSION_CHARACTERS] or formats.MISSING


def _option(name: str, record: dict[str, Any]) -> str:
    marks = [registry.CHAMPION] if registry.CHAMPION in record["aliases"] else []
    if record["quarantined"]:
        marks.append(_("em quarentena"))
    return name + (f" ({', '.join(marks)})" if marks else "")


def _table() -> None:
    """Draw all models with their type, main metrics and date."""
    summary = registry.get_models_summary()
    titles = {
        "name": _("Modelo"),
        "model_type": _("Tipo"),
        **{name: name for name in HEADLINES},
        "saved_at": _("Salvo em"),
        "aliases": _("Apelidos"),
    }
    metrics = [name for name in HEADLINES if name in summary]
    st.dataframe(
        summary.assign(**{name: summary[name].map(_figure) for name in metrics})[
            [name for name in titles if name in summary]
        ],
        hide_index=True,
        key="prediction_models_table",
        placeholder=formats.MISSING,
        column_config={
            **titles,
            **{name: st.column_config.TextColumn(name, alignment="right") for name in metrics},
            "saved_at": ui.moment_column(titles["saved_at"]),
        },
    )


def _all_details(entry: registry.ModelEntry) -> None:
    if entry.notes:
        st.markdown(markdown.escape(entry.notes))
    if entry.metrics:
        metrics = pd.DataFrame(entry.metrics.items(), columns=[_("Métrica"), _("Valor")])
        st.dataframe(metrics, hide_index=True, width="content", key="prediction_metrics")
    if entry.schema:
        table.draw(entry.schema, fields.columns(), key="prediction_schema")
    st.caption(
        _("Salvo por {actor}. Python {python}. SHA-256 {sha256}.").format(
            actor=markdown.escape(entry.actor or formats.MISSING),
            python=entry.python or formats.MISSING,
            sha256=f"`{entry.sha256}`",
        )
    )
    _table()


def _model_type(entry: registry.ModelEntry) -> str:
    known = entry.metadata
    return str(known.get("model_type") or known.get("model_name") or _("tipo desconhecido"))


def _figure(value: float) -> str:
    return formats.number(float(value), decimals=4)
