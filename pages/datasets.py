import streamlit as st

from src import datasets
from src.dashboard import datasets_import, datasets_list, datasets_profile, ui
from src.dashboard.i18n import _

ui.header(_("Tabelas"), _("O que há em cada tabela, e ela serve para treinar?"))
with ui.errors():
    datasets_import.settle()
    importing = datasets_import.progress()
    tables = datasets.list_datasets()
    looking = datasets_import.add() if tables or importing else datasets_import.first_steps()
    if tables:
        datasets_list.show_all(tables)
        table_column, target_column = st.columns(2)
        with table_column:
            table = datasets_list.choose(tables)
        with target_column:
            target = datasets_profile.choose_target(table)
        datasets_profile.show(table, target, primary=not looking)
