"""The screen *Coleta de dados*: empty, collecting, ready, silent, wrong, and what can be done."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from src import access, alerts, collection, config, datasets, features, jobs
from src.config import PROJECT_ROOT
from src.dashboard.collection import checks
from src.dashboard.parts import alerts as alert_panel
from src.errors import InvalidEvent, StorageError
from src.messages import Message
from src.persistence import utc_now
from tests import collection_world

SCRIPT = str(PROJECT_ROOT / "pages" / "collection.py")
EVIL = '<img src=x onerror="alert(1)">'


@pytest.fixture(autouse=True)
def no_api(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let nobody answer on the API's port, whatever runs on this machine."""
    monkeypatch.setenv("BANCADA_API_PORT", "1")
    config.get_settings.cache_clear()
    checks.forget()
    yield
    checks.forget()


def collect(sessions: int = 40, *, impressions: bool = True, **changes: Any) -> int:
    """Store the events of some sessions of the last two weeks; return how many interactions."""
    shown = collection_world.showings(sessions, days=14, shown=6)
    made = collection_world.events(shown, impressions=impressions)
    shift = utc_now() - dt.timedelta(minutes=5) - dt.datetime.fromisoformat(made[-1]["timestamp"])
    for event in made:
        event["timestamp"] = (dt.datetime.fromisoformat(event["timestamp"]) + shift).isoformat()
        event.update(changes)
    collection.record_many(made)
    return int(collection.stats()["total_interactions"])


def opened(**address: str) -> AppTest:
    page = AppTest.from_file(SCRIPT, default_timeout=180)
    for name, value in address.items():
        page.query_params[name] = value
    return page.run()


def with_alerts() -> AppTest:
    """Open the page with the alerts unfolded."""
    page = AppTest.from_file(SCRIPT, default_timeout=180)
    page.session_state[alert_panel.folded("collection")] = True
    return page.run()


def texts(page: AppTest) -> str:
    elements = [*page.markdown, *page.caption, *page.warning, *page.error, *page.info]
    return "\n".join(str(element.value) for element in [*elements, *page.success])


