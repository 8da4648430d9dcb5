"""The list of tables, and the one that is open."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from src import datasets
from src.config import get_settings
from src.dashboard.i18n import _, language

CHOICE = "tabela"
"""Widget key and name in the address."""


def choose(tables: list[datasets.Dataset]) -> datasets.Dataset:
    """Draw the list and return the table that the person opened; it is in the address."""
    names = [table.name for table in tables]
    asked = st.query_params.get(CHOICE)
    if asked is not None and asked not in names:
        st.warning(
            _("A tabela «{name}» não existe. Ela pode ter sido excluída; escolha outra.").format(
                name=asked
            )
        )
    if st.session_state.get(CHOICE) not in (None, *names):
        del st.session_state[CHOICE]
    with st.expander(
        _("Todas as tabelas ({count})").format(count=len(tables)), icon=":material/list:"
    ):
        _all(tables)
    if asked not in names:
        st.session_state.setdefault(CHOICE, names[0])
    name = st.selectbox(
        _("Tabela aberta"),
        names,
        index=None,  # a default would stay out of the address
        required=True,
        key=CHOICE,
        bind="query-params",
        icon=":material/table:",
    )
    return next(table for table in tables if table.name == (name or names[0]))


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
            "imported_at": st.column_config.DatetimeColumn(
                _("Importada em"), format=_moment_format(), timezone=get_settings().timezone
            ),
            "actor": _("Por"),
            "source": _("Origem"),
        },
    )


def _moment_format() -> str:
    return "DD/MM/YYYY HH:mm" if language() == "pt_BR" else "YYYY-MM-DD HH:mm"
