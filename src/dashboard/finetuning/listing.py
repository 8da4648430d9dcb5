"""The versions that were built: a table, and the one whose details are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from src.dashboard import formats, markdown, ui
from src.dashboard.finetuning import words
from src.dashboard.i18n import _, ngettext
from src.dashboard.parts import table
from src.finetuning import TrainingSet

ADDRESS = "conjunto"
"""The chosen version in the address: name and number, as in ``bia/2``."""

SHOWN = 8


def tabs() -> Sequence[Any]:
    """Draw the two questions of the screen; which one is open is in the address."""
    return st.tabs(
        [_("Conjuntos"), _("Vale a pena?")], key="aba", on_change="rerun", bind="query-params"
    )


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
    ui.mark_rows(key, [names.index(marked)])

    def mark() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        if rows:
            name, version = names[rows[0]].rsplit("/", 1)
            open_next(name, int(version))

    count = table.count
    table.draw(
        found,
        {
            "name": (lambda one: one.name, table.text(_("Conjunto"), 125)),
            "version": (
                lambda one: one.version,
                st.column_config.NumberColumn(_("Versão"), format="v%d", width=60),
            ),
            "result": (lambda one: words.result(one.result), table.text(_("Parecer"), 132)),
            "total": (lambda one: sum(one.examples.values()), count(_("Exemplos"), 78)),
            "train": (lambda one: one.examples["train"], count(_("Treino"), 62)),
            "validation": (lambda one: one.examples["validation"], count(_("Validação"), 76)),
            "test": (lambda one: one.examples["test"], count(_("Teste"), 56)),
            "tokens": (lambda one: sum(one.tokens.values()), count(_("Tokens"), 78)),
            "created_at": (
                lambda one: one.created_at,
                ui.moment_column(_("Montado em"), width=122),
            ),
            "actor": (lambda one: one.actor or None, table.text(_("Por"), 110)),
        },
        key=key,
        on_select=mark,
        selection_mode="single-row-required",
        height="content" if len(names) <= SHOWN else 320,
        placeholder=formats.MISSING,
        alt=_("Versões dos conjuntos de dados, da mais nova à mais antiga"),
    )
    st.caption(
        ngettext("{count} versão", "{count} versões", len(names))
        + ". "
        + _("Marque uma para ver os detalhes abaixo.")
    )
