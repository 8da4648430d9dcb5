"""The registered models: which there are, what one of them is, and how several differ."""

from src.dashboard import ui
from src.dashboard.i18n import _
from src.dashboard.registry import intake, screen, trash

ui.header(_("Modelos registrados"), _("Que modelos há, de onde vieram, e qual deles usar?"))

with ui.errors():
    screen.body()

with ui.errors():
    intake.show()
    trash.show()
