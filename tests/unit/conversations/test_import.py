"""Conversations are imported once, whole, and as they were written."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from src import conversations, jobs
from src.conversations import Filters, Role
from src.conversations.importing import BATCH
from src.errors import ConversationNotFound
from tests.unit.conversations.files import GREETING, bring, chat, jsonl, only

pytestmark = pytest.mark.usefixtures("any_database")


def test_a_conversation_comes_back_as_it_was_written(tmp_path: Path) -> None:
    done = bring(jsonl(tmp_path / "c.jsonl", GREETING))
    assert (done.conversations, done.turns, done.skipped) == (1, 2, 0)
    kept = only()
    assert [(turn.role, turn.content) for turn in kept.turns] == [
        (Role.CUSTOMER, "Oi, tem colchão king?"),
        (Role.ASSISTANT, "Temos, a partir de R$ 2.500."),
    ]
    assert kept.summary.imported_by == "ana"
    assert not kept.summary.timed


def test_imported_twice_counts_once(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "c.jsonl", GREETING, chat(("user", "Outra"), ("assistant", "Sim")))
    assert bring(path).conversations == 2
    again = bring(path)
    assert (again.conversations, again.turns, again.duplicates) == (0, 0, 2)
    assert conversations.list_conversations().total == 2


def test_an_import_that_is_stopped_leaves_whole_batches_and_goes_on_without_doubling(
    tmp_path: Path,
) -> None:
    class Stopped(Exception):
        pass

    def stop(_seen: int, _fraction: float) -> None:
        raise Stopped

    count = 2 * BATCH + 1
    said = [chat(("user", f"Oi {number}"), ("assistant", "Sim")) for number in range(count)]
    path = jsonl(tmp_path / "c.jsonl", *said)
    mapping = conversations.inspect_file(path).mapping
    with pytest.raises(Stopped):
        conversations.import_file(path, mapping, actor="ana", on_progress=stop)
    assert [len(it.turns) for it in conversations.every()] == [2] * BATCH
    done = conversations.import_file(path, mapping, actor="ana")
    assert (done.conversations, done.duplicates) == (BATCH + 1, BATCH)
    assert conversations.list_conversations().total == count


def test_the_same_conversation_twice_in_one_file_counts_once(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "c.jsonl", GREETING, {**GREETING, "channel": "site"}, GREETING)
    done = bring(path)
    assert (done.conversations, done.turns, done.updated, done.duplicates) == (1, 2, 1, 1)
    assert only().summary.channel == "site"


def test_a_later_export_adds_what_the_conversation_gained(tmp_path: Path) -> None:
    bring(jsonl(tmp_path / "c.jsonl", {"id": "7", "status": "open", **GREETING}))
    longer = chat(("user", "Oi, tem colchão king?"), ("assistant", "Temos, a partir de R$ 2.500."))
    longer["messages"].append({"role": "user", "content": "Quero"})
    done = bring(jsonl(tmp_path / "c.jsonl", {"id": "7", "status": "closed", **longer}))
    assert (done.conversations, done.updated, done.turns) == (0, 1, 1)
    kept = only()
    assert [turn.content for turn in kept.turns][2:] == ["Quero"]
    assert (kept.summary.turns, kept.summary.status) == (3, "closed")


def test_a_line_that_is_broken_is_named_and_the_others_are_imported(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "c.jsonl", GREETING)
    path.write_text(path.read_text() + '\n{"messages": [\n[1]\n{"messages": []}\n{"x": 1}\n')
    done = bring(path)
    assert done.conversations == 1
    assert [skipped.place for skipped in done.reasons] == [2, 3, 4, 5]
    assert "JSON no caractere 16" in str(done.reasons[0].reason)


def test_unknown_roles_are_kept_and_counted(tmp_path: Path) -> None:
    done = bring(jsonl(tmp_path / "c.jsonl", chat(("user", "a"), ("assistant", "b"), ("zz", "c"))))
    assert done.unknown_roles == {"zz": 1}
    turn = only().turns[2]
    assert (turn.role, turn.sender_type, turn.content) == (Role.OTHER, "zz", "c")


HARD = (
    "👩‍👩‍👧 ok 👍🏽",
    "مرحبا، هل لديكم سرير؟",
    "<script>alert(1)</script> **negrito** [x](javascript:alert(1))",
    "nul \x00 aqui",
    "meio par \ud83d",
    "par partido \ud83d\ude00",
    "a" * 200_000,
)


def test_any_text_is_stored_and_html_stays_text(tmp_path: Path) -> None:
    record = chat(*[("user", text) for text in HARD])
    path = tmp_path / "c.jsonl"
    path.write_text(json.dumps(record), encoding="utf-8")
    assert bring(path).turns == len(HARD)
    texts = [turn.content for turn in only().turns]
    assert texts[:3] == list(HARD[:3])
    assert texts[3] == "nul \ufffd aqui"
    assert texts[4] == "meio par \ufffd"
    assert texts[5] == "par partido 😀"
    assert texts[6] == HARD[6]


def test_a_repair_keeps_the_original_beside_it(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "c.jsonl", chat(("user", "NÃ£o chegou"), ("assistant", "Não?")))
    assert bring(path, repair=True).repaired == 1
    first, second = only().turns
    assert (first.content, first.original) == ("Não chegou", "NÃ£o chegou")
    assert (second.content, second.original) == ("Não?", None)
    assert bring(path).duplicates == 1  # repaired or not, it is the same conversation
    again = bring(path, repair=True)
    assert (again.duplicates, again.repaired) == (1, 0)  # nothing was stored, so nothing repaired


def test_empty_and_one_sided_conversations(tmp_path: Path) -> None:
    done = bring(
        jsonl(
            tmp_path / "c.jsonl",
            GREETING,
            chat(("user", " "), ("assistant", "")),
            chat(("user", "Alguém?")),
            chat(("assistant", "Olá, sou a BIA")),
        )
    )
    assert (done.conversations, done.skipped, done.empty_turns) == (3, 1, 2)
    outcomes = {
        (row.customer_turns, row.answer_turns): row.outcome
        for row in conversations.list_conversations().items
    }
    assert outcomes[1, 0] == "abandoned"
    assert outcomes[0, 1] == "none"


def test_ten_thousand_turns_are_stored_in_order_and_read_in_parts(tmp_path: Path) -> None:
    turns = [("user" if n % 2 == 0 else "assistant", f"t {n}") for n in range(10_000)]
    assert bring(jsonl(tmp_path / "c.jsonl", chat(*turns))).turns == 10_000
    key = conversations.list_conversations().items[0].id
    part = conversations.get_conversation(key, offset=9_990, limit=5)
    assert [turn.content for turn in part.turns] == [f"t {n}" for n in range(9_990, 9_995)]
    assert part.summary.turns == 10_000


def test_rows_of_a_conversation_may_be_scattered_and_are_ordered_by_time(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text(
        "conversa_id,papel,texto,criado_em,cliente_id,nome_cliente,canal\n"
        "1,cliente,primeira,2026-03-01T10:00:00-03:00,c1,Ana,site\n"
        "2,cliente,outra,01/03/2026 11:00,c2,Rui,whatsapp\n"
        "1,bot,terceira,1772370180,c1,Ana,site\n"
        "1,bot,segunda,2026-03-01T13:01:00Z,c1,Ana,site\n"
        "2,bot,quando?,ontem,c2,Rui,whatsapp\n"
        ",bot,perdida,,,,\n",
        encoding="utf-8",
    )
    done = bring(path)
    assert (done.conversations, done.unread_times, done.skipped) == (2, 1, 1)
    found = conversations.list_conversations(Filters(channel="site"))
    kept = conversations.get_conversation(found.items[0].id)
    assert [turn.content for turn in kept.turns] == ["primeira", "segunda", "terceira"]
    assert kept.summary.started_at == dt.datetime(2026, 3, 1, 13, tzinfo=dt.UTC)
    assert kept.summary.seconds_to_answer == 60
    assert kept.customer is not None
    assert kept.customer.name == "Ana"


def test_ratings_become_feedback_of_who_gave_them(tmp_path: Path) -> None:
    turns = [
        {"agent": "agent_1", "message": "Hi", "turn_rating": "Good"},
        {"agent": "agent_2", "message": "Hello", "turn_rating": "Poor"},
        {"agent": "agent_1", "message": "Bye", "turn_rating": ""},
    ]
    path = tmp_path / "c.json"
    rated = {"agent_1": "Excellent", "agent_2": "Not Good"}
    path.write_text(json.dumps({"t_1": {"content": turns, "conversation_rating": rated}}))
    assert bring(path).feedback == 4
    kept = only()
    given = conversations.feedback_of(kept.summary.id)
    answer = kept.turns[1].id
    assert {(it.author, it.stars, it.turn_id == answer) for it in given} == {
        ("assistant", 4, False),  # of the customer's turn
        ("customer", 1, True),
        ("customer", 5, False),
        ("assistant", 2, False),
    }
    assert bring(path).feedback == 0


def test_parts_and_tool_calls_of_the_chat_format_are_kept(tmp_path: Path) -> None:
    parts = [{"type": "text", "text": "Veja"}, {"type": "image_url", "image_url": {"url": "x"}}]
    record = chat(("user", parts), ("assistant", None), ("tool", "42"))
    record["messages"][1]["tool_calls"] = [{"function": {"name": "preço"}}]
    bring(jsonl(tmp_path / "c.jsonl", record))
    turns = only().turns
    assert turns[0].content == "Veja\n[image_url]"
    assert turns[1].role == Role.TOOL
    assert "preço" in turns[1].content


def test_an_erased_customer_takes_everything_along_and_stays_away(tmp_path: Path) -> None:
    owned = {"id": "1", "customer_id": "c1", "rating": 5, **GREETING}
    other = {"id": "2", "customer_id": "c2", **chat(("user", "Oi"), ("assistant", "Olá"))}
    path = jsonl(tmp_path / "c.jsonl", owned, other)
    bring(path)
    (customer,) = conversations.find_customers("c1")
    erased = conversations.erase_customer(customer.id, actor="ana")
    assert (erased.conversations, erased.turns) == (1, 2)
    assert conversations.list_conversations().total == 1
    assert conversations.search("colchão") == []
    again = bring(path)
    assert (again.conversations, again.erased) == (0, 1)
    newer = {"id": "3", "customer_id": "c1", **chat(("user", "Voltei"), ("assistant", "Oi"))}
    assert bring(jsonl(path, newer)).erased == 1
    with pytest.raises(ConversationNotFound):
        conversations.erase_customer(customer.id, actor="ana")


def test_a_conversation_that_is_gone_is_said_to_be() -> None:
    with pytest.raises(ConversationNotFound, match="não está mais aqui"):
        conversations.get_conversation("x" * 32)


def test_every_yields_whole_conversations_in_one_order(tmp_path: Path) -> None:
    records = [chat(("user", f"n {n}"), ("assistant", "sim")) for n in range(450)]
    bring(jsonl(tmp_path / "c.jsonl", *records))
    found = list(conversations.every())
    assert [it.summary.id for it in found] == sorted(it.summary.id for it in found)
    assert {it.turns[0].content for it in found} == {f"n {n}" for n in range(450)}


def test_imports_that_wait_are_in_progress(any_database: str) -> None:
    first = conversations.start_import(
        "conversas.jsonl", conversations.FieldMapping(), actor="ana", source_name="conversas.jsonl"
    )
    second = conversations.start_database_import(actor="ana")
    under_way = jobs.in_progress("conversations.import", "conversations.import_database")
    assert [job.id for job in under_way] == [first, second]
