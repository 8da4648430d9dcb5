"""Conversations come straight from the assistant's PostgreSQL, read only and once."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from src import conversations
from src.conversations import Role
from src.errors import ConversationImportFailed
from tests.assistant_database import FIRST, SECOND, assistant_database, say

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("any_database")]


@pytest.fixture()
def source() -> Iterator[str]:
    with assistant_database() as url:
        yield url


def test_every_field_of_the_three_tables_comes_along(source: str) -> None:
    done = conversations.import_database(source, actor="ana")
    assert (done.conversations, done.turns, done.unknown_roles) == (1, 2, {})
    kept = conversations.get_conversation(conversations.list_conversations().items[0].id)
    summary, customer = kept.summary, kept.customer
    assert customer is not None
    assert (customer.name, customer.email, customer.phone) == ("Ana", "ana@x.com", "1199")
    assert (customer.source, customer.status) == ("whatsapp", "lead")
    assert (summary.channel, summary.status, summary.subject) == ("whatsapp", "open", "Frete")
    assert (summary.session_id, summary.origin_id) == ("sess", FIRST)
    assert summary.seconds_to_answer == 60
    assert [(turn.role, turn.sender_id) for turn in kept.turns] == [
        (Role.CUSTOMER, "s"),
        (Role.ASSISTANT, "s"),
    ]


def test_a_second_reading_brings_only_what_is_new(source: str) -> None:
    conversations.import_database(source, actor="ana")
    assert conversations.import_database(source, actor="ana").conversations == 0
    say(source, FIRST, ("customer", "E o frete?", "2026-03-02 10:00Z"))
    with psycopg.connect(source) as made:
        made.execute("INSERT INTO conversations (id) VALUES (%s)", (SECOND,))
    say(source, SECOND, ("robô 9000", "Oi", "2026-03-02 10:01Z"))
    done = conversations.import_database(source, actor="ana")
    assert (done.conversations, done.updated, done.turns) == (1, 1, 2)
    assert done.unknown_roles == {"robô 9000": 1}
    assert conversations.list_conversations().total == 2


def test_the_roles_may_be_given(source: str) -> None:
    say(source, FIRST, ("xis", "Sim", "2026-03-01 10:02Z"))
    done = conversations.import_database(source, actor="ana", roles={"xis": Role.HUMAN})
    assert done.unknown_roles == {}


def test_a_database_without_the_tables_is_refused_with_what_is_missing(source: str) -> None:
    with psycopg.connect(source) as made:
        made.execute("ALTER TABLE messages DROP COLUMN sender_type")
    with pytest.raises(ConversationImportFailed, match="sender_type"):
        conversations.import_database(source, actor="ana")


def test_a_database_that_does_not_answer_is_reported_without_its_password() -> None:
    with pytest.raises(ConversationImportFailed) as caught:
        conversations.import_database("postgresql://u:segredo@127.0.0.1:1/x", actor="ana")
    assert "segredo" not in str(caught.value)
