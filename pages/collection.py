"""Whether the collection is healthy, and how far it is from enough."""

from src import collection
from src.dashboard import ui
from src.dashboard.collection import erasure, figures, files, live, pictures, site, to_training
from src.dashboard.i18n import _
from src.dashboard.parts import alerts, periods

ui.header(
    _("Coleta de dados"),
    _("A coleta do site está saudável, e quanto falta para treinar um modelo com ela?"),
)
with ui.errors():
    building = to_training.settle()
    if figures.is_empty(collection.overview()):
        site.empty()
        files.draw(None, ())
        alerts.draw(collection.alert_rules(), key="collection")
    else:
        period = periods.choose()
        standing = live.now(period)
        if standing.silent:
            site.draw(silent=True)
        to_training.draw(building, ready=standing.ready)
        kinds = pictures.choose_kinds()
        live.pictures(period, kinds)
        files.draw(period, kinds)
        alerts.draw(collection.alert_rules(), key="collection")
        if not standing.silent:
            site.draw(silent=False)
        erasure.draw()
