"""Choosing the model that predicts, and what is known of it."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import streamlit as st

from src import prediction, registry
from src.dashboard import formats, ui
from src.dashboard.i18n import _, language, translate
from src.errors import RegistryError

CHAMPION = "champion"
VERSION_CHARACTERS = 8
MAIN_METRICS = ("Accuracy", "AUC", "F1", "R2", "RMSE", "MAE")
"""Shown in the table of models, those of them that a model has."""


def choose() -> tuple[registry.ModelEntry, list[registry.ModelEntry]] | None:
    """Draw the selection of the model; return it and all models, or None when there is none."""
    names = list(registry.list_models())
    entries = [registry.get_model(name) for name in names]
    if not entries:
        ui.empty(
            _("Nenhum modelo registrado"),
            _(
                "Aqui um modelo prevê a partir dos valores que você digita. Treine modelos e salve "
                "um deles para começar."
            ),
            icon=":material/model_training:",
        )
        st.page_link(
            "pages/training.py", label=_("Treinar modelos"), icon=":material/model_training:"
        )
        return None
    entries.sort(key=lambda entry: CHAMPION not in entry.aliases)  # stable: newest first stays
    by_name = {entry.name: entry for entry in entries}
    name = st.selectbox(
        _("Modelo"),
        list(by_name),
        format_func=lambda found: _option(by_name[found]),
        key="modelo",
        bind="query-params",
        help=_("O campeão vem primeiro; depois, do mais novo ao mais antigo."),
    )
    return by_name[name], entries


def details(entry: registry.ModelEntry, entries: list[registry.ModelEntry]) -> None:
    """Draw one line on the chosen model, its warnings, and everything else in an expander."""
    facts = [
        f"**{_model_type(entry)}**",
        _("prevê {target}").format(target=f"**{ui_text(entry.target)}**") if entry.target else "",
        *(f"{name} {_figure(value)}" for name, value in _main_metrics(entry).items()),
        _("salvo em {time}").format(time=formats.moment(_moment(entry.saved_at), language())),
        _("versão {version}").format(version=f"`{version(entry)}`"),
    ]
    st.markdown(" · ".join(fact for fact in facts if fact))
    for warning in registry.version_warnings(entry.name):
        st.warning(translate(warning), icon=":material/warning:")
    with st.expander(
        _("Detalhes do modelo e tabela de modelos ({count})").format(count=len(entries)),
        icon=":material/info:",
        key="prediction_details",
        on_change="rerun",
    ) as body:
        if body.open:
            _all_details(entry)
            _table(entries)


def loaded(entry: registry.ModelEntry) -> prediction.LoadedModel | None:
    """Return the chosen model ready to predict, or say why it cannot be loaded."""
    try:
        with st.spinner(_("Carregando o modelo…"), show_time=True):
            return prediction.load(entry.name)
    except RegistryError as error:
        st.error(translate(error), icon=":material/lock:")
        st.page_link(
            "pages/registry.py", label=_("Modelos registrados"), icon=":material/inventory_2:"
        )
        return None


def version(entry: registry.ModelEntry) -> str:
    """Return the beginning of the model's SHA-256, enough to tell versions apart."""
    return (entry.sha256 or "")[:VERSION_CHARACTERS] or formats.MISSING


def ui_text(text: object) -> str:
    """Return a text that Markdown shows as it is."""
    return "".join("\\" + mark if mark in r"\`*_{}[]()#+-.!|$:~<>" else mark for mark in str(text))


def _option(entry: registry.ModelEntry) -> str:
    marks = [CHAMPION] if CHAMPION in entry.aliases else []
    if entry.quarantined:
        marks.append(_("em quarentena"))
    return entry.name + (f" ({', '.join(marks)})" if marks else "")


def _table(entries: list[registry.ModelEntry]) -> None:
    rows = [
        {
            _("Modelo"): _option(entry),
            _("Tipo"): _model_type(entry),
            _("Prevê"): entry.target or formats.MISSING,
            **_main_metrics(entry),
            _("Salvo em"): _moment(entry.saved_at),
            _("Versão"): version(entry),
        }
        for entry in entries
    ]
    table = pd.DataFrame(rows)
    metrics = {
        name: st.column_config.NumberColumn(name, format="%.3f")
        for name in MAIN_METRICS
        if name in table
    }
    st.dataframe(
        table,
        hide_index=True,
        key="prediction_models_table",
        column_config={
            **metrics,
            _("Salvo em"): st.column_config.DatetimeColumn(_("Salvo em"), format="localized"),
        },
    )


def _all_details(entry: registry.ModelEntry) -> None:
    if entry.notes:
        st.markdown(ui_text(entry.notes))
    metrics = entry.metrics or {}
    if metrics:
        table = pd.DataFrame({_("Métrica"): list(metrics), _("Valor"): list(metrics.values())})
        st.dataframe(table, hide_index=True, width="content", key="prediction_metrics")
    if entry.schema:
        st.dataframe(
            pd.DataFrame(
                {
                    _("Coluna"): [item.name for item in entry.schema],
                    _("Conteúdo"): [kind_name(item.kind) for item in entry.schema],
                    _("Visto no treino"): [seen(item) for item in entry.schema],
                    _("Pode faltar"): [item.nullable for item in entry.schema],
                }
            ),
            hide_index=True,
            key="prediction_schema",
        )
    by = entry.actor or formats.MISSING
    st.caption(
        _("Salvo por {actor}. Python {python}. SHA-256 {sha256}.").format(
            actor=ui_text(by), python=entry.python or formats.MISSING, sha256=f"`{entry.sha256}`"
        )
    )


def kind_name(kind: str) -> str:
    """Return a field's kind in the person's language."""
    return {
        "integer": _("número inteiro"),
        "number": _("número"),
        "boolean": _("sim ou não"),
        "category": _("categoria"),
        "text": _("texto"),
        "datetime": _("data"),
    }.get(kind, kind)


def seen(item: registry.Field) -> str:
    """Return what training saw of a field: its range or its categories; empty when unknown."""
    if item.kind == "datetime" and item.minimum is not None:
        limits = [
            formats.moment(pd.Timestamp(limit).tz_localize("UTC"), language())
            for limit in (item.minimum, item.maximum)
        ]
        return _("{low} a {high}").format(low=limits[0], high=limits[1])
    if item.minimum is not None and item.maximum is not None:
        return _("{low} a {high}").format(
            low=formats.number(item.minimum, language()),
            high=formats.number(item.maximum, language()),
        )
    if item.categories:
        shown = ", ".join(item.categories[:5])
        more = len(item.categories) - 5
        return shown + (" " + _("e mais {count}").format(count=more) if more > 0 else "")
    return ""


def _model_type(entry: registry.ModelEntry) -> str:
    metadata = entry.metadata or {}
    return str(metadata.get("model_type") or metadata.get("model_name") or _("tipo desconhecido"))


def _main_metrics(entry: registry.ModelEntry) -> dict[str, float]:
    metrics = entry.metrics or {}
    return {name: metrics[name] for name in MAIN_METRICS if name in metrics}


def _figure(value: float) -> str:
    return formats.number(float(value), language(), decimals=3)


def _moment(value: dt.datetime | str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
