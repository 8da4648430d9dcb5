"""Data sets made of reviewed conversations, and whether training a model on them pays."""

from src import conversations
from src.dashboard import (
    finetuning_build,
    finetuning_decision,
    finetuning_details,
    finetuning_empty,
    finetuning_file,
    finetuning_list,
    finetuning_trash,
    ui,
)
from src.dashboard.i18n import _

ui.header(
    _("Conjuntos de dados"),
    _("Com que conversas um modelo aprenderia, e vale a pena treiná-lo?"),
)
sets, decision = finetuning_list.tabs()
if sets.open:
    with sets, ui.errors():
        finetuning_build.settle()
        finetuning_trash.undo()
        versions = finetuning_list.versions()
        stored = conversations.list_conversations(limit=1).total
        finetuning_build.progress()
        if stored:
            finetuning_build.draw(stored, versions)
        elif not versions:
            finetuning_empty.no_conversations()
        chosen = finetuning_list.choose(versions)
        if chosen is not None:
            finetuning_details.draw(chosen)
        finetuning_file.draw()
        finetuning_trash.draw()
if decision.open:
    with decision, ui.errors():
        finetuning_decision.draw()
