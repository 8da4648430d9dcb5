from src import datasets
from src.dashboard import datasets_import, datasets_list, datasets_profile, ui
from src.dashboard.i18n import _

ui.header(_("Tabelas"), _("O que há em cada tabela, e ela serve para treinar?"))
with ui.errors():
    datasets_import.settle()
    datasets_import.progress()
    tables = datasets.list_datasets()
    looking = datasets_import.add() if tables else datasets_import.first_steps()
    if tables:
        datasets_profile.show(datasets_list.choose(tables), primary=not looking)
