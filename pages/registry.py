"""The registered models: which there are, what one of them is, and how several differ."""

from src import registry
from src.dashboard import ui
from src.dashboard.i18n import _
from src.dashboard.registry import (
    comparison,
    details,
    empty,
    intake,
    listing,
    notices,
    quarantine,
    trash,
)
from src.errors import RegistryError

ui.header(_("Modelos registrados"), _("Que modelos há, de onde vieram, e qual deles usar?"))

with ui.errors():
    records = registry.list_models()
    notices.show(records)
    trash.undo()
    if records:
        shown = listing.filters(records)
        chosen = listing.chosen(records)
        listing.table(shown, len(records), chosen)
        with ui.errors():
            if len(chosen) > 1:
                comparison.show(chosen)
            elif chosen:
                try:
                    entry = registry.get_model(chosen[0])
                except RegistryError as error:
                    details.unreadable(chosen[0], error)
                else:
                    (quarantine if entry.quarantined else details).show(entry)
    else:
        empty.no_models(
            _(
                "Aqui ficam os modelos que você salvar: métricas, origem, versões e assinatura. "
                "Treine e salve um, ou importe um arquivo abaixo."
            ),
            key="registry_train",
        )

with ui.errors():
    intake.show()
    trash.show()
