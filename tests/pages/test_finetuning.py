"""The screen *Conjuntos de dados*: empty, counted, built, read, downloaded, weighed."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from src import conversations, finetuning, jobs, review
from src.config import PROJECT_ROOT, get_settings
from src.conversations import NewConversation, NewFeedback, NewTurn, Role
from src.dashboard import shell
from src.dashboard.finetuning import chat as finetuning_chat
from src.dashboard.finetuning import decision, inputs, replacements
from src.dashboard.finetuning import words as finetuning_words
from src.finetuning import Filters, Recipe
from src.finetuning.filters import STEPS
from src.persistence import utc_now
from src.review import Annotation, Decision
from tests.unit.finetuning.talks import said

SCRIPT = str(PROJECT_ROOT / "pages" / "finetuning.py")
EVIL = '<img src=x onerror="alert(1)"> **oi**'
ZONE = ZoneInfo(get_settings().timezone)
MAIL = "ana.lima@example.com"


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Forget what other tests' pages have counted."""
    st.cache_data.clear()


def fill(count: int, *, days: int = 5, **changes: Any) -> None:
    """Store complete conversations with five stars; the first says an e-mail and markup."""
    made = []
    for number in range(count):
        texts = [said(number, turn) for turn in range(4)]
        if number == 0:
            texts[0] = f"{texts[0]} {EVIL} meu e-mail é {MAIL}"
        at = utc_now() - dt.timedelta(days=days, minutes=number)
        values: dict[str, Any] = {
            "origin_id": f"{number}-{changes.get('channel', '')}-{changes.get('status', '')}",
            "turns": tuple(
                NewTurn(
                    (Role.CUSTOMER, Role.ASSISTANT)[turn % 2],
                    text,
                    at=at + dt.timedelta(seconds=turn),
                )
                for turn, text in enumerate(texts)
            ),
            "customer": {"id": f"k{number}"},
            "status": "resolved",
            "channel": "site",
            "topic": ("entrega", "preço")[number % 2],
            "feedback": (NewFeedback("rating", "customer", f"r{number}", stars=5),),
        }
        made.append(NewConversation(**(values | changes)))
    conversations.add(made, "loja", actor="ana")


def run_queued() -> jobs.Job:
    """Do what a worker process would: the oldest queued job."""
    from src.jobs import store
    from src.jobs.worker import run

    job = store.claim("test:1:0")
    assert job is not None
    run(job, "test:1:0")
    return jobs.get(job.id)


def built(count: int = 12, **changes: Any) -> None:
    fill(count)
    finetuning.start_build("bia", Recipe(**changes), actor="Marina")
    assert run_queued().state is jobs.JobState.SUCCEEDED


def opened(**address: str) -> AppTest:
    page = AppTest.from_file(SCRIPT, default_timeout=180)
    for name, value in address.items():
        page.query_params[name] = value
    return page.run()


def with_form(page: AppTest) -> AppTest:
    """Unfold the form of a new version."""
    page.session_state["finetuning_new"] = True
    return page.run()


def weighing(**address: str) -> AppTest:
    return opened(aba="Vale a pena?", **address)


def texts(page: AppTest) -> str:
    elements = [*page.markdown, *page.caption, *page.warning, *page.error, *page.info]
    return "\n".join(str(element.value) for element in [*elements, *page.success])


def figures(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value.replace("\u00a0", " ") for metric in page.metric}


def table_with(page: AppTest, column: str) -> Any:
    """Return the first table that has this column."""
    return next(one.value for one in page.dataframe if column in one.value.columns)


def keys(page: AppTest) -> set[str]:
    return {button.key for button in page.button}


def downloads(page: AppTest) -> dict[str, bool]:
    """Return whether each file may be taken."""
    found = page.get("download_button")
    files = {
        one.proto.id.rsplit("finetuning_download_", 1)[-1]: one.proto.disabled for one in found
    }
    return {
        name: not disabled for name, disabled in files.items() if name.endswith(("jsonl", "json"))
    }


def test_without_conversations_the_screen_says_where_they_come_from() -> None:
    page = opened()
    assert not page.exception
    assert not page.error
    assert "Nenhuma conversa ainda" in texts(page)
    assert [button.key for button in page.button if button.proto.type == "primary"] == [
        "finetuning_review"
    ]
    assert not page.dataframe


