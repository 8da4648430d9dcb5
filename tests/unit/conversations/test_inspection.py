"""A file is looked at before it is imported: what it is, who is who, what is broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from src import conversations
from src.conversations import FieldMapping, Role
from src.errors import ConversationImportFailed
from tests.unit.conversations.files import GREETING, chat, jsonl


def test_chat_jsonl_is_recognised_with_its_roles(tmp_path: Path) -> None:
    found = conversations.inspect_file(jsonl(tmp_path / "c.jsonl", GREETING, GREETING))
    assert found.form == "jsonl"
    assert found.mapping.turns == "messages"
    assert found.mapping.roles == {"user": Role.CUSTOMER, "assistant": Role.ASSISTANT}
    assert not found.roles_guessed
    assert not found.warnings
    assert found.preview[0].turns[0].content == "Oi, tem colchão king?"


def test_a_single_line_of_chat_is_one_conversation(tmp_path: Path) -> None:
    found = conversations.inspect_file(jsonl(tmp_path / "c.jsonl", GREETING))
    assert (found.form, len(found.preview)) == ("jsonl", 1)


@pytest.mark.parametrize(
    "shape",
    [
        lambda it: [it, it],
        lambda it: {"a": it, "b": it},
        lambda it: {"exported_at": "2026-01-01", "conversations": [it, it]},
        lambda it: [it["messages"], it["messages"]],
    ],
    ids=["list", "by key", "under a name", "bare lists"],
)
def test_the_usual_shapes_of_json_are_recognised(tmp_path: Path, shape: object) -> None:
    path = tmp_path / "c.json"
    path.write_text(json.dumps(shape(GREETING), indent=1), encoding="utf-8")  # type: ignore[operator]
    found = conversations.inspect_file(path)
    assert found.form == "json"
    assert len(found.preview) == 2
    assert [turn.role for turn in found.preview[0].turns] == [Role.CUSTOMER, Role.ASSISTANT]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_export_of_messages_is_recognised_by_its_columns(
    tmp_path: Path, delimiter: str
) -> None:
    rows = [
        ("conversa_id", "remetente", "mensagem", "criado_em", "canal", "telefone"),
        ("7", "cliente", "Bom dia", "01/03/2026 10:00", "whatsapp", "11 99999-0000"),
        ("7", "bot", "Olá", "01/03/2026 10:01", "whatsapp", "11 99999-0000"),
    ]
    path = tmp_path / "c.csv"
    path.write_text("\n".join(delimiter.join(row) for row in rows), encoding="utf-8")
    found = conversations.inspect_file(path)
    assert found.form == "csv"
    assert found.mapping.turns is None
    assert found.mapping.fields == {
        "conversation_id": "conversa_id",
        "role": "remetente",
        "content": "mensagem",
        "at": "criado_em",
        "channel": "canal",
        "customer_phone": "telefone",
    }
    assert found.mapping.roles == {"cliente": Role.CUSTOMER, "bot": Role.ASSISTANT}


@pytest.mark.parametrize(
    "column", ["conversa", "Conversation", "chat", "Código da conversa", "conversationId"]
)
def test_the_column_of_the_conversation_goes_by_many_names(tmp_path: Path, column: str) -> None:
    path = tmp_path / "c.csv"
    path.write_text(f"{column},quem,mensagem\n7,cliente,Oi\n7,assistente,Olá\n", encoding="utf-8")
    mapping = conversations.inspect_file(path).mapping
    assert mapping.fields["conversation_id"] == column
    assert mapping.roles == {"cliente": Role.CUSTOMER, "assistente": Role.ASSISTANT}


@pytest.mark.parametrize(
    ("name", "origin"),
    [
        ("vendas2 (1).csv", "vendas2"),
        ("Vendas - Cópia.csv", "vendas"),
        ("vendas - Copia (2).csv", "vendas"),
        ("vendas copy 2.jsonl", "vendas"),
        ("Cópia de vendas (1).json", "vendas"),
        ("vendas (cópia).csv", "vendas"),
        ("vendas 2026.csv", "vendas_2026"),
        ("fotocopia.csv", "fotocopia"),
        ("(1).csv", "(1)"),
    ],
)
def test_a_further_download_is_of_the_same_system(tmp_path: Path, name: str, origin: str) -> None:
    found = conversations.inspect_file(jsonl(tmp_path / "c.jsonl", GREETING), name=name)
    assert found.mapping.origin == origin


def test_roles_and_broken_texts_are_found_by_the_fields_that_a_person_names(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("fio,quem,mensagem\n7,cliente,NÃ£o chegou\n7,robô,Olá\n", encoding="utf-8")
    found = conversations.inspect_file(path)
    assert (found.roles, found.broken) == ({}, 0)
    fields = {**found.mapping.fields, "conversation_id": "fio"}
    found = conversations.inspect_file(path, fields=fields)
    assert found.mapping.fields == fields
    assert found.mapping.roles == {"cliente": Role.CUSTOMER, "robô": Role.ASSISTANT}
    assert found.broken == 1


@pytest.mark.parametrize(
    ("subjects", "ours"),
    [("frete frete frete preço", "topic"), ("a b c d", "subject"), ("frete", "subject")],
)
def test_few_subjects_that_come_again_are_topics(tmp_path: Path, subjects: str, ours: str) -> None:
    path = jsonl(tmp_path / "c.jsonl", *({**GREETING, "assunto": it} for it in subjects.split()))
    found = conversations.inspect_file(path)
    assert {key for key, field in found.mapping.fields.items() if field == "assunto"} == {ours}
    assert getattr(found.preview[0], ours) == subjects.split()[0]
    both = [{**GREETING, "assunto": it, "tema": "x"} for it in subjects.split()]
    fields = conversations.inspect_file(jsonl(path, *both)).mapping.fields
    assert (fields["subject"], fields["topic"]) == ("assunto", "tema")


def test_two_words_that_say_nothing_are_a_guess_that_a_person_is_told_of(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "c.jsonl", chat(("agent_2", "Hi"), ("agent_1", "Hello")))
    found = conversations.inspect_file(path)
    assert found.roles_guessed
    assert found.mapping.roles == {"agent_2": Role.CUSTOMER, "agent_1": Role.ASSISTANT}
    assert any("Confira" in str(warning) for warning in found.warnings)


def test_a_word_nobody_knows_is_named_among_the_warnings(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "c.jsonl", chat(("user", "a"), ("assistant", "b"), ("xyz", "c")))
    found = conversations.inspect_file(path)
    assert "xyz" not in found.mapping.roles
    assert any("xyz" in str(warning) for warning in found.warnings)


def test_broken_encodings_are_counted_and_a_repair_is_shown(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "c.jsonl", chat(("user", "NÃ£o chegou 😀"), ("assistant", "Não?")))
    found = conversations.inspect_file(path)
    assert found.broken == 1
    assert found.repairs == (("NÃ£o chegou 😀", "Não chegou 😀"),)


def test_text_in_an_older_encoding_is_read(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    rows = "conversa_id;papel;texto\n1;cliente;Não é possível\n1;bot;Atenção à promoção\n"
    path.write_bytes(rows.encode("cp1252"))
    found = conversations.inspect_file(path)
    assert [turn.content for turn in found.preview[0].turns] == [
        "Não é possível",
        "Atenção à promoção",
    ]


@pytest.mark.parametrize(
    "content",
    [b"", b"\n \n", b"PK\x03\x04\x00\x00", b'{"a": 1', b"[1, 2, 3]", b'{"a": 1, "b": "c"}\n'],
)
def test_what_holds_no_conversations_is_refused_with_a_reason(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "c.json"
    path.write_bytes(content)
    with pytest.raises(ConversationImportFailed, match=r"c\.json|mapeamento"):
        conversations.import_file(path, conversations.inspect_file(path).mapping, actor="ana")


def test_a_mapping_survives_json() -> None:
    mapping = FieldMapping(
        "m", {"content": "x"}, {"u": Role.CUSTOMER}, {"bom": 4}, "s", "web", True
    )
    assert FieldMapping.from_dict(json.loads(json.dumps(mapping.to_dict()))) == mapping
