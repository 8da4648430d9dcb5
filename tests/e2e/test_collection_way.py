"""From the first event to a comparison, in a real browser against the running dashboard."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from src import collection, datasets
from src.persistence import utc_now
from tests import collection_world
from tests.e2e.screens import TRAINING, choose, chosen, open_screen, settled


def recent_events(sessions: int) -> list[dict[str, Any]]:
    """Return what people did in the last three weeks, until some minutes ago."""
    made = collection_world.events(collection_world.showings(sessions, days=21, shown=6))
    shift = utc_now() - dt.timedelta(minutes=5) - dt.datetime.fromisoformat(made[-1]["timestamp"])
    for event in made:
        event["timestamp"] = (dt.datetime.fromisoformat(event["timestamp"]) + shift).isoformat()
    return made


def test_events_arrive_by_themselves_and_become_a_table_to_train_on(
    page: Any, inside: Any, tmp_path: Path
) -> None:
    datasets.add_sample("leituras_sensores", actor="ana")
    datasets.add_sample("breast_cancer", actor="ana")
    open_screen(page, "/treinar")
    choose(page, "tabela", "leituras_sensores")
    page.wait_for_function("document.querySelector('.st-key-alvo input').value === 'estado'")
    page.get_by_role("link", name="Coleta de dados").first.click()
    page.get_by_text("Nenhum evento ainda").wait_for()

    events = recent_events(160)
    assert collection.record_many(events[:400]).accepted == 400
    page.get_by_role("heading", name="Quanto falta").wait_for()  # nobody has touched the page
    train = page.locator(".st-key-collection_train button")
    train.wait_for()
    assert train.is_disabled()

    collection.record_many(events)
    assert collection.overview().interactions >= 500
    page.locator(".st-key-collection_train button:enabled").wait_for()
    settled(page)

    train.click()
    page.get_by_role("button", name="Treinar e comparar modelos").wait_for(timeout=TRAINING)
    settled(page)
    # Of this table, and not of the one that was chosen here before.
    assert chosen(page, "tabela") == "eventos_whatsapp_contact"
    assert chosen(page, "alvo") == "whatsapp_contact"
    table = datasets.get("eventos_whatsapp_contact")
    assert [column.name for column in table.columns][-1] == "whatsapp_contact"


def test_the_file_that_was_prepared_is_downloaded(page: Any, inside: Any, tmp_path: Path) -> None:
    open_screen(page, "/coleta?periodo=Tudo")
    page.locator("summary").filter(has_text="Exportar e importar").click()
    page.locator(".st-key-collection_export button").click()
    button = page.locator(".st-key-collection_download button")
    button.wait_for(timeout=TRAINING)
    with page.expect_download() as download:
        button.click()
    path = tmp_path / "user_interactions.json"
    download.value.save_as(path)
    again = collection.import_json(path)
    assert again.accepted == 0
    assert again.duplicates == collection.overview().interactions