def test_the_form_counts_at_once_what_each_filter_leaves() -> None:
    fill(6)
    fill(2, status="abandoned", channel="whatsapp")
    page = opened()
    assert not page.error
    assert "**6** conversas passam" in texts(page)
    page.toggle(key="finetuning_ended").set_value(False).run()
    assert "**8** conversas passam" in texts(page)
    page.multiselect(key="finetuning_channels").set_value(["whatsapp"]).run()
    assert "**2** conversas passam" in texts(page)
    rows = table_with(page, "left")
    assert list(rows["left"]) == [8, 2]


def test_filters_that_leave_nothing_name_the_one_that_takes_most() -> None:
    fill(3)
    fill(1, status="abandoned")
    page = opened()
    page.number_input(key="finetuning_stars").set_value(5.0).run()
    page.date_input(key="finetuning_until").set_value(dt.date(2020, 1, 1)).run()
    assert "Nenhuma conversa passa nestes filtros. O que mais tira: fora do período (4)" in texts(
        page
    )
    assert page.button(key="finetuning_start").disabled


def test_conversations_that_nobody_judged_lead_to_the_review() -> None:
    fill(3, feedback=())
    page = opened()
    assert "Nenhuma conversa foi avaliada nem aprovada ainda" in texts(page)
    assert "finetuning_review" in keys(page)
    assert page.button(key="finetuning_start").disabled


def test_with_stars_alone_the_screen_says_that_nobody_has_approved() -> None:
    fill(3)
    assert "Nenhuma conversa foi aprovada por um revisor ainda" in texts(opened())


def test_many_conversations_are_counted_by_a_job_once_for_both_questions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from src.dashboard.finetuning import counts

    monkeypatch.setattr(counts, "AT_ONCE", 3)
    fill(5)
    page = opened()
    assert not page.error
    assert "Ainda não foi contado" in texts(page)
    assert not page.button(key="finetuning_start").disabled  # the build itself will say
    page.button(key="finetuning_build_survey").click().run()
    assert run_queued().state is jobs.JobState.SUCCEEDED
    page.run()
    assert "**5** conversas passam" in texts(page)
    fill(1, status="open")
    page.run()
    assert "Desde então entrou 1 conversa." in texts(page)
    assert weighing().number_input(key="conversas").value == 5


def test_a_build_is_a_job_that_is_watched_and_opens_its_version() -> None:
    fill(12)
    page = opened()
    page.text_input(key="finetuning_name").set_value("bia")
    page.text_area(key="finetuning_prompt").set_value("Responda com calma, como a Bia.").run()
    words = page.text_area(key="finetuning_not_personal")
    assert words.value == "Bia"
    words.set_value("Bia\n\n Colchão Bella ")
    page.number_input(key="finetuning_cap").set_value(4)
    page.number_input(key="finetuning_similarity").set_value(0.9)
    page.button(key="finetuning_start").click().run()
    (job,) = jobs.in_progress("finetuning.build")
    assert job.params["name"] == "bia"
    assert job.params["recipe"]["system_prompt"] == "Responda com calma, como a Bia."
    assert job.params["recipe"]["not_personal"] == ["Bia", "Colchão Bella"]
    assert job.params["recipe"]["per_topic"] == 4
    assert job.params["recipe"]["similarity"] == 0.9
    assert "Na fila" in page.get("progress")[0].proto.text
    assert page.button(key="finetuning_start").disabled
    assert run_queued().state is jobs.JobState.SUCCEEDED
    page.run()
    assert page.query_params["conjunto"] == "bia/1"
    assert figures(page)["Exemplos"] == "8"
    assert "Montado por" in texts(page)


def test_a_second_version_starts_from_the_newest_ones_recipe() -> None:
    fill(4)
    days = Filters(
        since=dt.datetime(2026, 1, 1, tzinfo=ZONE),
        until=dt.datetime(2099, 3, 1, tzinfo=ZONE),
        channels=("site",),
        ended=False,
        minimum_stars=3.5,
    )
    recipe = Recipe(
        system_prompt="Você é a Bia, da Trono.",
        filters=days,
        seed=7,
        per_topic=9,
        max_tokens=5000,
        similarity=0.9,
        not_personal=("Bia",),
    )
    finetuning.start_build("bia", recipe, actor="ana")
    run_queued()
    finetuning.start_build("outro", Recipe(), actor="ana")
    run_queued()
    page = with_form(opened())
    assert page.text_input(key="finetuning_name").value == "outro"
    assert "A receita é a de outro v1" in texts(page)
    page.text_input(key="finetuning_name").set_value("bia").run()
    assert not page.warning
    assert "A receita é a de bia v1" in texts(page)
    assert page.date_input(key="finetuning_until").value == dt.date(2099, 2, 28)
    page.button(key="finetuning_start").click().run()
    (job,) = jobs.in_progress("finetuning.build")
    assert job.params == {"name": "bia", "recipe": json.loads(json.dumps(recipe.to_dict()))}


