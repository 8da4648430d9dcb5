"""Two or more models side by side: figures, settings, columns, versions."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import pandas as pd
import streamlit as st

from src import registry, training
from src.dashboard import formats, markdown, ui
from src.dashboard.i18n import _, ngettext
from src.dashboard.parts import fields
from src.dashboard.registry import words
from src.errors import RegistryError, TrainingError

BEST = "★"

Entries = list[registry.ModelEntry]


def show(names: list[str]) -> None:
    """Draw the chosen models beside each other, the best figure of each metric marked."""
    entries = []
    for name in names:
        try:
            entries.append(registry.get_model(name))
        except RegistryError as error:
            st.error(markdown.said(error), icon=":material/error:")
    if len(entries) < 2:
        return
    st.subheader(
        ngettext("{count} modelo lado a lado", "{count} modelos lado a lado", len(entries))
    )
    _fairness(entries)
    _figures(entries)
    _settings(entries)
    _columns(entries)
    _versions(entries)


def _fairness(entries: Entries) -> None:
    """Say when the figures are not of the same question."""
    if len({(entry.task, entry.target) for entry in entries}) > 1:
        st.warning(
            _("Os modelos não preveem a mesma coisa; as métricas não servem para escolher."),
            icon=":material/balance:",
        )
    elif len({entry.data_fingerprint for entry in entries}) > 1:
        st.warning(
            _(
                "Os modelos não foram treinados com os mesmos dados; parte da diferença entre as "
                "métricas pode vir deles."
            ),
            icon=":material/balance:",
        )


def _draw(
    table: pd.DataFrame,
    first: str,
    *,
    key: str,
    width: int = 150,
    alignment: Literal["left", "right"] = "left",
) -> None:
    st.dataframe(
        table,
        key=key,
        height="content" if len(table) <= 12 else 458,
        placeholder=formats.MISSING,
        alt=first,
        column_config={
            "_index": st.column_config.TextColumn(first, width=width),
            **{
                name: st.column_config.TextColumn(name, alignment=alignment)
                for name in table.columns
            },
        },
    )


def _figures(entries: Entries) -> None:
    found = [words.figures({"metrics": entry.metrics}) for entry in entries]
    names = words.ranked({name: 0.0 for each in found for name in each}, entries[0].task)
    if not names:
        st.caption(_("Nenhum deles tem métricas."))
        return
    rows = {name: _marked(name, [each.get(name) for each in found]) for name in names}
    _draw(
        pd.DataFrame.from_dict(rows, orient="index", columns=[entry.name for entry in entries]),
        _("Métrica"),
        key="registry_compare_figures",
        width=80,
        alignment="right",
    )
    st.caption(_("{mark} marca o melhor valor de cada métrica.").format(mark=BEST))


def _marked(name: str, values: list[float | None]) -> list[str]:
    known = words.metric(name)
    numbers = [value for value in values if value is not None and math.isfinite(value)]
    best = None
    if known and len(set(numbers)) > 1:
        best = max(numbers) if known.greater_is_better else min(numbers)
    return [
        formats.MISSING
        if value is None
        else (f"{BEST} " if value == best else "") + words.figure(value)
        for value in values
    ]


def _settings(entries: Entries) -> None:
    rows: dict[str, Callable[[registry.ModelEntry], str]] = {
        _("Tipo"): lambda entry: words.model_type(entry.metadata),
        _("Tarefa"): lambda entry: words.task(entry.task),
        _("Alvo"): lambda entry: entry.target or formats.MISSING,
        _("Tabela"): lambda entry: str(entry.metadata.get("dataset") or formats.MISSING),
        _("Salvo em"): lambda entry: formats.moment(entry.saved_at),
        _("Por"): lambda entry: entry.actor or _("anônimo"),
        _("Tamanho"): lambda entry: formats.size(entry.size),
        _("Apelidos"): lambda entry: ", ".join(entry.aliases) or formats.MISSING,
        _("Notas"): lambda entry: entry.notes or formats.MISSING,
    }
    columns = {
        entry.name: {label: write(entry) for label, write in rows.items()} | _training(entry)
        for entry in entries
    }
    ui.folded(
        _("Origem e configuração do treino"),
        lambda: _draw(
            pd.DataFrame(columns), _("Configuração"), key="registry_compare_settings_table"
        ),
        key="registry_compare_settings",
    )


def _training(entry: registry.ModelEntry) -> dict[str, str]:
    """Return the settings of the comparison a model came from, if that is still there."""
    comparison = entry.metadata.get("comparison_id")
    if not comparison:
        return {}
    try:
        settings = training.get_comparison(str(comparison)).settings
    except TrainingError:
        return {}
    ignored = ", ".join(settings.get("ignored_columns") or ()) or formats.MISSING
    return {
        _("Dobras"): str(settings.get("folds", formats.MISSING)),
        _("Tentativas de ajuste"): str(settings.get("tune_trials", formats.MISSING)),
        _("Semente"): str(settings.get("seed", formats.MISSING)),
        _("Colunas deixadas de fora"): ignored,
    }


def _columns(entries: Entries) -> None:
    facts = {
        entry.name: {
            item.name: " · ".join(
                part for part in (fields.kind(item.kind), fields.seen(item)) if part
            )
            for item in entry.schema or ()
        }
        for entry in entries
    }
    _differences(_("Colunas de entrada"), _("Coluna"), facts, key="registry_compare_columns")


def _versions(entries: Entries) -> None:
    facts = {
        entry.name: ({"Python": entry.python} if entry.python else {}) | entry.libraries
        for entry in entries
    }
    _differences(_("Versões"), _("Biblioteca"), facts, key="registry_compare_versions")


def _differences(title: str, first: str, facts: dict[str, dict[str, str]], *, key: str) -> None:
    """Draw what differs between the models, and count what does not."""
    names = list(dict.fromkeys(name for each in facts.values() for name in each))
    differing = [name for name in names if len({each.get(name) for each in facts.values()}) > 1]
    count = (
        ngettext("{count} diferença", "{count} diferenças", len(differing))
        if differing
        else _("nenhuma diferença")
    )

    def content() -> None:
        if differing:
            rows = {name: [each.get(name) for each in facts.values()] for name in differing}
            _draw(
                pd.DataFrame.from_dict(rows, orient="index", columns=list(facts)),
                first,
                key=f"{key}_table",
            )
        same = len(names) - len(differing)
        st.caption(ngettext("{count} igual em todos.", "{count} iguais em todos.", same))

    ui.folded(f"{title}: {count}", content, key=key)
