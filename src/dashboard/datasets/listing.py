"""The list of tables, and the one that is open."""

from __future__ import annotations

import streamlit as st

from src import datasets
from src.dashboard import ui
from src.dashboard.i18n import _, ngettext
from src.dashboard.parts import table

ADDRESS = "tabela"
"""The open table's name in the address."""

_CHOICE = "tabelas_aberta"
_WRITTEN = "tabelas_no_endereco"


def open_next(name: str) -> None:
    """Open this table when the choice is drawn the next time."""
    st.session_state[_CHOICE] = name


def choose(tables: list[datasets.Dataset]) -> datasets.Dataset:
    """Draw the choice of a table, which is in the address, and return the open one.

    The address is written here rather than by ``bind``, which leaves out what a program chose: a
    link copied right after an import would lead to whatever table is the newest by then.
    """
    names = [one.name for one in tables]
    asked = st.query_params.get(ADDRESS)
    if asked is not None and asked not in names:
        st.warning(
            _("A tabela «{name}» não existe. Ela pode ter sido excluída; escolha outra.").format(
                name=asked
            )
        )
    if asked in names and asked != st.session_state.get(_WRITTEN):
        st.session_state[_CHOICE] = asked
    if st.session_state.get(_CHOICE) not in names:
        st.session_state[_CHOICE] = names[0]
    name = st.selectbox(_("Tabela aberta"), names, key=_CHOICE, icon=":material/table:")
    st.session_state[_WRITTEN] = name
    if asked != name:
        st.query_params[ADDRESS] = name
    return tables[names.index(name)]


def show_all(tables: list[datasets.Dataset]) -> None:
    """Draw the list of all tables, folded away."""
    label = ngettext("{count} tabela", "{count} tabelas", len(tables))
    with st.expander(label, icon=":material/list:"):
        table.draw(
            tables,
            {
                "name": (lambda one: one.name, _("Tabela")),
                "rows": (lambda one: one.rows, table.count(_("Linhas"))),
                "columns": (lambda one: len(one.columns), table.count(_("Colunas"))),
                "imported_at": (
                    lambda one: one.imported_at,
                    ui.moment_column(_("Importada em")),
                ),
                "actor": (lambda one: one.actor, _("Por")),
                "source": (lambda one: one.source, _("Origem")),
            },
            key="tabelas_lista",
        )