def test_what_was_changed_in_the_form_is_not_overwritten_but_by_a_button() -> None:
    fill(2)
    finetuning.start_build("bia", Recipe(system_prompt="Seja breve."), actor="ana")
    run_queued()
    page = with_form(opened())
    page.text_input(key="finetuning_name").set_value("nova").run()
    assert "finetuning_take" not in keys(page)
    page.text_area(key="finetuning_prompt").set_value("Seja gentil.").run()
    page.text_input(key="finetuning_name").set_value("bia").run()
    assert page.text_area(key="finetuning_prompt").value == "Seja gentil."
    page.button(key="finetuning_take").click().run()
    assert page.text_area(key="finetuning_prompt").value == "Seja breve."
    assert "finetuning_take" not in keys(page)


def test_a_version_with_the_bytes_of_an_earlier_one_says_so() -> None:
    built()
    for recipe in (Recipe(), Recipe(seed=1)):
        finetuning.start_build("bia", recipe, actor="ana")
        run_queued()
    said_ = "Os três arquivos são iguais, byte por byte, aos de bia v1"
    assert said_ in texts(opened(conjunto="bia/2"))
    assert "byte por byte, aos" not in texts(opened(conjunto="bia/3"))
    assert "byte por byte, aos" not in texts(opened(conjunto="bia/1"))


def test_names_of_the_prompt_are_proposed_and_the_persons_own_choice_stays() -> None:
    fill(1)
    page = opened()
    prompt = page.text_area(key="finetuning_prompt")
    prompt.set_value("Você é a Bia. Indique o Bella e o Trono.").run()
    page.text_area(key="finetuning_not_personal").set_value("Bia\nBella\nSonho").run()
    page.text_area(key="finetuning_prompt").set_value("Você é a Lia, indique o Trono.").run()
    assert page.text_area(key="finetuning_not_personal").value == "Sonho\nLia"


def test_a_running_build_says_its_step_in_counts_and_how_far_it_is() -> None:
    from src.jobs import store
    from src.messages import Message

    fill(1)
    finetuning.start_build("bia", Recipe(), actor="ana")
    job = store.claim("test:1:0")
    assert job is not None
    step = Message(
        "dados pessoais retirados, conversas: {count} de {total}", {"count": 1200, "total": 2400}
    )
    store.report(job.id, "test:1:0", jobs.Progress(450, 1000, step))
    said = opened().get("progress")[0].proto.text.replace("\u00a0", " ")
    assert said.startswith("dados pessoais retirados, conversas: 1.200 de 2.400 · 45 % · ")
    assert "decorridos" in said
    store.report(job.id, "test:1:0", jobs.Progress(3, 12, step))
    assert " · 3 / 12 · " in opened().get("progress")[0].proto.text


def test_a_cancelled_build_says_that_nothing_was_made() -> None:
    fill(3)
    page = opened()
    page.button(key="finetuning_start").click().run()
    (job,) = jobs.in_progress("finetuning.build")
    page.button(key=f"finetuning_{job.id}_cancel").click().run()
    page.run()
    assert "Nenhuma versão foi criada" in texts(page)
    assert finetuning.list_sets() == []


def test_a_name_that_cannot_be_used_is_refused_in_words() -> None:
    fill(3)
    page = opened()
    page.text_input(key="finetuning_name").set_value("../x")
    page.button(key="finetuning_start").click().run()
    assert "não serve como nome de conjunto" in page.error[0].value
    assert not jobs.in_progress("finetuning.build")


