"""Real conversations, read and judged by people."""

from src import conversations
from src.dashboard import ui
from src.dashboard.i18n import _
from src.dashboard.parts import review_tabs
from src.dashboard.review import criteria, desk, intake, listing, progress

ui.header(
    _("Revisão de conversas"),
    _("As respostas do assistente são boas? Pessoas leem, corrigem e decidem."),
)

with ui.errors():
    empty = not conversations.list_conversations(limit=1).total
    parts = review_tabs.choose()
    for name, draw in (
        (review_tabs.QUEUE, desk.draw),
        (review_tabs.BROWSE, listing.draw),
        (review_tabs.IMPORT, intake.draw),
        (review_tabs.PROGRESS, progress.draw),
        (review_tabs.CRITERIA, criteria.draw),
    ):
        if parts[name].open:
            with parts[name], ui.errors():
                if empty and name is not review_tabs.IMPORT:
                    intake.invite()
                else:
                    draw()
