"""The list of tables, and the one that is open."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from src import datasets
from src.dashboard import ui
from src.dashboard.i18n import _, ngettext

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
    names = [table.name for table in tables]
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
    return next(table for table in tables if table.name == name)


def show_all(tables: list[datasets.Dataset]) -> None:
    """Draw the list of all tables, folded away."""
    label = ngettext("{count} tabela", "{count} tabelas", len(tables))
    with st.expander(label, icon=":material/list:"):
        _all(tables)


def _all(tables: list[datasets.Dataset]) -> None:
    frame = pd.DataFrame(
        {
            "name": [table.name for table in tables],
            "rows": [table.rows for table in tables],
            "columns": [len(table.columns) for table in tables],
            "imported_at": [table.imported_at for table in tables],
            "actor": [table.actor for table in tables],
            "source": [table.source for table in tables],
        }
    )
    number = st.column_config.NumberColumn
    st.dataframe(
        frame,
        hide_index=True,
        key="tabelas_lista",
        column_config={
            "name": _("Tabela"),
            "rows": number(_("Linhas"), format="localized"),
            "columns": number(_("Colunas"), format="localized"),
            "imported_at": ui.moment_column(_("Importada em")),
            "actor": _("Por"),
            "source": _("Origem"),
        },
    )