def test_a_version_shows_counts_verdict_and_the_checks() -> None:
    built()
    page = opened()
    assert not page.exception
    assert [page.error[0].value.split(":")[0]] == ["Não treine com este conjunto ainda"]
    shown = figures(page)
    assert shown["Exemplos"] == "12"
    assert sum(int(shown[name]) for name in ("Treino", "Validação", "Teste")) == 12
    assert shown["Dados pessoais trocados"] == "1"
    assert list(table_with(page, "version")["total"]) == [12]
    checks = page.table[0].value
    assert "exemplos: 12; o mínimo é 500" in set(checks["O que foi medido"])
    assert "Marina" in texts(page)


def test_the_price_decides_what_a_training_costs() -> None:
    built()
    page = opened()
    tokens = finetuning.report("bia", 1).figures["training_tokens"]
    page.number_input(key="finetuning_cost_price").set_value(1.0)
    page.number_input(key="finetuning_cost_epochs").set_value(2).run()
    expected = finetuning_words.money(finetuning.training_cost(tokens, 1.0, 2))
    assert figures(page)["Um treino custa cerca de"] == expected.replace("\u00a0", " ")


def test_the_files_are_free_only_after_the_replacements_were_looked_at() -> None:
    built()
    page = opened(detalhe="Dados pessoais")
    assert set(downloads(page).values()) == {False}
    assert len(downloads(page)) == 4
    assert page.checkbox[0].disabled  # nobody would answer for it
    page.session_state[shell.ACTOR_KEY] = "Marina"
    page.run()
    page.checkbox[0].check().run()
    assert set(downloads(page).values()) == {True}
    (record,) = finetuning.clearances("bia", 1)
    assert record.actor == "Marina"
    assert not page.checkbox
    assert "Substituições olhadas por **Marina** em" in texts(page)


def test_who_looked_is_shown_to_others_and_a_new_version_is_looked_at_anew() -> None:
    built()
    finetuning.clear("bia", 1, actor="Marina")
    page = opened()
    assert "Substituições olhadas por **Marina** em" in texts(page)
    assert set(downloads(page).values()) == {True}
    finetuning.start_build("bia", Recipe(), actor="ana")
    run_queued()
    page = opened()
    assert "Os arquivos são liberados depois que alguém olhar" in texts(page)
    assert set(downloads(page).values()) == {False}


def test_what_was_replaced_stands_beside_the_original_and_its_limits_are_said() -> None:
    built()
    page = opened(detalhe="Dados pessoais")
    assert not page.exception
    shown = texts(page)
    assert "**1** troca: e-mail **1**" in shown
    assert all(line in shown for line in replacements.MISSED)
    assert ":orange-background[ana\\.lima@example\\.com]" in shown
    assert "ana\\.lima" not in shown.replace(":orange-background[ana\\.lima@example\\.com]", "")
    assert ":orange-background[EMAIL_1]" in shown
    page.text_input(key="finetuning_replaced_text").set_value("CPF_9").run()
    assert "Nenhuma conversa combina com a busca" in texts(page)


def test_markup_in_a_message_is_shown_and_never_run() -> None:
    built()
    page = opened(detalhe="Dados pessoais")
    shown = texts(page)
    assert "<img" not in shown
    assert "\\*\\*oi\\*\\*" in shown


def test_only_turns_with_replacements_are_drawn_until_the_whole_is_asked_for() -> None:
    built()
    page = opened(detalhe="Dados pessoais")
    assert [one.name for one in page.chat_message] == ["user", "user"]
    page.toggle(key="finetuning_replaced_whole").set_value(True).run()
    assert not page.exception
    assert [one.name for one in page.chat_message] == ["user"] * 2 + ["assistant"] * 2 + [
        "user",
        "user",
        "assistant",
        "assistant",
    ]


def test_one_steps_from_a_conversation_with_replacements_to_the_next() -> None:
    fill(2)
    mail = [NewTurn(Role.CUSTOMER, "sou joao.silva@example.com"), NewTurn(Role.ASSISTANT, "Oi.")]
    fill(1, channel="whatsapp", turns=tuple(mail))
    finetuning.start_build("bia", Recipe(), actor="ana")
    run_queued()
    page = opened(detalhe="Dados pessoais")
    first = texts(page)
    assert "1 de 2" in first
    assert page.button(key="finetuning_replaced_before").disabled
    page.button(key="finetuning_replaced_next").click().run()
    second = texts(page)
    assert "2 de 2" in second
    assert page.button(key="finetuning_replaced_next").disabled
    assert ("joao" in first, "joao" in second) in ((True, False), (False, True))


