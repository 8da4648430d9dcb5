"""Data sets made of reviewed conversations, and whether training a model on them pays."""

from src import conversations, finetuning
from src.dashboard import ui
from src.dashboard.finetuning import build, details, empty, listing, own_file, trash
from src.dashboard.finetuning import decision as finetuning_decision
from src.dashboard.i18n import _

ui.header(
    _("Conjuntos de dados"),
    _("Com que conversas um modelo aprenderia, e vale a pena treiná-lo?"),
)
sets, decision = listing.tabs()
if sets.open:
    with sets, ui.errors():
        running = build.settle()
        trash.TRASH.undo()
        versions = finetuning.list_sets()
        stored = conversations.list_conversations(limit=1).total
        ui.watch_all(running, key="finetuning")
        if stored:
            build.draw(stored, versions)
        elif not versions:
            empty.no_conversations()
        chosen = listing.choose(versions)
        if chosen is not None:
            details.draw(chosen)
        own_file.draw()
        trash.draw()
if decision.open:
    with decision, ui.errors():
        finetuning_decision.draw()
