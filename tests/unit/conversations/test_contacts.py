"""Who is the same person by e-mail or telephone: one spelling, also of what 0.1 had stored."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from src import conversations, persistence
from src.conversations import NewConversation, NewTurn, Role, contact_key
from src.conversations.contacts import former_key
from src.conversations.store import tables
from src.persistence import engine
from src.persistence.engine import transaction


@pytest.mark.parametrize(
    ("key", "spellings"),
    [
        (
            "phone:11987654321",
            (
                "11987654321",
                "+55 (11) 98765-4321",
                "5511987654321",
                "0055 11 98765 4321",
                "011 98765-4321",
                "0xx11 98765-4321",
                "0 15 11 98765-4321",
                "(11) 8765-4321",
                "551187654321",
                "１１ 98765-4321",
            ),
        ),
        ("phone:1134567890", ("(11) 3456-7890", "+55 11 3456-7890", "0 21 11 3456-7890")),
        ("phone:998765432", ("9876-5432", "99876-5432")),
        ("phone:34567890", ("3456-7890",)),
        ("phone:55987654321", ("(55) 98765-4321", "+55 55 8765-4321")),
        ("phone:8007771234", ("0800 777 1234",)),
        ("phone:+14155552671", ("+1 (415) 555-2671", "001 415 555 2671")),
        ("phone:+4532345678", ("+45 32 34 56 78",)),
        ("phone:4532345678", ("(45) 3234-5678",)),
        ("email:ana.s@exemplo.com", ("Ana.S@Exemplo.com ", "ana.s@exemplo.com")),
    ],
)
def test_a_contact_has_one_spelling(key: str, spellings: tuple[str, ...]) -> None:
    assert {contact_key(text) for text in spellings} == {key}


@pytest.mark.parametrize(
    "text",
    ["", "-", "1199", "99999-9999", "+999 1234 5678", "11987654321 21987654321", "ana12345678@x"],
)
def test_what_is_no_contact_has_none(text: str) -> None:
    assert contact_key(text) is None


def add(ref: str, **customer: str) -> int:
    """Store a conversation, and return whether it was refused because it had been erased."""
    new = NewConversation(ref, (NewTurn(Role.CUSTOMER, "oi"),), customer)
    return conversations.add([new], "loja", actor="ana").erased


def as_before(origin_id: str, *refs: str, **customer: str) -> None:
    """Let conversations be those of a customer as version 0.1 stored them."""
    owner = tables.named("loja", "customer", origin_id)
    said = dict.fromkeys(("name", "email", "phone", "source", "status"), "") | customer
    with transaction() as connection:
        new = tables.customers.insert().values(id=owner, origin="loja", origin_id=origin_id, **said)
        connection.execute(new)
        theirs = tables.conversations.c.origin_id.in_(refs)
        owned = tables.conversations.update().where(theirs).values(customer_id=owner)
        connection.execute(owned)


def migrate() -> None:
    """Take the database to the version before the keys, and back to the newest."""
    alembic = Config()
    alembic.set_main_option("script_location", str(engine.MIGRATIONS))
    persistence.get_engine().dispose()
    command.downgrade(alembic, "0011")
    command.upgrade(alembic, "head")


@pytest.mark.usefixtures("any_database")
def test_customers_of_0_1_are_named_by_the_new_keys_and_one_person_is_one_customer() -> None:
    for ref in ("1", "2", "3", "4", "5"):
        add(ref)
    as_before("phone:11987654321", "1", phone="11987654321", name="Ana")
    as_before("phone:1511987654321", "2", phone="0 15 11 98765-4321", email="não tem", name="A.")
    as_before("phone:4532345678", "3", phone="+45 32 34 56 78")
    as_before("c9", "4", phone="+45 32 34 56 78")
    as_before("phone:1198765432121987654321", "5", phone="11987654321 21987654321")
    migrate()
    with transaction() as connection:
        stored = connection.execute(sa.select(tables.customers)).all()
    by_name = {row.origin_id: row for row in stored}
    assert by_name.keys() == {
        "phone:11987654321",
        "phone:+4532345678",
        "c9",
        "phone:1198765432121987654321",
    }
    assert all(row.id == tables.named("loja", "customer", row.origin_id) for row in stored)
    ana = by_name["phone:11987654321"]
    assert (ana.name, ana.phone, ana.email) == ("Ana", "11987654321", "não tem")
    owners = {
        one.summary.origin_id: one.customer and one.customer.id for one in conversations.every()
    }
    assert owners == {
        "1": ana.id,
        "2": ana.id,
        "3": by_name["phone:+4532345678"].id,
        "4": by_name["c9"].id,
        "5": by_name["phone:1198765432121987654321"].id,
    }
    add("6", phone="+45 3234 5678")
    add("5", phone="11987654321 21987654321")
    assert len(conversations.find_customers("")) == 4  # nobody new


@pytest.mark.usefixtures("any_database")
def test_who_is_named_as_another_was_does_not_take_their_conversations() -> None:
    for ref in ("1", "2"):
        add(ref)
    as_before("phone:1511987654321", "1", phone="0 15 11 98765-4321", name="Ana")
    as_before("phone:11987654321", "2", phone="+1 198 765 4321", name="Joe")
    migrate()
    stored = {one.summary.origin_id: one.customer for one in conversations.every()}
    assert {ref: customer and customer.name for ref, customer in stored.items()} == {
        "1": "Ana",
        "2": "Joe",
    }
    with transaction() as connection:
        names = set(connection.execute(sa.select(tables.customers.c.origin_id)).scalars())
    assert names == {"phone:11987654321", contact_key("+1 198 765 4321")}


@pytest.mark.usefixtures("any_database")
def test_a_customer_whom_the_source_calls_by_a_telephone_keeps_that_name() -> None:
    add("1")
    as_before("phone:+5511987654321", "1", phone="+55 11 98765-4321")
    migrate()
    with transaction() as connection:
        names = connection.execute(sa.select(tables.customers.c.origin_id)).scalars().all()
    assert names == ["phone:+5511987654321"]


@pytest.mark.usefixtures("any_database")
def test_a_telephone_where_an_email_should_be_and_an_identifier_like_ours_are_taken_in() -> None:
    assert add("1", email="11 98765-4321", name="Ana") == 0
    assert add("2", id="phone:7", name="Bia") == 0
    assert {one.customer and one.customer.name for one in conversations.every()} == {"Ana", "Bia"}


@pytest.mark.usefixtures("any_database")
def test_whom_0_1_erased_stays_erased_under_the_key_of_today() -> None:
    with transaction() as connection:
        gone = tables.named("loja", "customer", former_key("+45 32 34 56 78"))
        connection.execute(
            tables.erasures.insert().values(id=gone, at=persistence.utc_now(), actor="ana")
        )
    assert add("1", phone="0045 3234 5678") == 1
    assert add("2", phone="+45 3234 5679") == 0