def test_highlighted_text_stays_text_over_lines() -> None:
    text = "a <b>\n[x](y) :red[z] *\r\n fim"
    start = text.index("<b>")
    shown = finetuning_chat.highlighted(text, [(start, text.index(" fim"))])
    assert shown == (
        "a :orange-background[\\<b\\>]  \n"
        ":orange-background[\\[x\\]\\(y\\) \\:red\\[z\\] \\*]  \n"
        "\u00a0fim"
    )


def test_examples_are_read_one_by_one() -> None:
    built(system_prompt="Responda com calma.")
    page = opened(detalhe="Exemplos")
    assert not page.exception
    assert [message.name for message in page.chat_message][:3] == ["system", "user", "assistant"]
    assert "Responda com calma" in texts(page)


def test_what_was_left_out_is_named_with_its_reason() -> None:
    fill(3)
    fill(2, status="abandoned")
    finetuning.start_build("bia", Recipe(), actor="ana")
    run_queued()
    page = opened(detalhe="O que ficou de fora")
    assert "Saíram: abertas ou abandonadas (2)." in texts(page)
    rows = table_with(page, "like")
    assert list(rows["reason"]) == ["aberta ou abandonada"] * 2
    assert page.toggle(key="finetuning_left_approved").disabled


def test_approved_conversations_that_are_left_out_are_counted_and_named() -> None:
    fill(2)
    fill(1, status="abandoned")
    for one in conversations.list_conversations().items:
        review.enqueue(one.id, reason="teste", actor="ana")
        claim = review.claim_next("bia")
        assert claim is not None
        review.submit(claim, Annotation(decision=Decision.APPROVED))
    fill(3, channel="whatsapp")
    page = opened()
    assert "**6** conversas passam" in texts(page)
    page.multiselect(key="finetuning_channels").set_value(["whatsapp"]).run()
    assert list(table_with(page, "lost")["step"])[1:] == [
        "de outros canais, 3 delas aprovadas por revisores"
    ]
    finetuning.start_build("bia", Recipe(filters=Filters(channels=("whatsapp",))), actor="ana")
    run_queued()
    page = opened(detalhe="O que ficou de fora")
    assert "3 conversas aprovadas por revisores ficaram de fora" in texts(page)
    page.toggle(key="finetuning_left_approved").set_value(True).run()
    rows = table_with(page, "like")
    assert list(rows["reason"]) == ["de outro canal"] * 3
    assert list(rows["approved"]) == ["✓ aprovada"] * 3


def test_the_manifest_tells_recipe_and_hashes() -> None:
    built(per_topic=50)
    page = opened(detalhe="Manifesto")
    facts = page.table[0].value
    assert dict(zip(facts["fact"], facts["value"], strict=True))["Máximo por tema"] == "50"
    hashes = table_with(page, "hash")
    assert {"train.jsonl", "validation.jsonl", "test.jsonl"} <= set(hashes["file"])


def test_the_manifest_is_a_file_to_take_away() -> None:
    built()
    path = finetuning.path("bia", 1, finetuning.MANIFEST)
    assert json.loads(path.read_text(encoding="utf-8"))["name"] == "bia"


def test_offending_conversations_are_named_and_searched() -> None:
    built(system_prompt="Escreva para vendas@loja.com.br quando não souber.")
    page = opened()
    (offence,) = [
        one for one in finetuning.report("bia", 1).offences if one.check == "personal_data"
    ]
    table = table_with(page, "conversation")
    assert offence.conversation in set(table["conversation"])
    page.text_input(key="finetuning_text").set_value("não está em lugar nenhum").run()
    table = table_with(page, "conversation")
    assert table.empty


def test_a_version_is_examined_again_and_a_changed_file_is_told() -> None:
    built()
    path = finetuning.path("bia", 1, "train.jsonl")
    path.write_bytes(path.read_bytes() + b"{}\n")
    page = opened()
    page.button(key="finetuning_validate").click().run()
    assert run_queued().state is jobs.JobState.SUCCEEDED
    page.run()
    assert "Validado de novo em" in texts(page)
    assert "mudaram depois: train.jsonl" in set(page.table[0].value["O que foi medido"])


