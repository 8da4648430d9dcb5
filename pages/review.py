"""Real conversations, read and judged by people."""

from src import conversations
from src.dashboard import ui
from src.dashboard.i18n import _
from src.dashboard.review import criteria, desk, intake, listing, progress, tabs

ui.header(
    _("Revisão de conversas"),
    _("As respostas do assistente são boas? Pessoas leem, corrigem e decidem."),
)
with ui.errors():
    empty = not conversations.list_conversations(limit=1).total
    parts = tabs.choose()
    for name, draw in (
        (tabs.QUEUE, desk.draw),
        (tabs.BROWSE, listing.draw),
        (tabs.IMPORT, intake.draw),
        (tabs.PROGRESS, progress.draw),
        (tabs.CRITERIA, criteria.draw),
    ):
        if parts[name].open:
            with parts[name], ui.errors():
                if empty and name is not tabs.IMPORT:
                    intake.invite()
                else:
                    draw()
