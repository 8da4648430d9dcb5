"""The screen on which the assistant's quality is followed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from src import alerts, config, conversations, jobs, review
from src.config import PROJECT_ROOT
from src.conversations import Filters, NewConversation, NewFeedback, NewTurn, Outcome, Role
from src.dashboard.parts import alerts as alert_panel
from src.errors import StorageError
from src.messages import Message
from src.persistence import utc_now
from src.review.store import quality

SCRIPT = str(PROJECT_ROOT / "pages" / "quality.py")
EVIL = '<img src=x onerror="alert(1)">'


def week(
    days_ago: float,
    count: int = 40,
    *,
    good: float = 0.9,
    seconds: float = 10,
    channel: str = "whatsapp",
    topic: str = "preço",
    timed: bool = True,
) -> None:
    """Import conversations of one day, a share of which went well."""
    start = utc_now() - dt.timedelta(days=days_ago)
    made = []
    for n in range(count):
        at = start + dt.timedelta(seconds=n) if timed else None
        answered = at + dt.timedelta(seconds=seconds + n % 3) if at else None
        well = n < count * good
        made.append(
            NewConversation(
                origin_id=f"{channel}.{days_ago}.{n}",
                channel=channel,
                topic=topic,
                status="resolved" if well else "abandoned",
                turns=(
                    NewTurn(Role.CUSTOMER, "quanto custa", at=at),
                    NewTurn(Role.ASSISTANT, "R$ 10", at=answered),
                ),
                feedback=(
                    NewFeedback(
                        "rating", "customer", f"{channel}{days_ago}.{n}", stars=5 if well else 1
                    ),
                ),
            )
        )
    conversations.add(made, "teste", actor="ana")


def opened(**address: str) -> AppTest:
    page = AppTest.from_file(SCRIPT, default_timeout=180)
    for name, value in address.items():
        page.query_params[name] = value
    return page.run()


def texts(page: AppTest) -> str:
    elements = [*page.markdown, *page.caption, *page.warning, *page.error, *page.info]
    return "\n".join(str(element.value) for element in [*elements, *page.success])


def metrics(page: AppTest) -> dict[str, Any]:
    return {metric.label: metric for metric in page.metric}


def tables(page: AppTest) -> list[Any]:
    return [frame.value for frame in page.dataframe if "group" in frame.value]


def test_without_conversations_the_screen_says_what_will_be_here() -> None:
    page = opened()
    assert not page.exception
    assert not page.error
    assert "Nenhuma conversa ainda" in texts(page)
    assert "Revisão de conversas" in texts(page)
    assert not page.metric


def test_the_way_to_get_feedback_is_shown_where_it_is_missed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def ways(page: AppTest) -> Any:
        assert not page.exception
        return next(it for it in page.expander if "opinião dos clientes" in it.label)

    monkeypatch.setenv("BANCADA_API_URL", "https://bancada.exemplo/")
    monkeypatch.setenv("BANCADA_WRITE_KEY", "chave-do-site")
    monkeypatch.setenv("BANCADA_API_KEY", "segredo-de-leitura")
    config.get_settings.cache_clear()
    page = opened()
    (code,) = page.code
    first = '<script src="https://bancada.exemplo/feedback.js" data-key="chave-do-site" defer>'
    assert code.value.startswith(first)
    assert 'data-bancada-turn="CODIGO_DA_MENSAGEM"' in code.value
    assert 'data-bancada-conversation="CODIGO_DA_CONVERSA"' in code.value
    assert "segredo-de-leitura" not in code.value + texts(page)
    assert "só envia eventos e avaliações" in texts(page)
    turns = (NewTurn(Role.CUSTOMER, "oi"), NewTurn(Role.ASSISTANT, "olá"))
    conversations.add([NewConversation(origin_id="c1", turns=turns)], "teste", actor="ana")
    assert ways(opened()).proto.expanded
    week(3)
    assert not ways(opened()).proto.expanded


def test_whatsapp_is_off_until_its_secrets_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "**No WhatsApp.** Desligado" in texts(opened())
    monkeypatch.setenv("BANCADA_WHATSAPP_APP_SECRET", "segredo-da-meta")
    monkeypatch.setenv("BANCADA_WHATSAPP_VERIFY_TOKEN", "prova-da-meta")
    monkeypatch.setenv("BANCADA_API_URL", "https://bancada.exemplo")
    config.get_settings.cache_clear()
    said = texts(opened())
    assert "https://bancada.exemplo/api/webhooks/whatsapp" in said
    assert "da-meta" not in said


def test_each_figure_has_its_sample_interval_and_change() -> None:
    week(3, good=0.5, seconds=30)
    week(10, good=0.9)
    page = opened(periodo="7 dias")
    assert not page.exception
    found = metrics(page)
    assert found["Satisfação"].value == "50,0\xa0%"
    assert found["Satisfação"].delta == "-40,0 p.p."
    assert found["Resposta em"].delta == "+20 s"
    assert found["Abandono"].delta == "+40,0 p.p."
    said = texts(page)
    assert "95 %: 35,2–64,8\xa0%" in said
    assert "40 conversas" in said
    assert "antes 90,0\xa0% (de 40)" in said
    assert said.count("**pior**") == 4


def test_the_answer_time_is_told_as_a_mean_and_beside_it_the_median() -> None:
    week(3, 39, seconds=9)  # 9, 10, 11 s
    week(3, 1, seconds=4_000, channel="site")
    week(10, 42, seconds=9)
    page = opened(periodo="7 dias", medida="Tempo de resposta")
    assert not page.exception
    assert metrics(page)["Resposta em"].value == "1 min 50 s"
    assert "é a média; mediana 10 s" in texts(page)
    assert "antes 10 s, mediana 10 s (de 42)" in texts(page)
    channels = tables(page)[0].set_index("group")
    assert channels.loc["whatsapp", "median"] == 10
    assert texts(page).count("é a média") == 1  # the tone is a mean of five marks, and needs none


def test_a_difference_that_chance_explains_is_grey_and_said_to_be_noise() -> None:
    week(3, good=0.85)
    week(10, good=0.9)
    page = opened(periodo="7 dias")
    satisfaction = metrics(page)["Satisfação"]
    assert satisfaction.delta == "-5,0 p.p."
    assert satisfaction.proto.color == satisfaction.proto.MetricColor.GRAY
    assert "dentro do ruído" in texts(page)
    (channels, _topics) = tables(page)
    assert channels["reading"].tolist() == ["dentro do ruído"]


def test_the_choice_is_in_the_address() -> None:
    week(3, good=0.5)
    week(3, 30, good=1.0, channel="site", topic="entrega")
    week(40)
    page = opened(periodo="7 dias", canal="site", medida="Abandono")
    assert page.selectbox(key="canal").value == "site"
    assert metrics(page)["Satisfação"].value == "100,0\xa0%"
    assert "Abandono ao longo do tempo" in [element.value for element in page.subheader]
    assert "30 conversas começaram" in texts(page)
    assert "não começou nenhuma: não há com que comparar" in texts(page)
    assert "110 conversas começaram" in texts(opened(periodo="Tudo"))
    own = opened(periodo="Outro", de="2020-01-01", ate="2020-01-31")
    assert not own.exception
    assert "Nenhuma conversa começou" in texts(own)
    assert "Nenhuma conversa do período tem esta medida" in texts(own)


def test_a_choice_in_the_address_that_does_not_exist_is_the_usual_one() -> None:
    week(3)
    page = opened(periodo="1 século", canal=EVIL, medida="<b>x</b>")
    assert not page.exception
    assert page.segmented_control(key="medida").value == "satisfaction"
    assert page.selectbox(key="canal").value is None


def test_channels_and_topics_are_compared() -> None:
    week(3, good=0.5)
    week(10)
    week(3, good=0.9, channel="=HYPERLINK(1)", topic=EVIL)
    page = opened(periodo="7 dias")
    channels, topics = tables(page)
    rows = channels.set_index("group")
    assert rows.loc["whatsapp", "reading"] == "pior"
    assert rows.loc["'=HYPERLINK(1)", "reading"] == "sem comparação"
    assert rows.loc["whatsapp", "value"] == 0.5
    assert rows.loc["whatsapp", "conversations"] == 40
    assert set(topics["group"]) == {"preço", EVIL}  # a cell of a table is text
    assert EVIL not in texts(page)


def test_a_group_without_a_name_says_what_is_missing() -> None:
    week(3)
    week(3, channel="", topic="")
    channels, topics = tables(opened(periodo="7 dias"))
    assert set(channels["group"]) == {"whatsapp", "sem canal"}
    assert set(topics["group"]) == {"preço", "sem tema"}


def test_conversations_without_times_belong_to_no_period() -> None:
    week(3, timed=False)
    page = opened()
    assert not page.exception
    assert page.session_state["periodo"] == "all"
    assert metrics(page)["Satisfação"].value == "90,0\xa0%"
    assert metrics(page)["Resposta em"].value == "—"
    assert "Sem horários ou sem respostas" in texts(page)
    assert "não se sabe como isto mudou" in texts(page)
    page = opened(periodo="30 dias")
    assert metrics(page)["Satisfação"].value == "—"
    assert "Nenhuma conversa começou no período. 40 conversas não têm horários" in texts(page)


def test_old_conversations_are_shown_without_choosing_a_period() -> None:
    week(200)
    page = opened()
    assert page.session_state["periodo"] == "all"
    assert metrics(page)["Satisfação"].value == "90,0\xa0%"
    week(2)
    assert opened().session_state["periodo"] == "30"


def test_the_conversations_behind_a_figure_go_into_the_review_queue() -> None:
    week(3, good=0.8)
    page = opened()
    (cases,) = [frame.value for frame in page.dataframe if "opening" in frame.value]
    assert cases["opening"].tolist() == ["quanto custa"] * 8
    page.session_state["actor"] = "Ana"
    button = page.button(key="quality_enqueue")
    assert button.proto.type == "primary"
    button.click().run()
    assert not page.exception
    assert "8 conversas entraram na fila" in texts(page)
    assert review.queue_state().total == 8
    page.button(key="quality_enqueue").click().run()
    assert "8 já estavam lá" in texts(page)


def test_a_conversation_behind_a_figure_is_opened_to_read() -> None:
    week(3, good=0.8)
    app = AppTest.from_file(str(PROJECT_ROOT / "main_dash.py"), default_timeout=180)
    app.switch_page("pages/quality.py").run()
    assert app.button(key="quality_read").disabled
    app.session_state["quality_cases_satisfaction"] = {
        "selection": {"rows": [1], "columns": [], "cells": []}
    }
    app.run()
    app.button(key="quality_read").click().run()
    assert not app.exception
    assert app.query_params["parte"] == "Conversas"
    worst = conversations.list_conversations(Filters(outcome=Outcome.ABANDONED)).items
    assert app.query_params["conversa"] in {one.id for one in worst}
    assert "quanto custa" in [text.value for text in app.text]


def test_a_drop_is_said_where_one_can_act_and_only_then() -> None:
    week(3, good=0.9)
    week(10, good=0.9)
    alerts.check(review.alert_rules())
    assert not opened().error
    week(2, 60, good=0.2)
    alerts.check(review.alert_rules())
    (said,) = [error.value for error in opened().error]
    assert "**Queda da satisfação**: 48,0\xa0% (100 conversas); antes 90,0\xa0% (40)" in said
    assert "Queda da resolução" in said
    assert "lentas" not in said


def test_whatever_fires_is_said_in_its_own_unit_or_its_own_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    week(3)
    figures = {"now": 3.2, "before": 4.1, "count": 30, "count_before": 31}
    tone = alerts.Reading("dropped", True, Message("{now} {before}", figures))
    other = alerts.Reading("off", True, Message("O juiz não responde."))
    rules = {rule.id: rule for rule in review.alert_rules()}
    rules["quality_tone"] = replace(rules["quality_tone"], read=lambda: tone)
    off = {"off": alerts.State("desligado", alerts.Severity.WARNING)}
    rules["judge"] = alerts.Rule("judge", Message("Juiz"), lambda: other, off)
    monkeypatch.setattr(review, "alert_rules", lambda: tuple(rules.values()))
    alerts.check(review.alert_rules())
    page = opened()
    assert "**Queda do tom**: 3,2 (30 conversas); antes 4,1 (31)" in page.error[0].value
    assert [warning.value for warning in page.warning] == ["O juiz não responde."]


def test_an_alert_can_be_tested_and_the_test_is_in_the_log() -> None:
    page = AppTest.from_file(SCRIPT, default_timeout=180)
    page.session_state[alert_panel.folded("quality")] = True
    page.session_state["actor"] = "Ana"
    page.run()
    page.button(key="quality_test_quality_tone").click().run()
    assert not page.exception
    assert "nada foi enviado" in texts(page)
    assert "O tom não é avaliado" in texts(page)
    (logged,) = alerts.history(["quality_tone"])
    assert (logged.kind, logged.actor) == (alerts.Kind.TEST, "Ana")


def test_the_tone_is_off_until_a_judge_is_set_and_says_how() -> None:
    week(3)
    page = opened()
    assert metrics(page)["Tom"].value == "—"
    assert "Desligado" in texts(page)
    assert "BANCADA_JUDGE_URL" in texts(page)
    assert "quality_start_judging" not in [button.key for button in page.button]


def test_a_button_starts_the_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANCADA_JUDGE_URL", "https://juiz.exemplo/v1?chave=segredo")
    monkeypatch.setenv("BANCADA_JUDGE_MODEL", "**juiz**")
    config.get_settings.cache_clear()
    week(3)
    page = opened()
    assert "0 de 40 conversas do período têm nota" in texts(page)
    assert "segredo" not in texts(page)
    page.button(key="quality_start_judging").click().run()
    assert not page.exception
    (job,) = jobs.in_progress("review.judge")
    assert page.button(key="quality_start_judging").disabled
    jobs.cancel(job.id, actor="ana")
    page.run()
    assert "Cancelado" in texts(page)
    assert not page.button(key="quality_start_judging").disabled


def test_tones_are_shown_as_soon_as_they_are_there() -> None:
    week(3)
    page = opened(medida="Tom")
    assert "Nenhuma conversa do período tem esta medida" in texts(page)
    first = next(conversations.every()).summary.id
    quality.save_tone(first, 2, f"ríspido {EVIL}", "juiz")
    page.run()
    assert metrics(page)["Tom"].value == "2,00"
    (cases,) = [frame.value for frame in page.dataframe if "reason" in frame.value]
    assert cases["reason"].tolist() == [f"ríspido {EVIL}"]
    assert EVIL not in texts(page)


def test_a_database_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    week(3)

    def silent(*_asked: Any, **_more: Any) -> None:
        raise StorageError("O banco de dados não respondeu.")

    monkeypatch.setattr(review, "quality_state", silent)
    page = opened()
    assert not page.exception
    assert [error.value for error in page.error] == ["O banco de dados não respondeu."]


def test_the_page_speaks_english() -> None:
    week(3)
    page = AppTest.from_file(SCRIPT, default_timeout=180)
    page.session_state["language"] = "en"
    page.run()
    assert not page.exception
    assert page.metric[0].value == "90.0%"
