"""The versions that were built: a table, and the one whose details are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from src import finetuning
from src.dashboard import formats, markdown, ui
from src.dashboard.finetuning import words
from src.dashboard.i18n import _, ngettext
from src.finetuning import TrainingSet

ADDRESS = "conjunto"
"""The chosen version in the address: name and number, as in ``bia/2``."""

SHOWN = 8


def tabs() -> Sequence[Any]:
    """Draw the two questions of the screen; which one is open is in the address."""
    return st.tabs(
        [_("Conjuntos"), _("Vale a pena?")], key="aba", on_change="rerun", bind="query-params"
    )


def versions() -> list[TrainingSet]:
    """Return every version, newest first."""
    return finetuning.list_sets()


def open_next(name: str, version: int) -> None:
    """Let the address name this version, so that the next run shows it."""
    st.query_params[ADDRESS] = f"{name}/{version}"


def forget() -> None:
    """Let the address name none; the newest is shown then."""
    st.query_params.pop(ADDRESS, None)


def choose(found: Sequence[TrainingSet]) -> TrainingSet | None:
    """Draw the table and return the version to show: that of the address, or the newest."""
    if not found:
        return None
    known = {f"{one.name}/{one.version}": one for one in found}
    asked = st.query_params.get(ADDRESS)
    if asked is not None and asked not in known:
        st.warning(
            _(
                "O conjunto «{name}» não existe nessa versão. Ele pode ter sido excluído; escolha "
                "outro na tabela ou procure na lixeira, no fim da página."
            ).format(name=markdown.escape(asked)),
            icon=":material/warning:",
        )
    chosen = known.get(asked or "", found[0])
    _table(list(known), found, f"{chosen.name}/{chosen.version}")
    return chosen


def _table(names: list[str], found: Sequence[TrainingSet], marked: str) -> None:
    key = f"finetuning_table_{len(names)}_{names[0]}"
    wanted = [names.index(marked)]
    present = st.session_state.get(key)
    if present is None or present["selection"]["rows"] != wanted:
        st.session_state[key] = {"selection": {"rows": wanted, "columns": [], "cells": []}}

    def mark() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        if rows:
            name, version = names[rows[0]].rsplit("/", 1)
            open_next(name, int(version))

    frame = pd.DataFrame(
        {
            "name": [one.name for one in found],
            "version": [one.version for one in found],
            "result": [words.result(one.result) for one in found],
            "total": [sum(one.examples.values()) for one in found],
            "train": [one.examples["train"] for one in found],
            "validation": [one.examples["validation"] for one in found],
            "test": [one.examples["test"] for one in found],
            "tokens": [sum(one.tokens.values()) for one in found],
            "created_at": [one.created_at for one in found],
            "actor": [one.actor or None for one in found],
        }
    )
    number = st.column_config.NumberColumn
    st.dataframe(
        frame,
        hide_index=True,
        key=key,
        on_select=mark,
        selection_mode="single-row-required",
        height="content" if len(names) <= SHOWN else 320,
        placeholder=formats.MISSING,
        alt=_("Versões dos conjuntos de dados, da mais nova à mais antiga"),
        column_config={
            "name": st.column_config.TextColumn(_("Conjunto"), width=125),
            "version": number(_("Versão"), format="v%d", width=60),
            "result": st.column_config.TextColumn(_("Parecer"), width=132),
            "total": number(_("Exemplos"), format="localized", width=78),
            "train": number(_("Treino"), format="localized", width=62),
            "validation": number(_("Validação"), format="localized", width=76),
            "test": number(_("Teste"), format="localized", width=56),
            "tokens": number(_("Tokens"), format="localized", width=78),
            "created_at": ui.moment_column(_("Montado em"), width=122),
            "actor": st.column_config.TextColumn(_("Por"), width=110),
        },
    )
    st.caption(
        ngettext("{count} versão", "{count} versões", len(names))
        + ". "
        + _("Marque uma para ver os detalhes abaixo.")
    )
