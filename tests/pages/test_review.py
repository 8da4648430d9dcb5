"""The screen *Revisão de conversas*: empty, imported, in hand, decided, lost, looked through."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from src import conversations, review
from src.config import PROJECT_ROOT
from src.conversations import NewConversation, NewTurn, Role
from src.persistence import utc_now
from src.review import Annotation, Criteria, Decision, Label, Problem, TurnNote

SCRIPT = str(PROJECT_ROOT / "pages" / "review.py")
EVIL = '<img src=x onerror="alert(1)"> **negrito** [x](javascript:alert(1))'


def store(*texts: tuple[str, ...], name: str = "c", customer: dict[str, str] | None = None) -> None:
    """Store conversations by their texts, the customer first and then by turns."""
    conversations.add(
        [
            NewConversation(
                origin_id=f"{name}{number}",
                turns=tuple(
                    NewTurn((Role.CUSTOMER, Role.ASSISTANT)[place % 2], text)
                    for place, text in enumerate(said)
                ),
                customer=customer or {},
            )
            for number, said in enumerate(texts)
        ],
        "teste",
        actor="ana",
    )


def enqueue_all(reviewers: int = 1) -> list[str]:
    """Put every conversation into the queue, and return their identifiers."""
    ids = [it.summary.id for it in conversations.every()]
    for identifier in ids:
        review.enqueue(identifier, reason="teste", reviewers=reviewers, actor="ana")
    return ids


def opened(name: str = "rui", part: str = "", **address: str) -> AppTest:
    page = AppTest.from_file(SCRIPT, default_timeout=180)
    if name:
        page.session_state["actor"] = name
    if part:
        page.query_params["parte"] = part
    for key, value in address.items():
        page.query_params[key] = value
    return page.run()


def press(page: AppTest, key: str) -> AppTest:
    page.button(key=key).click().run()
    assert not page.exception
    return page


def texts(page: AppTest) -> str:
    elements = [*page.markdown, *page.caption, *page.text, *page.warning, *page.error]
    elements += [*page.info, *page.success]
    return "\n".join(str(element.value) for element in elements)


def pressed_by_enter(page: AppTest) -> list[str]:
    """Return what Ctrl+Enter in a field presses, form by form: Streamlit takes the first button."""
    first: dict[str, str] = {}
    for button in page.button:
        if button.proto.is_form_submitter:
            first.setdefault(button.proto.form_id, str(button.key))
    return list(first.values())


def keys(page: AppTest) -> set[str]:
    return {str(button.key) for button in page.button}


def run_queued() -> None:
    """Do what a worker process would: the oldest queued job."""
    from src.jobs import store as queue
    from src.jobs.worker import run

    job = queue.claim("test:1:0")
    assert job is not None
    run(job, "test:1:0")


def later(monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    moment = utc_now() + dt.timedelta(minutes=minutes)
    for module in ("queue", "decisions"):
        monkeypatch.setattr(f"src.review.store.{module}.utc_now", lambda: moment)


def decisions() -> list[str]:
    return [str(work.reviewer) for work in review.reviewer_progress()]


def test_without_conversations_the_way_in_is_offered() -> None:
    page = opened()
    assert not page.exception
    assert "Nenhuma conversa ainda" in texts(page)
    assert "um arquivo JSONL, JSON ou CSV" in texts(page)
    press(page, "review_to_import")
    assert page.session_state["parte"] == "Importar"
    assert len(page.file_uploader) == 1
    assert "BANCADA_CONVERSATIONS_URL" in texts(page)


def test_with_an_empty_queue_the_criteria_are_offered() -> None:
    store(("oi", "olá"))
    page = opened()
    assert "A fila está vazia" in texts(page)
    press(page, "review_to_criteria")
    assert page.session_state["parte"] == "Critérios"
    page.number_input(key="review_more_than").set_value(1)
    press(page, "review_save")
    run_queued()
    page.run()
    assert "1 entrou na fila" in texts(page)
    assert review.current_criteria().more_than == 1
    press(page, "review_to_queue")
    assert "review_next" in keys(page)


def test_who_has_no_name_is_asked_for_it_first() -> None:
    store(("oi", "olá"))
    enqueue_all()
    page = opened(name="")
    assert "review_next" not in keys(page)
    page.text_input(key="review_name").set_value("  Rui   Sá ")
    page.button[0].click().run()
    assert page.session_state["actor"] == "Rui Sá"
    press(page, "review_next")
    claim = review.claim_in_hand("Rui Sá")
    assert claim is not None


def test_the_next_one_is_claimed_marked_approved_and_followed_by_another() -> None:
    store(("oi", "olá", "tem king?", "não"), ("bom dia", "boa"))
    enqueue_all()
    page = press(opened(), "review_next")
    claim = review.claim_in_hand("rui")
    assert claim is not None
    assert "pedida por ana: teste" in " ".join(texts(page).split("\n"))
    press(page, "review_label_bad")
    press(page, "review_problem_invented")
    press(page, "review_criterion_tone")
    press(page, "review_criterion_accuracy")
    press(page, "review_criterion_accuracy")
    page.text_area(key=f"review_comment_{claim.id}").set_value("cuidado").run()
    press(page, "review_approve")
    (done,) = review.annotations_of(claim.conversation_id, viewer="rui")
    assert done.annotation.decision is Decision.APPROVED
    assert done.annotation.criteria == {"tone": True, "accuracy": False}
    assert done.annotation.comment == "cuidado"
    (note,) = done.annotation.turns
    assert (note.label, note.problems) == (Label.BAD, (Problem.INVENTED,))
    assert "Aprovada" in texts(page)
    press(page, "review_next")
    following = review.claim_in_hand("rui")
    assert following is not None
    assert following.conversation_id != claim.conversation_id
    assert "Aprovada" not in texts(page)


def test_a_mark_is_taken_back_by_the_same_press() -> None:
    store(("oi", "olá"))
    enqueue_all()
    page = press(opened(), "review_next")
    for _twice in range(2):
        press(page, "review_label_good")
        press(page, "review_problem_tone")
    claim = review.claim_in_hand("rui")
    assert claim is not None
    assert claim.draft == Annotation()


def test_a_corrected_answer_stands_beside_the_original() -> None:
    store(("oi", "ola tudo bem"))
    (identifier,) = enqueue_all()
    page = press(opened(), "review_next")
    press(page, "review_correct")
    field = next(it for it in page.text_area if str(it.key).startswith("review_correction_"))
    assert field.value == "ola tudo bem"
    assert "Guardado ao sair do campo ou com Ctrl+Enter" in texts(page)
    field.set_value("Olá, tudo bem?").run()
    press(page, "review_approve")
    original = conversations.get_conversation(identifier).turns[1]
    assert original.content == "ola tudo bem"
    assert review.verdicts([identifier])[identifier].corrections == {original.id: "Olá, tudo bem?"}
    page = opened(part="Conversas", conversa=identifier)
    assert {"ola tudo bem", "Olá, tudo bem?"} <= {element.value for element in page.text}


def test_who_reads_a_conversation_that_grows_is_told_before_it_is_decided() -> None:
    store(("oi", "olá"))
    enqueue_all()
    page = press(opened(), "review_next")
    press(page, "review_label_bad")
    store(("oi", "olá", "e o preço?", "R$ 10"))
    press(page, "review_approve")
    assert "A conversa cresceu enquanto você a lia: tinha 2 mensagens" in texts(page)
    assert "Chegaram 2 mensagens desde que você começou a ler" in texts(page)
    assert page.button(key="review_label_bad").icon == ":material/check_circle:"
    press(page, "review_approve")
    assert "A conversa está decidida" in texts(page)


def test_a_draft_is_there_after_a_reload() -> None:
    store(("oi", "olá"))
    enqueue_all()
    page = press(opened(), "review_next")
    press(page, "review_label_bad")
    press(page, "review_criterion_scope")
    claim = review.claim_in_hand("rui")
    assert claim is not None
    page.text_area(key=f"review_comment_{claim.id}").set_value("a meio").run()
    again = opened()
    assert "review_next" not in keys(again)
    assert again.text_area(key=f"review_comment_{claim.id}").value == "a meio"
    assert "sim" in again.button(key="review_criterion_scope").label
    assert again.button(key="review_label_bad").icon == ":material/check_circle:"


def test_a_mark_in_one_tab_leaves_what_was_written_in_another() -> None:
    store(("oi", "olá"))
    enqueue_all()
    first = press(opened(), "review_next")
    second = opened()
    claim = review.claim_in_hand("rui")
    assert claim is not None
    first.text_area(key=f"review_comment_{claim.id}").set_value("muito trabalho").run()
    for key in ("review_label_bad", "review_criterion_scope", "review_criterion_tone"):
        press(second, key)
    now = review.claim_in_hand("rui")
    assert now is not None
    assert now.draft is not None
    assert now.draft.comment == "muito trabalho"
    assert now.draft.criteria == {"scope": True, "tone": True}
    second.text_area(key=f"review_comment_{claim.id}").set_value("outra coisa").run()
    now = review.claim_in_hand("rui")
    assert now is not None
    assert now.draft is not None
    assert now.draft.comment == "outra coisa"


def test_a_field_opened_to_correct_and_left_as_it_is_corrects_nothing() -> None:
    store(("oi", "olá"))
    (key,) = enqueue_all()
    page = press(opened(), "review_next")
    press(page, "review_correct")
    press(page, "review_label_good")
    press(page, "review_approve")
    assert review.verdicts([key])[key].corrections == {}


def test_what_is_written_into_a_field_counts_though_a_button_is_pressed_at_once() -> None:
    store(("oi", "olá"))
    (key,) = enqueue_all()
    page = press(opened(), "review_next")
    press(page, "review_correct")
    field = next(it for it in page.text_area if str(it.key).startswith("review_correction_"))
    field.set_value("Olá, tudo bem?")
    press(page, "review_approve")
    assert list(review.verdicts([key])[key].corrections.values()) == ["Olá, tudo bem?"]


def test_two_reviewers_never_have_the_same_item() -> None:
    store(("oi", "olá"), ("bom dia", "boa"))
    enqueue_all()
    for name in ("rui", "bia"):
        press(opened(name), "review_next")
    held = [review.claim_in_hand(name) for name in ("rui", "bia")]
    assert len({claim.item_id for claim in held if claim is not None}) == 2
    page = press(opened("eva"), "review_next")
    assert "Nada espera por você agora" in texts(page)


def test_reviewers_are_blind_to_each_other_and_a_third_sees_both() -> None:
    store(("oi", "olá"))
    enqueue_all(reviewers=2)
    page = press(opened("rui"), "review_next")
    press(page, "review_approve")
    assert "Falta a opinião de outra pessoa" in texts(page)
    page = press(opened("bia"), "review_next")
    assert "rui" not in texts(page)
    press(page, "review_reject")
    page.text_area(key=next(it.key for it in page.text_area if "reason" in str(it.key))).set_value(
        "preço errado"
    )
    press(page, "review_reason_send")
    assert "uma terceira pessoa vai decidir" in texts(page)
    assert "Falta mais uma pessoa" in texts(page)
    assert "Falta mais uma pessoa" in texts(opened("rui"))
    assert "Falta mais uma pessoa" not in texts(opened("eva"))
    page = press(opened("eva"), "review_next")
    assert "preço errado" in texts(page)
    assert "rui" in texts(page)


def test_who_decides_between_two_sees_their_marks_and_corrections_beside_each_message() -> None:
    store(("oi", "olá", "tem king?", "não"))
    (identifier,) = enqueue_all(reviewers=2)
    turns = conversations.get_conversation(identifier).turns
    good = TurnNote(turns[1].id, Label.GOOD)
    bad = TurnNote(turns[1].id, Label.BAD, (Problem.TONE,))
    corrected = TurnNote(turns[3].id, correction="Temos, sim: o King.")
    for name, said in (
        ("rui", Annotation(Decision.APPROVED, turns=(good,))),
        ("bia", Annotation(Decision.REJECTED, "tom", turns=(bad, corrected))),
    ):
        page = press(opened(name), "review_next")
        assert "rui" not in texts(page)  # blind to the other
        claim = review.claim_in_hand(name)
        assert claim is not None
        review.submit(claim, said)
    page = press(opened("eva"), "review_next")
    (of_chosen,) = [it for it in page.chat_message if "olá" in {text.value for text in it.text}]
    under = "\n".join(caption.value for caption in of_chosen.caption)
    assert "**rui** · :material/thumb_up: Boa" in under
    assert "**bia** · :material/thumb_down: Ruim · :material/flag: Tom inadequado" in under
    (of_other,) = [it for it in page.chat_message if "não" in {text.value for text in it.text}]
    assert "Temos, sim: o King." in {text.value for text in of_other.text}
    assert any("**bia**" in caption.value for caption in of_other.caption)
    assert "Marcou as mensagens 2, 4" in texts(page)
    assert "Marcou a mensagem 2" in texts(page)
    press(page, "review_approve")
    assert review.verdicts([identifier])[identifier].corrections == {
        turns[3].id: "Temos, sim: o King."
    }


def test_what_was_sent_back_shows_the_reason_but_not_the_marks() -> None:
    store(("oi", "olá"))
    (identifier,) = enqueue_all()
    press(opened("rui"), "review_next")
    claim = review.claim_in_hand("rui")
    assert claim is not None
    turn = conversations.get_conversation(identifier).turns[1]
    corrected = TurnNote(turn.id, Label.BAD, correction="Bom dia.")
    review.submit(claim, Annotation(Decision.RETURNED, "não sei", turns=(corrected,)))
    page = press(opened("bia"), "review_next")
    assert "não sei" in texts(page)
    assert "Bom dia." not in texts(page)
    assert "Marcou" not in texts(page)


def test_rejecting_needs_a_reason_and_suggests_the_problems_that_were_marked() -> None:
    store(("oi", "olá"))
    (identifier,) = enqueue_all()
    page = press(opened(), "review_next")
    press(page, "review_problem_invented")
    press(page, "review_reject")
    field = next(it for it in page.text_area if "reason" in str(it.key))
    assert field.value == "Informação inventada"
    field.set_value(" ")
    press(page, "review_reason_send")
    assert "Diga o motivo" in texts(page)
    assert review.annotations_of(identifier, viewer="rui") == []
    next(it for it in page.text_area if "reason" in str(it.key)).set_value("inventou o preço")
    press(page, "review_reason_send")
    (done,) = review.annotations_of(identifier, viewer="rui")
    assert (done.annotation.decision, done.annotation.reason) == (
        Decision.REJECTED,
        "inventou o preço",
    )


def test_ctrl_enter_decides_only_where_the_button_says_so() -> None:
    store(("oi", "olá"))
    (identifier,) = enqueue_all()
    page = press(opened(), "review_next")
    press(page, "review_correct")
    assert page.text_area  # the comment and the correction, neither in a form
    assert pressed_by_enter(page) == []
    for ask, said in (("review_reject", "Rejeitar"), ("review_return", "Devolver")):
        press(page, ask)
        assert pressed_by_enter(page) == ["review_reason_send"]
        assert page.button(key="review_reason_send").label == f"{said} (Ctrl+Enter)"
        press(page, "review_reason_send")
        assert "Diga o motivo" in texts(page)  # what was opened by mistake needs a reason first
        press(page, "review_reason_back")
        assert pressed_by_enter(page) == []
    assert review.annotations_of(identifier, viewer="rui") == []


def test_ctrl_enter_in_the_criteria_saves_them() -> None:
    store(("oi", "olá"))
    assert pressed_by_enter(opened(part="Critérios")) == ["review_save"]


def test_what_was_sent_back_reaches_someone_else_with_the_reason() -> None:
    store(("oi", "olá"))
    enqueue_all()
    page = press(opened("rui"), "review_next")
    press(page, "review_return")
    next(it for it in page.text_area if "reason" in str(it.key)).set_value("não conheço o produto")
    press(page, "review_reason_send")
    assert "Devolvida" in texts(page)
    page = press(opened("bia"), "review_next")
    assert "não conheço o produto" in texts(page)


def test_the_last_decision_is_undone_with_its_marks() -> None:
    store(("oi", "olá"))
    (identifier,) = enqueue_all()
    page = press(opened(), "review_next")
    press(page, "review_label_good")
    press(page, "review_approve")
    press(page, "review_undo")
    assert "foi desfeita" in texts(page)
    assert page.button(key="review_label_good").icon == ":material/check_circle:"
    assert review.verdicts([identifier]) == {}


def test_undoing_nothing_is_said() -> None:
    store(("oi", "olá"))
    enqueue_all()
    page = press(opened(), "review_undo")
    assert "Não há decisão sua para desfazer" in texts(page)


def test_a_released_item_goes_back_and_its_marks_stay() -> None:
    store(("oi", "olá"))
    enqueue_all()
    page = press(opened(), "review_next")
    press(page, "review_label_bad")
    press(page, "review_release")
    assert "voltou para a fila" in texts(page)
    assert review.claim_in_hand("rui") is None
    press(page, "review_next")
    assert page.button(key="review_label_bad").icon == ":material/check_circle:"


def test_a_claim_that_expired_is_said_and_what_was_marked_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store(("oi", "olá"))
    (identifier,) = enqueue_all()
    page = press(opened(), "review_next")
    press(page, "review_label_bad")
    with monkeypatch.context() as patch:
        later(patch, 31)
        press(page, "review_approve")
        assert "O prazo desta revisão acabou" in texts(page)
        assert review.annotations_of(identifier, viewer="rui") == []
        press(page, "review_next")
        assert page.button(key="review_label_bad").icon == ":material/check_circle:"


@pytest.mark.parametrize("key", ["review_label_bad", "review_criterion_tone", "review_approve"])
def test_a_press_on_what_was_erased_says_that_nothing_is_kept(key: str) -> None:
    store(("oi", "olá"), ("bom dia", "boa"))
    enqueue_all()
    page = press(opened(), "review_next")
    press(page, "review_label_good")
    claim = review.claim_in_hand("rui")
    assert claim is not None
    conversations.erase_conversation(claim.conversation_id, actor="ana")
    press(page, key)
    assert "foi apagada" in texts(page)
    assert "está guardado" not in texts(page)
    assert "review_next" in keys(page)


def test_what_was_erased_meanwhile_is_said_at_the_next_look() -> None:
    store(("oi", "olá"), ("bom dia", "boa"))
    enqueue_all()
    page = press(opened(), "review_next")
    claim = review.claim_in_hand("rui")
    assert claim is not None
    conversations.erase_conversation(claim.conversation_id, actor="ana")
    page.run()
    assert "Nada dela ficou guardado" in texts(page)


def test_a_mark_after_the_time_is_up_is_kept_too(monkeypatch: pytest.MonkeyPatch) -> None:
    store(("oi", "olá"))
    enqueue_all()
    page = press(opened(), "review_next")
    with monkeypatch.context() as patch:
        later(patch, 31)
        press(page, "review_problem_wrong_information")
        assert "O prazo desta revisão acabou" in texts(page)
        press(page, "review_next")
    assert page.button(key="review_problem_wrong_information").icon == ":material/check_circle:"


def test_shortly_before_the_end_more_time_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    store(("oi", "olá"))
    enqueue_all()
    review.set_criteria(Criteria(claim_minutes=3), actor="ana")
    page = press(opened(), "review_next")
    review.set_criteria(Criteria(claim_minutes=60), actor="ana")
    press(page, "review_more_time")
    assert "review_more_time" not in keys(page)
    claim = review.claim_in_hand("rui")
    assert claim is not None
    assert claim.expires_at - utc_now() > dt.timedelta(minutes=50)


def test_what_people_wrote_is_shown_as_text() -> None:
    store((EVIL, EVIL))
    (identifier,) = enqueue_all()
    pages = [press(opened(), "review_next"), opened(part="Conversas", conversa=identifier)]
    for page in pages:
        assert [element.value for element in page.text].count(EVIL) == 2
        drawn = [*page.markdown, *page.caption, *page.html]
        assert all("onerror" not in str(element.value) for element in drawn)


def test_a_reason_with_markup_is_shown_as_text() -> None:
    store(("oi", "olá"))
    (identifier,) = [it.summary.id for it in conversations.every()]
    review.enqueue(identifier, reason=EVIL, actor="ana")
    page = press(opened(), "review_next")
    for element in [*page.markdown, *page.caption, *page.html]:
        assert not re.search(r"(?<!\\)(<img|\[x\]|\*\*negrito)", str(element.value))


def test_a_very_long_conversation_is_paged_and_marked_across_pages() -> None:
    store(tuple(f"texto {number}" for number in range(10_000)))
    enqueue_all()
    page = press(opened(), "review_next")
    assert len(page.chat_message) == 30
    page.pagination[0].set_value(334).run()
    assert not page.exception
    assert "texto 9999" in texts(page)
    press(page, "review_label_good")
    press(page, "review_approve")
    assert decisions() == ["rui"]


def test_the_keys_go_from_answer_to_answer_over_the_pages() -> None:
    store(tuple(f"texto {number}" for number in range(40)))
    enqueue_all()
    page = press(opened(), "review_next")
    for _step in range(15):
        press(page, "review_move_J")
    press(page, "review_label_good")
    claim = review.claim_in_hand("rui")
    assert claim is not None and claim.draft is not None
    (note,) = claim.draft.turns
    turns = conversations.get_conversation(claim.conversation_id).turns
    assert [turn.position for turn in turns if turn.id == note.turn_id] == [31]
    press(page, "review_move_K")
    assert "texto 29" in texts(page)


def test_a_conversation_without_answers_can_be_decided() -> None:
    store(("oi",))
    enqueue_all()
    page = press(opened(), "review_next")
    press(page, "review_choose_0")
    press(page, "review_problem_other")
    press(page, "review_approve")
    assert decisions() == ["rui"]


CHAT = [
    {
        "messages": [
            {"role": "user", "content": "Oi"},
            {"role": "bot_x", "content": "nÃ£o sei"},
            {"role": "user", "content": ""},
        ]
    },
    {"messages": []},
]


def test_the_way_to_get_feedback_is_shown_where_conversations_come_in() -> None:
    page = opened(part="Importar")
    assert any("feedback.js" in code.value for code in page.code)
    content = json.dumps(CHAT[0], ensure_ascii=False).encode()
    page.file_uploader[0].upload("conversas.jsonl", content, "application/json").run()
    assert not page.exception
    assert not page.code  # one thing at a time: the file has to be confirmed


def test_a_file_is_looked_at_corrected_and_imported() -> None:
    page = opened(part="Importar")
    content = "\n".join(json.dumps(it, ensure_ascii=False) for it in CHAT).encode()
    page.file_uploader[0].upload("conversas.jsonl", content, "application/json").run()
    assert not page.exception
    assert "parece ter a codificação quebrada" in texts(page)
    assert "Não se sabe que papel é: bot_x" in texts(page).replace("\\", "")
    role = next(it for it in page.selectbox if "bot" in it.label)
    assert role.value is Role.OTHER
    role.set_value(Role.ASSISTANT).run()
    assert "Não se sabe que papel é" not in texts(page)
    press(page, "conversations_import")
    run_queued()
    page.run()
    assert "1 conversa nova" in texts(page)
    assert "1 não importada" in texts(page)
    assert "1 mensagem sem texto ficou de fora" in texts(page)
    (found,) = list(conversations.every())
    assert [turn.role for turn in found.turns] == [Role.CUSTOMER, Role.ASSISTANT]
    assert (found.turns[1].content, found.turns[1].original) == ("não sei", "nÃ£o sei")
    assert "review_refresh" in keys(page)


def test_a_file_that_is_nothing_of_the_kind_is_refused_with_a_reason() -> None:
    page = opened(part="Importar")
    page.file_uploader[0].upload("vazio.csv", b"", "text/csv").run()
    assert not page.exception
    assert page.error
    assert "conversations_import" not in keys(page)


def test_without_the_text_field_there_is_nothing_to_import() -> None:
    page = opened(part="Importar")
    content = b"conversa_id,quem,estranho\n1,cliente,oi\n"
    page.file_uploader[0].upload("x.csv", content, "text/csv").run()
    assert page.button(key="conversations_import").disabled
    field = next(it for it in page.selectbox if it.label == "Texto da mensagem")
    field.set_value("estranho").run()
    assert not page.button(key="conversations_import").disabled


def field(page: AppTest, label: str) -> Any:
    return next(it for it in page.selectbox if it.label == label)


def test_a_column_that_is_named_by_hand_lets_roles_and_repairs_be_seen() -> None:
    page = opened(part="Importar")
    content = "fio,quem,mensagem\n1,cliente,NÃ£o chegou\n1,assistente,olá\n".encode()
    page.file_uploader[0].upload("x.csv", content, "text/csv").run()
    assert page.button(key="conversations_import").disabled
    field(page, "Código da conversa").set_value("fio").run()
    assert field(page, "«cliente» (1 mensagem)").value is Role.CUSTOMER
    assert field(page, "«assistente» (1 mensagem)").value is Role.ASSISTANT
    assert "parece ter a codificação quebrada" in texts(page)
    press(page, "conversations_import")
    run_queued()
    (found,) = list(conversations.every())
    assert [turn.content for turn in found.turns] == ["Não chegou", "olá"]


def test_a_file_that_is_here_under_another_name_is_noticed_before_it_comes_in() -> None:
    content = "\n".join(json.dumps(it, ensure_ascii=False) for it in CHAT).encode()
    page = opened(part="Importar")
    page.file_uploader[0].upload("loja.jsonl", content, "application/json").run()
    assert "já está aqui" not in texts(page)
    press(page, "conversations_import")
    run_queued()
    page = opened(part="Importar")
    page.file_uploader[0].upload("outra.jsonl", content, "application/json").run()
    assert "1 conversa deste arquivo já está aqui como «loja»" in texts(page)
    next(it for it in page.button if it.label == "Usar «loja»").click().run()
    assert not page.exception
    assert "já está aqui" not in texts(page)
    press(page, "conversations_import")
    run_queued()
    assert "nenhuma conversa nova" in texts(page.run())
    assert "1 já estava aqui" in texts(page)
    assert "reparado" not in texts(page)
    assert conversations.list_conversations().total == 1


def test_a_file_in_which_nobody_is_known_waits_for_the_roles_or_a_yes() -> None:
    page = opened(part="Importar")
    content = b"conversa,quem,mensagem\n1,x,oi\n1,y,oi\n1,z,oi\n"
    page.file_uploader[0].upload("x.csv", content, "text/csv").run()
    assert page.button(key="conversations_import").disabled
    anyway = next(it for it in page.checkbox if it.label.startswith("Importar assim mesmo"))
    anyway.check().run()
    assert not page.button(key="conversations_import").disabled
    anyway.uncheck().run()
    field(page, "«y» (1 mensagem)").set_value(Role.CUSTOMER).run()
    assert not page.button(key="conversations_import").disabled
    assert not [it for it in page.checkbox if it.label.startswith("Importar assim mesmo")]


def test_conversations_are_searched_opened_and_enqueued() -> None:
    store(("quero reembolso", "claro"), ("bom dia", "boa"))
    page = opened(part="Conversas")
    page.text_input(key="busca").set_value("reembolso").run()
    assert "1 conversa" in texts(page)
    assert page.dataframe[0].value["snippet"].tolist() == ["quero reembolso"]
    page.text_input(key="busca").set_value("inexistente").run()
    assert "Nenhuma conversa corresponde" in texts(page)
    identifier = next(iter(conversations.every())).summary.id
    page = opened(part="Conversas", conversa=identifier)
    page.text_input(key="conversations_reason").set_value("cliente reclamou")
    next(it for it in page.button if it.label == "Pôr na fila").click().run()
    assert "Está na fila de revisão" in texts(page)
    assert review.queue_state().waiting == 1


def test_the_list_shows_what_the_customer_began_with_and_the_undated_last() -> None:
    told = NewTurn(Role.SYSTEM, "Você é vendedor.")
    asked = NewTurn(Role.CUSTOMER, "Qual o preço?", at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
    conversations.add([NewConversation("1", (told, asked))], "teste", actor="ana")
    store(("sem data",))
    page = opened(part="Conversas")
    assert page.dataframe[0].value["snippet"].tolist() == ["Qual o preço?", "sem data"]


def test_a_customer_is_erased_after_a_question() -> None:
    store(("oi", "olá"), ("bom dia", "boa"), customer={"id": "7", "name": "Ana Lima"})
    store(("outro", "sim"), name="d")
    page = opened(part="Conversas")
    page.text_input(key="conversations_customer").set_value("lima").run()
    next(it for it in page.button if it.label == "Apagar").click().run()
    assert "**2 conversas** serão apagadas" in texts(page)
    assert conversations.list_conversations().total == 3
    press(page, "conversations_erase_confirm")
    assert "2 conversas apagadas" in texts(page)
    assert conversations.list_conversations().total == 1


def test_a_conversation_that_is_gone_is_said() -> None:
    store(("oi", "olá"))
    page = opened(part="Conversas", conversa="0" * 32)
    assert not page.exception
    assert "não está mais aqui" in texts(page)
    assert "conversations_back" in keys(page)


def judged(name: str, conversation: str, decision: Decision, **criteria: bool) -> None:
    claim = review.claim_next(name)
    assert claim is not None
    assert claim.conversation_id
    turn = conversations.get_conversation(claim.conversation_id).turns[1]
    review.submit(
        claim,
        Annotation(decision, reason="x", criteria=criteria, turns=(TurnNote(turn.id, Label.GOOD),)),
    )


def test_progress_says_who_did_what_and_whether_they_agree() -> None:
    store(*[(f"oi {number}", "olá") for number in range(6)])
    ids = enqueue_all(reviewers=2)
    for place, identifier in enumerate(ids):
        judged("rui", identifier, Decision.APPROVED, tone=place % 2 == 0)
        other = Decision.REJECTED if place == 0 else Decision.APPROVED
        judged("bia", identifier, other, tone=place % 2 == 0)
    page = opened(part="Andamento")
    assert not page.exception
    people = page.dataframe[0].value
    assert people["who"].tolist() == ["bia", "rui"]
    assert people["decisions"].tolist() == [6, 6]
    overall: dict[str, Any] = page.dataframe[1].value.set_index("criterion").to_dict("index")
    assert overall["O tom é o da casa"]["kappa"] == "1,00"
    assert overall["O tom é o da casa"]["n"] == 6
    assert "poucos casos" in overall["O tom é o da casa"]["means"]
    assert overall["Boa ou ruim, por mensagem"]["kappa"] == "—"
    assert {metric.label: metric.value for metric in page.metric}["Em desacordo"] == "1"


def test_progress_of_an_untouched_queue_explains_itself() -> None:
    store(("oi", "olá"))
    enqueue_all()
    page = opened(part="Andamento")
    assert "Ninguém decidiu nada neste período" in texts(page)
    assert "Nenhuma conversa foi julgada por duas pessoas" in texts(page)


def test_how_long_the_rest_takes_is_said_after_a_day_of_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store(*[(f"oi {number}", "olá") for number in range(9)])
    ids = enqueue_all(reviewers=2)
    before = utc_now() - dt.timedelta(days=2)
    with monkeypatch.context() as patched:
        patched.setattr("src.review.store.decisions.utc_now", lambda: before)
        judged("rui", ids[0], Decision.APPROVED)
    judged("rui", ids[1], Decision.APPROVED)
    said = texts(opened(part="Andamento"))
    assert "Nos últimos 3 dias, 0,7 decisões por dia." in said
    assert "o que falta leva cerca de 24 dias (decisões a tomar: 16)." in said


def test_on_the_first_day_nothing_is_foretold() -> None:
    store(("oi", "olá"), ("bom dia", "boa"))
    (first, _second) = enqueue_all()
    judged("rui", first, Decision.APPROVED)
    said = texts(opened(part="Andamento"))
    assert "As decisões começaram há menos de um dia" in said
    assert "Nesse ritmo" not in said


def test_every_part_opens_in_english() -> None:
    store(("oi", "olá"))
    enqueue_all()
    for part in ("Fila", "Conversas", "Importar", "Andamento", "Critérios"):
        page = AppTest.from_file(SCRIPT, default_timeout=180)
        page.session_state["language"] = "en"
        page.session_state["actor"] = "rui"
        page.query_params["parte"] = part
        page.run()
        assert not page.exception
        assert not page.error
