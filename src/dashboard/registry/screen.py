"""What the page shows: the models and one of them or several side by side, or how to begin."""

from __future__ import annotations

from src import registry
from src.dashboard import ui
from src.dashboard.i18n import _
from src.dashboard.parts import no_models
from src.dashboard.registry import comparison, details, listing, notices, quarantine, trash
from src.errors import RegistryError


def body() -> None:
    """Draw what asks for a decision, the list of models, and those that are chosen in it."""
    records = registry.list_models()
    notices.show(records)
    trash.TRASH.undo()
    if not records:
        no_models.draw(
            _(
                "Aqui ficam os modelos que você salvar: métricas, origem, versões e assinatura. "
                "Treine e salve um, ou importe um arquivo abaixo."
            ),
            key="registry_train",
        )
        return
    shown = listing.filters(records)
    chosen = listing.chosen(records)
    listing.table(shown, len(records), chosen)
    with ui.errors():
        if len(chosen) > 1:
            comparison.show(chosen)
        elif chosen:
            _one(chosen[0])


def _one(name: str) -> None:
    try:
        entry = registry.get_model(name)
    except RegistryError as error:
        details.unreadable(name, error)
    else:
        (quarantine if entry.quarantined else details).show(entry)
