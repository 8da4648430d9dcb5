from src.dashboard import ui
from src.dashboard.i18n import _
from src.dashboard.training import screen

ui.header(
    _("Treinar modelos"),
    _("Qual modelo prevê melhor nesta tabela, e a diferença entre os primeiros é real?"),
)

with ui.errors():
    screen.body()