def test_a_deleted_version_can_be_brought_back_at_once_and_later() -> None:
    built()
    page = opened()
    page.button(key="finetuning_delete").click().run()
    assert finetuning.list_sets()  # it asks before
    page.button(key="finetuning_delete_confirm").click().run()
    assert finetuning.list_sets() == []
    page.run()
    assert "foi para a lixeira" in texts(page)
    page.button(key="finetuning_undo").click().run()
    assert [one.version for one in finetuning.list_sets()] == [1]
    finetuning.delete("bia", 1, actor="ana")
    page = opened()
    page.button(key="finetuning_restore").click().run()
    assert [one.version for one in finetuning.list_sets()] == [1]


def test_an_address_with_a_version_that_is_gone_says_so_and_shows_another() -> None:
    built()
    page = opened(conjunto="outro/7")
    assert "O conjunto «outro/7» não existe nessa versão" in page.warning[0].value
    assert figures(page)["Exemplos"] == "12"


def test_a_file_from_elsewhere_is_examined(tmp_path: Path) -> None:
    page = opened()
    chat = [{"role": "user", "content": "Oi"}, {"role": "assistant", "content": "Olá"}]
    content = json.dumps({"messages": chat}) + "\n{\n"
    page.get("file_uploader")[0].set_value(("fora.jsonl", content.encode(), "application/jsonl"))
    page.run()
    page.button(key="finetuning_file_start").click().run()
    assert run_queued().state is jobs.JobState.SUCCEEDED
    page.run()
    assert not page.exception
    assert "Não treine com este conjunto ainda" in page.error[0].value
    table = table_with(page, "conversation")
    assert (table["file"].iloc[0], table["line"].iloc[0]) == ("fora.jsonl", 2)


def test_the_studys_figures_give_the_studys_results() -> None:
    page = weighing()
    assert not page.exception
    assert not page.error
    shown = figures(page)
    assert shown["Hoje, por mês"] == "US$ 330,00"
    assert shown["Com ajuste fino, por mês"] == "US$ 88,00"
    assert shown["Economia por mês"] == "US$ 242,00"
    assert shown["Investimento pago em"] == "3,7 a 9,4 meses"
    assert "US$ 11 a 44" in texts(page).replace("\u00a0", " ")


def test_figures_come_from_what_is_stored_and_may_be_set_back_to_the_study() -> None:
    fill(6)
    page = weighing()
    assert page.number_input(key="conversas").value == 6
    assert page.number_input(key="respostas").value == 12
    assert page.number_input(key="aproveitaveis").value == 6
    assert page.query_params["respostas"] == "12"
    assert re.search("Critérios contrários: [23];", texts(page))
    page.segmented_control(key="base").set_value("exemplo").run()
    assert figures(page)["Hoje, por mês"] == "US$ 330,00"


def test_what_nobody_typed_follows_a_new_set_and_says_where_it_comes_from() -> None:
    fill(6)
    page = weighing()
    assert "as que passavam nos filtros em" in texts(page)
    assert "Os tokens com ajuste fino são os de hoje, que já são menos" in texts(page)
    page.number_input(key="conversas").set_value(900).run()
    finetuning.start_build("bia", Recipe(per_topic=2), actor="Marina")
    assert run_queued().state is jobs.JobState.SUCCEEDED
    page.run()
    assert page.number_input(key="aproveitaveis").value == 4
    assert page.query_params["aproveitaveis"] == "4"
    assert page.number_input(key="conversas").value == 900
    assert "os exemplos de bia v1, o conjunto mais novo" in texts(page)
    page.number_input(key="aproveitaveis").set_value(700).run()
    finetuning.start_build("bia", Recipe(per_topic=1), actor="Marina")
    assert run_queued().state is jobs.JobState.SUCCEEDED
    assert page.run().number_input(key="aproveitaveis").value == 700


@pytest.mark.parametrize(
    ("tokens", "source"),
    [
        ((600.0, 300.0), "são os do estudo."),
        ((100.0, 300.0), "são os de hoje na entrada e os do estudo na saída."),
        ((600.0, 30.0), "são os do estudo na entrada e os de hoje na saída."),
        ((100.0, 30.0), "são os de hoje, que já são menos que os do estudo."),
    ],
)
def test_where_the_tuned_models_tokens_come_from_is_said_as_they_are_filled(
    tokens: tuple[float, float], source: str
) -> None:
    measured = finetuning.Usage(10, 40, *tokens, None, 0, None)
    values = inputs.start_values("medido", measured, None)
    today = [values["entrada_fino"] == tokens[0], values["saida_fino"] == tokens[1]]
    assert decision.tuned_source(measured) == f"Os tokens com ajuste fino {source}"
    assert ("de hoje" in source) == any(today)


