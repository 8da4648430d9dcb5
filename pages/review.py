"""Real conversations, read and judged by people."""

from src import conversations
from src.dashboard import (
    conversations_import,
    conversations_list,
    review_criteria,
    review_desk,
    review_progress,
    review_tabs,
    ui,
)
from src.dashboard.i18n import _

ui.header(
    _("Revisão de conversas"),
    _("As respostas do assistente são boas? Pessoas leem, corrigem e decidem."),
)
with ui.errors():
    empty = not conversations.list_conversations(limit=1).total
    parts = review_tabs.choose()
    for name, draw in (
        (review_tabs.QUEUE, review_desk.draw),
        (review_tabs.BROWSE, conversations_list.draw),
        (review_tabs.IMPORT, conversations_import.draw),
        (review_tabs.PROGRESS, review_progress.draw),
        (review_tabs.CRITERIA, review_criteria.draw),
    ):
        if parts[name].open:
            with parts[name], ui.errors():
                if empty and name is not review_tabs.IMPORT:
                    conversations_import.invite()
                else:
                    draw()
