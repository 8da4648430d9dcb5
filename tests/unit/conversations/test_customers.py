"""Customers are kept, found and erased whether or not the source has an identifier for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from src import conversations
from src.conversations import Customer
from src.conversations.store.owners import names_of
from tests.unit.conversations.files import GREETING, bring, jsonl, only


def owners() -> dict[str, Customer | None]:
    """Return the customer of each conversation, by the source's identifier."""
    return {it.summary.origin_id: it.customer for it in conversations.every()}


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ({"id": "c1", "phone": "(11) 98765-4321"}, ["c1", "phone:11987654321"]),
        ({"email": " Ana@X.com "}, ["email:ana@x.com"]),
        ({"phone": "+55 (11) 98765-4321"}, ["phone:11987654321"]),
        ({"phone": "5511 8765-4321"}, ["phone:11987654321"]),
        ({"phone": "011 3456-7890"}, ["phone:1134567890"]),
        ({"phone": "9876-5432"}, ["phone:998765432"]),
        ({"phone": "99999-9999"}, []),
        ({"phone": "1199"}, []),
        ({"email": "não tem", "phone": "-"}, []),
        ({}, []),
    ],
)
def test_what_names_a_customer(said: dict[str, str], names: list[str]) -> None:
    assert names_of(said) == names


def test_what_names_nobody_else_names_the_conversation_but_nothing_names_nobody() -> None:
    assert names_of({"name": "Ana"}, "k") == ["conversation:k"]
    assert names_of({"status": "lead"}, "k") == []


@pytest.mark.usefixtures("any_database")
def test_a_customer_without_identifier_is_known_by_telephone(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text(
        "conversa_id;papel;mensagem;nome;telefone;email\n"
        "1;bot;olá;BIA;;\n"
        "1;cliente;oi;Kauanny Wyslla;11987654321;\n"
        "2;cliente;voltei;Kauanny;+55 11 98765-4321;\n"
        "3;cliente;oi;Rui;;rui@x.com\n",
        encoding="utf-8",
    )
    bring(path)
    found = owners()
    assert found["1"] is not None
    assert (found["1"].name, found["1"].phone) == ("Kauanny Wyslla", "11987654321")
    assert found["2"] == found["1"] != found["3"]
    (customer,) = conversations.find_customers("Kauanny")
    assert conversations.erase_customer(customer.id, actor="ana").conversations == 2
    assert list(owners()) == ["3"]
    assert bring(path).erased == 2
    assert [it and it.name for it in owners().values()] == ["Rui"]


@pytest.mark.usefixtures("any_database")
def test_a_name_alone_belongs_to_its_conversation(tmp_path: Path) -> None:
    records = [{"id": key, "customer_name": "Ana", **GREETING} for key in ("1", "2")]
    path = jsonl(tmp_path / "c.jsonl", *records, {"id": "3", **GREETING})
    bring(path)
    found = owners()
    assert found["1"] is not None
    assert found["2"] is not None
    assert found["1"].name == found["2"].name == "Ana"
    assert found["1"].id != found["2"].id
    assert found["3"] is None
    assert bring(path).duplicates == 3
    assert len(conversations.find_customers("Ana")) == 2


@pytest.mark.usefixtures("any_database")
def test_a_surer_name_takes_the_place_of_a_weaker_one_and_is_not_lost_again(tmp_path: Path) -> None:
    alone = {"id": "1", "customer_name": "Ana", **GREETING}
    for said, updated in (
        ({}, 0),
        ({"phone": "11987654321"}, 1),
        ({"phone": "11987654321", "email": "ana@x.com"}, 1),
        ({"phone": "11987654321"}, 0),
        ({"customer_id": "c1", "phone": "11987654321"}, 1),
        ({"email": "ana@x.com"}, 0),
    ):
        assert bring(jsonl(tmp_path / "c.jsonl", {**alone, **said})).updated == updated
        assert len(conversations.find_customers("Ana")) == 1  # nobody is left behind
    assert conversations.find_customers("c1")[0] == only().customer


@pytest.mark.usefixtures("any_database")
def test_an_erased_customer_does_not_come_back_under_the_telephone(tmp_path: Path) -> None:
    known = {"id": "1", "customer_id": "c1", "phone": "11987654321", **GREETING}
    bring(jsonl(tmp_path / "c.jsonl", known))
    (customer,) = conversations.find_customers("c1")
    conversations.erase_customer(customer.id, actor="ana")
    later = {"id": "2", "phone": "+55 11 98765-4321", **GREETING}
    other = {"id": "3", "phone": "11912345678", **GREETING}
    done = bring(jsonl(tmp_path / "c.jsonl", later, other))
    assert (done.erased, done.conversations) == (1, 1)


@pytest.mark.usefixtures("any_database")
@pytest.mark.parametrize("repair", [True, False])
def test_a_repair_mends_name_subject_and_topic_as_well(tmp_path: Path, repair: bool) -> None:
    broken = {"customer_name": "JoÃ£o", "assunto": "TrÃªs pneus", "tema": "PreÃ§o"}
    path = jsonl(tmp_path / "c.jsonl", {"id": "1", **broken, **GREETING})
    found = conversations.inspect_file(path)
    assert (found.broken, found.repairs[0]) == (3, ("TrÃªs pneus", "Três pneus"))
    assert bring(path, repair=repair).repaired == (3 if repair else 0)
    kept = only()
    assert kept.customer is not None
    assert kept.summary.origin_id == "1"
    assert [kept.customer.name, kept.summary.subject, kept.summary.topic] == (
        ["João", "Três pneus", "Preço"] if repair else list(broken.values())
    )


@pytest.mark.usefixtures("any_database")
def test_what_was_not_known_of_a_customer_is_learnt_and_what_was_stays(tmp_path: Path) -> None:
    first = {"id": "1", "customer_id": "c1", "customer_name": "Ana", **GREETING}
    bring(jsonl(tmp_path / "c.jsonl", first))
    later = {**first, "customer_name": "Ana Lima", "phone": "11987654321"}
    other = {**first, "id": "2", "phone": "1", "email": "ana@x.com"}
    done = bring(jsonl(tmp_path / "c.jsonl", later, other))
    assert (done.conversations, done.duplicates) == (1, 1)
    (customer,) = conversations.find_customers("c1")
    assert (customer.name, customer.phone, customer.email) == ("Ana", "11987654321", "ana@x.com")
