import streamlit as st

from src import datasets
from src.dashboard import ui
from src.dashboard.datasets import intake, listing, profile
from src.dashboard.i18n import _

ui.header(_("Tabelas"), _("O que há em cada tabela, e ela serve para treinar?"))
with ui.errors():
    importing = ui.watch_all(intake.settle(), key="tabelas")
    tables = datasets.list_datasets()
    looking = intake.add() if tables or importing else intake.first_steps()
    if tables:
        listing.show_all(tables)
        table_column, target_column = st.columns(2)
        with table_column:
            table = listing.choose(tables)
        with target_column:
            target = profile.choose_target(table)
        profile.show(table, target, primary=not looking)
