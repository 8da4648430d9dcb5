"""The registered models: which there are, what one of them is, and how several differ."""

from src import registry
from src.dashboard import (
    registry_alerts,
    registry_comparison,
    registry_details,
    registry_empty,
    registry_import,
    registry_list,
    registry_quarantine,
    registry_trash,
    ui,
)
from src.dashboard.i18n import _
from src.errors import RegistryError

ui.header(_("Modelos registrados"), _("Que modelos há, de onde vieram, e qual deles usar?"))

with ui.errors():
    records = registry.list_models()
    registry_alerts.show(records)
    registry_trash.undo()
    if records:
        shown = registry_list.filters(records)
        chosen = registry_list.chosen(records)
        registry_list.table(shown, len(records), chosen)
        with ui.errors():
            if len(chosen) > 1:
                registry_comparison.show(chosen)
            elif chosen:
                try:
                    entry = registry.get_model(chosen[0])
                except RegistryError as error:
                    registry_details.unreadable(chosen[0], error)
                else:
                    (registry_quarantine if entry.quarantined else registry_details).show(entry)
    else:
        registry_empty.no_models(
            _(
                "Aqui ficam os modelos que você salvar: métricas, origem, versões e assinatura. "
                "Treine e salve um, ou importe um arquivo abaixo."
            ),
            key="registry_train",
        )

with ui.errors():
    registry_import.show()
    registry_trash.show()
