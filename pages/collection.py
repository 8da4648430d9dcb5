"""Whether the collection is healthy, and how far it is from enough."""

from src import collection
from src.dashboard import (
    alerts_panel,
    collection_erasure,
    collection_figures,
    collection_files,
    collection_live,
    collection_period,
    collection_pictures,
    collection_site,
    collection_training,
    ui,
)
from src.dashboard.i18n import _

ui.header(
    _("Coleta de dados"),
    _("A coleta do site está saudável, e quanto falta para treinar um modelo com ela?"),
)
with ui.errors():
    collection_training.settle()
    if collection_figures.is_empty(collection.overview()):
        collection_site.empty()
        collection_files.draw(None, ())
        alerts_panel.draw(collection.alert_rules(), key="collection")
    else:
        period = collection_period.choose()
        standing = collection_live.now(period)
        if standing.silent:
            collection_site.draw(silent=True)
        collection_training.draw(ready=standing.ready)
        kinds = collection_pictures.choose_kinds()
        collection_live.pictures(period, kinds)
        collection_files.draw(period, kinds)
        alerts_panel.draw(collection.alert_rules(), key="collection")
        if not standing.silent:
            collection_site.draw(silent=False)
        collection_erasure.draw()