def figures(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def run_queued() -> None:
    """Do what a worker process would: the oldest queued job."""
    from src.jobs import store
    from src.jobs.worker import run

    job = store.claim("test:1:0")
    assert job is not None
    run(job, "test:1:0")


def test_before_the_first_event_the_snippet_and_the_checklist_are_shown() -> None:
    page = opened()
    assert not page.exception
    assert not page.error
    assert "Nenhum evento ainda" in texts(page)
    assert '/tracker.js" data-key=' in page.code[0].value
    assert "Ninguém responde em `http://127.0.0.1:1`" in texts(page)
    assert not page.metric


def test_the_snippet_has_the_public_key_and_never_the_other() -> None:
    keys = access.load_keys()
    page = opened()
    assert f'data-key="{keys.write}"' in page.code[0].value
    assert all(keys.read not in element.value for element in [*page.code, *page.markdown])


def test_a_few_events_show_figures_goals_and_why_training_waits() -> None:
    count = collect()
    assert 100 < count < 500
    page = opened()
    assert not page.exception
    assert not page.error
    found = figures(page)
    assert found["Interações"] == str(count)
    assert found["Sessões"] == str(collection.overview().sessions)
    assert found["Último evento há"] == "5 min"
    assert f"Faltam {500 - count} interações" in texts(page)
    button = page.button(key="collection_train")
    assert button.disabled
    assert button.proto.type == "secondary"


def test_with_enough_interactions_training_is_the_one_primary_button() -> None:
    assert collect(150) >= 500
    page = opened()
    primary = [button for button in page.button if button.proto.type == "primary"]
    assert [button.key for button in primary] == ["collection_train"]
    assert not primary[0].disabled


def test_training_builds_the_table_and_opens_it(monkeypatch: pytest.MonkeyPatch) -> None:
    collect(150)
    page = opened()
    page.selectbox(key="collection_target").select(collection.InteractionType.CLICK).run()
    page.button(key="collection_train").click().run()
    assert "Montando a tabela de treino" in texts(page)
    run_queued()
    went: list[Any] = []
    monkeypatch.setattr(
        "src.dashboard.navigation.go", lambda script, **choices: went.append((script, choices))
    )
    page.run()
    (table,) = datasets.list_datasets()
    assert went == [("pages/training.py", {"tabela": table.name, "alvo": "click"})]
    assert "click" in [column.name for column in table.columns]


def test_a_target_that_the_types_do_not_allow_says_what_is_missing() -> None:
    collect(150, impressions=False)
    page = opened()
    page.selectbox(key="collection_target").select(collection.InteractionType.CLICK).run()
    assert page.button(key="collection_train").disabled
    assert "Faltam exibições" in texts(page)


def test_filters_come_from_the_address() -> None:
    collect()
    week = collection.overview(
        utc_now().astimezone(dt.timezone(dt.timedelta(hours=-3))).date() - dt.timedelta(days=6)
    )
    page = opened(periodo="7 dias", tipos="Exibições")
    assert figures(page)["Interações"] == str(week.interactions)
    assert page.pills(key="tipos").value == [collection.InteractionType.IMPRESSION]


def test_a_period_of_ones_own_is_in_the_address_and_may_hold_nothing() -> None:
    collect()
    page = opened(periodo="Outro", de="2020-01-01", ate="2020-01-31")
    assert not page.exception
    assert not page.error
    assert figures(page)["Interações"] == "0"
    assert "Nenhum evento destes tipos no período" in texts(page)
    assert "Atualiza a cada" not in texts(page)


def test_a_choice_in_the_address_that_does_not_exist_is_the_usual_one() -> None:
    collect()
    page = opened(periodo="1 século", tipos="<b>x</b>")
    assert not page.exception
    assert page.segmented_control(key="periodo").value == "30"


def test_texts_of_the_site_are_shown_as_text() -> None:
    car = {
        "marca": f"**{EVIL}**",
        "modelo": "[x](javascript:alert(1))",
        "ano": 2020,
        "preco": 1.0,
        "categoria": "SUV",
    }
    collect(car_id="=HYPERLINK(1)", car_details=car)
    collection.record_many([{EVIL: 1}, {"session_id": EVIL}])
    page = opened()
    assert not page.exception
    (table,) = [frame.value for frame in page.dataframe if "car_id" in frame.value]
    assert table["car_id"].tolist() == ["'=HYPERLINK(1)"]
    assert table["car"][0].startswith("**<img")  # a cell of a table is text
    assert EVIL not in texts(page)
    assert not any(element.proto.allow_html for element in page.markdown)


def test_rejected_events_are_counted_by_reason_in_words() -> None:
    collect()
    for _ in range(3):
        with pytest.raises(InvalidEvent):
            collection.record({"id": "x"})
    page = opened()
    (table,) = [frame.value for frame in page.dataframe if "reason" in frame.value]
    assert table["events"].tolist() == [3]
    assert table["reason"].tolist() == ["session_id: falta"]


def test_quality_targets_say_what_is_missing() -> None:
    collect()
    page = opened()
    sessions = collection.overview().sessions
    assert f"A meta é mais de 100: faltam {101 - sessions}." in texts(page)
    assert figures(page)["Taxa de erro"].startswith("0,0")


def test_silence_is_said_and_opens_the_diagnosis(monkeypatch: pytest.MonkeyPatch) -> None:
    collect()
    later = utc_now() + dt.timedelta(hours=30)
    monkeypatch.setattr("src.collection.alerts.utc_now", lambda: later)
    page = opened()
    assert "Nenhum evento chega há 30 h" in page.warning[0].value
    assert "Ninguém responde em" in texts(page)


def test_a_further_rule_of_the_collection_is_told_at_the_top_when_it_fires(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    collect()
    full = alerts.State("cheio", alerts.Severity.ALARM)
    found = alerts.Reading("full", True, Message("O disco está quase cheio."))
    rule = alerts.Rule("disk", Message("Disco"), lambda: found, {"full": full})
    rules = (*collection.alert_rules(), rule)
    monkeypatch.setattr(collection, "alert_rules", lambda: rules)
    page = opened()
    assert [error.value for error in page.error] == ["O disco está quase cheio."]


def test_the_diagnosis_is_not_run_while_it_is_folded() -> None:
    collect()
    assert "Ninguém responde em" not in texts(opened())


def test_an_alert_can_be_tested_and_the_test_is_in_the_log() -> None:
    collect()
    page = with_alerts()
    page.session_state["actor"] = "Ana"
    page.button(key="collection_test_silence").click().run()
    assert not page.exception
    assert "nada foi enviado" in texts(page)
    (logged,) = alerts.history(["silence"])
    assert (logged.kind, logged.actor) == (alerts.Kind.TEST, "Ana")


def test_the_webhook_is_named_by_its_host_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANCADA_ALERT_WEBHOOK_URL", "https://hooks.exemplo.com/T0/geheim")
    config.get_settings.cache_clear()
    collect()
    said = texts(with_alerts())
    assert "hooks.exemplo.com" in said.replace("\\", "")
    assert "geheim" not in said


def test_an_export_is_prepared_by_a_job_and_offered() -> None:
    collect()
    page = opened(periodo="Tudo")
    page.selectbox(key="collection_form").select("ndjson").run()
    page.button(key="collection_export").click().run()
    run_queued()
    page.run()
    assert not page.exception
    (job,) = jobs.list_jobs(handler="collection.export")
    assert job.result is not None
    lines = Path(job.result["path"]).read_text("utf-8").splitlines()
    assert len(lines) == collection.overview().interactions  # impressions are not chosen
    assert page.get("download_button")


def test_an_import_says_what_was_new_known_and_refused(tmp_path: Path) -> None:
    collect()
    path = tmp_path / "user_interactions.json"
    collection.export_json(path)
    known = json.loads(path.read_text("utf-8"))["interactions"][:3]
    new = {**known[0], "id": "new"}
    content = json.dumps({"interactions": [*known, new, {**new, "id": "bad", "match_score": 2}]})
    page = opened()
    page.file_uploader[0].upload("user_interactions.json", content.encode(), "application/json")
    page.run()
    page.button(key="collection_import").click().run()
    run_queued()
    page.run()
    assert not page.exception
    assert "1 novo · 3 já estavam aqui · 1 recusado" in texts(page)
    reasons = [frame.value for frame in page.dataframe if "reason" in frame.value]
    assert any("match_score: está acima do máximo" in list(table["reason"]) for table in reasons)


def test_a_file_that_is_not_the_documented_one_is_refused_in_words() -> None:
    page = opened()
    page.file_uploader[0].upload("x.json", b'{"cars": []}', "application/json").run()
    page.button(key="collection_import").click().run()
    run_queued()
    page.run()
    assert page.error[0].value.startswith("x.json não tem a lista «interactions»")


def test_a_session_is_erased_only_after_confirmation() -> None:
    collect()
    session = collection_world.session_id(3)
    before = collection.overview().interactions
    page = opened()
    page.text_input(key="collection_session").input(session)
    next(button for button in page.button if button.label == "Procurar").click().run()
    assert "serão apagados" in texts(page)
    assert collection.count_session(session) > 0
    page.button(key="collection_erase_confirm").click().run()
    assert not page.exception
    assert collection.count_session(session) == 0
    assert collection.overview().interactions < before


def test_an_erased_session_leaves_the_tables_made_of_the_collection_too() -> None:
    collect()
    features.build_table("whatsapp_contact", actor="ana")
    features.build_table("whatsapp_contact", name="minha", actor="ana")
    session = collection_world.session_id(3)
    assert (datasets.load("eventos_whatsapp_contact")["session_id"] == session).any()
    page = opened()
    page.text_input(key="collection_session").input(session)
    next(button for button in page.button if button.label == "Procurar").click().run()
    page.button(key="collection_erase_confirm").click().run()
    assert any("minha" in toast.value for toast in page.toast)
    run_queued()
    left = datasets.load("eventos_whatsapp_contact")["session_id"]
    assert len(left) > 0
    assert not (left == session).any()


def test_a_session_that_is_not_there_is_said_with_its_name_as_text() -> None:
    collect()
    page = opened()
    page.text_input(key="collection_session").input(f"**{EVIL}**")
    next(button for button in page.button if button.label == "Procurar").click().run()
    assert "Nenhum evento da sessão" in texts(page)
    assert EVIL not in texts(page)


def test_a_database_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    collect()

    def silent(*_span: Any) -> collection.Overview:
        raise StorageError("O banco de dados não respondeu.")

    monkeypatch.setattr(collection, "overview", silent)
    page = opened()
    assert not page.exception
    assert [error.value for error in page.error] == ["O banco de dados não respondeu."]


def test_the_page_speaks_english() -> None:
    collect()
    page = AppTest.from_file(SCRIPT, default_timeout=180)
    page.session_state["language"] = "en"
    page.run()
    assert not page.exception
    assert page.metric[0].value == str(collection.overview().interactions)