def test_old_conversations_alone_leave_the_studys_figures() -> None:
    fill(3, days=90)
    page = weighing()
    assert figures(page)["Hoje, por mês"] == "US$ 330,00"
    assert "Não há conversas dos últimos 30 dias" in texts(page)


def test_a_shared_address_brings_its_figures_with_it() -> None:
    fill(3)
    given = {"respostas": "10000", "entrada": "500", "saida": "300"}
    given |= {"preco_entrada": "0.03", "preco_saida": "0.06", "conversas": "2000", "cambio": "5.0"}
    given |= {"satisfacao": "70", "avaliadas": "400", "aproveitaveis": "1500", "equipe": "sim"}
    page = weighing(**given)
    shown = figures(page)
    assert shown["Hoje, por mês"] == "US$ 330,00"
    assert shown["Com ajuste fino, por mês"] == "—"
    assert "Critérios favoráveis: 4; em aberto: 1." in texts(page)


def test_all_criteria_for_it_recommend_it() -> None:
    page = weighing()
    for key, value in {"respostas": 20_000, "satisfacao": 70.0}.items():
        page.number_input(key=key).set_value(value)
    page.number_input(key="avaliadas").set_value(400)
    page.number_input(key="aproveitaveis").set_value(1500)
    page.selectbox(key="equipe").set_value("sim").run()
    assert "Vale fazer o ajuste fino" in page.success[0].value


def test_what_contradicts_itself_is_said_in_words() -> None:
    page = weighing()
    page.number_input(key="horas_min").set_value(90).run()
    assert "o mínimo (90) é maior que o máximo (60)" in page.error[0].value
    page.number_input(key="horas_min").set_value(40).run()
    page.number_input(key="cambio").set_value(0.0).run()
    assert "câmbio não pode ser zero" in page.error[0].value


@pytest.mark.parametrize(
    ("pays", "words"),
    [
        (None, "—"),
        (finetuning.Payback(None, None), "nunca"),
        (finetuning.Payback(3.0, None), "3,0 meses ou nunca"),
        (finetuning.Payback(3.0, 3.0), "3,0 meses"),
        (finetuning.Payback(1.0, 1.0), "1,0 mês"),
        (finetuning.Payback(1.9, None), "1,9 mês ou nunca"),
        (finetuning.Payback(3.7, 9.4), "3,7 a 9,4 meses"),
    ],
)
def test_the_time_until_it_pays_is_said_in_words(
    pays: finetuning.Payback | None, words: str
) -> None:
    assert decision.months(pays) == words


def test_every_reason_to_leave_a_conversation_out_has_a_name() -> None:
    assert list(finetuning_words.LEFT_OUT) == list(STEPS)


def test_every_kind_of_personal_data_has_a_name() -> None:
    assert set(finetuning_words.KINDS) == {str(kind) for kind in conversations.EntityType}


@pytest.mark.parametrize(
    "text",
    ["título\n===", "    código", "&lt;b&gt;", "> cita", "1) lista", "[x](http://y)", "`c`", "$a$"],
)
def test_no_text_becomes_markdown(text: str) -> None:
    shown = finetuning_chat.shown(text)
    for sign in ("\n===", "    ", "&lt;", "\n>", "](", " `", "$a$"):
        assert sign not in shown.replace("\\", "\0")
    assert not shown.startswith((">", "1)", "`", "[", "\t"))


def test_usual_filters_count_as_the_builder_does() -> None:
    fill(4)
    fill(2, status="abandoned")
    fill(1, status="closed", feedback=())
    passed = finetuning.count_stored().by_filter.passing(Filters())
    finetuning.start_build("bia", Recipe(), actor="ana")
    run_queued()
    version = finetuning.get("bia")
    assert (passed.examined, passed.counts) == (version.examined, {"open": 2, "rating": 1})
    assert passed.counts.items() <= version.counts.items()


def test_a_count_survives_its_way_through_a_job() -> None:
    fill(3)
    before = finetuning.count_stored()
    assert finetuning.StoredCounts.from_dict(json.loads(json.dumps(before.to_dict()))) == before
    assert finetuning.last_count() is None
    assert not jobs.in_progress("finetuning.survey")
    assert inputs.start_values("exemplo", before.usage, 1)["respostas"] == 10_000
