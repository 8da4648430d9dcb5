"""Conversations come straight from the assistant's PostgreSQL, read only and once."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator

import psycopg
import pytest

from src import conversations
from src.conversations import Filters, Outcome, Role
from src.conversations.store import writing
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


def go_on(source: str) -> None:
    """Let much later things happen elsewhere, so that the first conversation is not read again."""
    with psycopg.connect(source) as made:
        made.execute("INSERT INTO conversations (id) VALUES (%s)", (SECOND,))
    say(source, SECOND, ("customer", "Oi", "2026-03-09 10:01Z"))
    assert conversations.import_database(source, actor="ana").conversations == 1


def first() -> conversations.Conversation:
    return next(it for it in conversations.every() if it.summary.origin_id == FIRST)


def test_a_conversation_that_is_closed_without_a_message_is_noticed(source: str) -> None:
    conversations.import_database(source, actor="ana")
    say(source, FIRST, ("bot", "Posso ajudar?", "2026-03-01 10:02Z"))
    assert conversations.import_database(source, actor="ana").updated == 1
    go_on(source)
    before = first()
    assert before.summary.outcome == Outcome.ABANDONED
    with psycopg.connect(source) as made:
        made.execute("UPDATE conversations SET status = 'resolved' WHERE id = %s", (FIRST,))
    done = conversations.import_database(source, actor="ana")
    assert (done.conversations, done.updated, done.turns) == (0, 1, 0)
    after = first()
    assert (after.summary.status, after.summary.outcome) == ("resolved", Outcome.RESOLVED)
    assert after.turns == before.turns
    assert after.customer == before.customer
    assert conversations.import_database(source, actor="ana").updated == 0


def test_a_status_that_is_emptied_or_a_conversation_that_is_gone_changes_nothing(
    source: str,
) -> None:
    conversations.import_database(source, actor="ana")
    go_on(source)
    with psycopg.connect(source) as made:
        made.execute("UPDATE conversations SET status = NULL")
    assert conversations.import_database(source, actor="ana").updated == 0
    with psycopg.connect(source) as made:
        made.execute("DELETE FROM messages")
        made.execute("DELETE FROM conversations")
    assert conversations.import_database(source, actor="ana").updated == 0
    assert first().summary.status == "open"


def test_statuses_are_compared_where_conversations_are_numbered(source: str) -> None:
    with psycopg.connect(source) as made:
        made.execute("DROP TABLE messages, conversations")
        made.execute(
            "CREATE TABLE conversations (id bigint PRIMARY KEY, customer_id uuid, channel text,"
            " status text, subject text, session_id text)"
        )
        made.execute(
            "CREATE TABLE messages (id bigint, conversation_id bigint, content text,"
            " sender_type text, sender_id text, created_at timestamptz)"
        )
        made.execute(
            "INSERT INTO conversations (id, status) SELECT n, 'open' FROM"
            " generate_series(1, 1500) n"
        )
        made.execute(
            "INSERT INTO messages SELECT n, n, 'Oi', 'customer', '', '2026-03-01 10:00Z'"
            " FROM generate_series(1, 1500) n"
        )
    assert conversations.import_database(source, actor="ana").conversations == 1500
    with psycopg.connect(source) as made:
        made.execute("UPDATE messages SET created_at = created_at - interval '1 day'")
        made.execute("UPDATE conversations SET status = 'closed' WHERE id % 2 = 0")
    done = conversations.import_database(source, actor="ana")
    assert (done.updated, done.conversations) == (750, 0)
    assert conversations.list_conversations(Filters(status="closed")).total == 750


def test_where_the_source_says_when_it_changed_only_that_is_asked(source: str) -> None:
    with psycopg.connect(source) as made:
        made.execute("ALTER TABLE conversations ADD COLUMN updated_at timestamptz")
        made.execute("UPDATE conversations SET updated_at = '2026-03-01 10:01Z'")
    conversations.import_database(source, actor="ana")
    go_on(source)
    with psycopg.connect(source) as made:
        made.execute("UPDATE conversations SET status = 'x' WHERE id = %s", (FIRST,))
    assert conversations.import_database(source, actor="ana").updated == 0
    with psycopg.connect(source) as made:
        made.execute(
            "UPDATE conversations SET status = 'resolved', updated_at = '2026-03-10 10:00Z'"
            " WHERE id = %s",
            (FIRST,),
        )
    assert conversations.import_database(source, actor="ana").updated == 1
    assert first().summary.status == "resolved"


@pytest.mark.parametrize("kind", ["bigint", "text"])
def test_messages_of_one_moment_come_in_the_order_of_their_numbers(source: str, kind: str) -> None:
    with psycopg.connect(source) as made:
        made.execute("DELETE FROM messages")
        made.execute(f"ALTER TABLE messages ALTER COLUMN id TYPE {kind} USING NULL")
        made.execute(
            "INSERT INTO messages SELECT n, %s, n::text, 'customer', '', '2026-03-01 10:00Z'"
            " FROM generate_series(12, 1, -1) n",
            (FIRST,),
        )
    conversations.import_database(source, actor="ana")
    assert [turn.content for turn in first().turns] == [str(n) for n in range(1, 13)]


def test_a_repair_counts_once(source: str) -> None:
    say(source, FIRST, ("customer", "NÃ£o chegou", "2026-03-01 10:02Z"))
    assert conversations.import_database(source, actor="ana", repair=True).repaired == 1
    assert conversations.import_database(source, actor="ana", repair=True).repaired == 0


def test_the_roles_may_be_given(source: str) -> None:
    say(source, FIRST, ("xis", "Sim", "2026-03-01 10:02Z"))
    done = conversations.import_database(source, actor="ana", roles={"xis": Role.HUMAN})
    assert done.unknown_roles == {}


def test_a_database_without_the_tables_is_refused_with_what_is_missing(source: str) -> None:
    with psycopg.connect(source) as made:
        made.execute("ALTER TABLE messages DROP COLUMN sender_type")
    with pytest.raises(ConversationImportFailed, match="sender_type"):
        conversations.import_database(source, actor="ana")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda url: url + "_nao", "não tem o banco de origem"),
        (lambda url: re.sub("//[^@]*@", "//ninguem:segredo@", url), "esse usuário ou essa senha"),
        (lambda _url: "postgresql://u:segredo@127.0.0.1:1/x", "servidor .* não responde"),
        (lambda _url: "mysql://u:segredo@127.0.0.1/x", "não tem a forma que se espera"),
    ],
    ids=["no such database", "no such user", "no server", "no such address"],
)
def test_why_it_does_not_answer_is_said_in_words(
    source: str, change: Callable[[str], str], said: str
) -> None:
    with pytest.raises(ConversationImportFailed, match=said) as caught:
        conversations.import_database(change(source), actor="ana")
    assert "segredo" not in str(caught.value)


def test_who_may_not_read_is_told_what_to_ask_for(source: str) -> None:
    user = f"bancada_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(source) as made:
        made.execute(f"CREATE ROLE {user} LOGIN PASSWORD 'segredo'")
    try:
        url = re.sub("//[^@]*@", f"//{user}:segredo@", source)
        with pytest.raises(ConversationImportFailed, match="SELECT"):
            conversations.import_database(url, actor="ana")
    finally:
        with psycopg.connect(source) as made:
            made.execute(f"DROP ROLE {user}")


def test_a_message_without_a_text_is_left_out_and_counted(source: str) -> None:
    with psycopg.connect(source) as made:
        made.execute("UPDATE messages SET content = NULL WHERE sender_type = 'bot'")
    done = conversations.import_database(source, actor="ana")
    assert (done.turns, done.empty_turns) == (1, 1)


def test_a_database_that_does_not_answer_is_reported_without_its_password() -> None:
    with pytest.raises(ConversationImportFailed) as caught:
        conversations.import_database("postgresql://u:segredo@127.0.0.1:1/x", actor="ana")
    assert "segredo" not in str(caught.value)


def test_a_message_dated_in_the_future_does_not_stop_what_comes_after(source: str) -> None:
    say(source, FIRST, ("customer", "Do futuro", "2099-01-01 00:00Z"))
    assert conversations.import_database(source, actor="ana").turns == 3
    with psycopg.connect(source) as made:
        made.execute("INSERT INTO conversations (id) VALUES (%s)", (SECOND,))
    say(source, SECOND, ("customer", "Oi", "now"), ("bot", "Olá", "now"))
    done = conversations.import_database(source, actor="ana")
    assert (done.conversations, done.turns) == (1, 2)


def test_a_cursor_that_is_ahead_of_the_clock_reads_everything_once_more(source: str) -> None:
    writing.set_cursor("loja", {"until": "2099-01-01T00:00:00+00:00"})
    assert conversations.import_database(source, actor="ana", origin="loja").turns == 2
    cursor = writing.cursor("loja")
    assert cursor is not None
    assert cursor["until"].startswith("2026-03-01T10:01")


def test_a_repair_mends_names_and_subjects_as_well_as_texts(source: str) -> None:
    with psycopg.connect(source) as made:
        made.execute("UPDATE customers SET name = 'JoÃ£o'")
        made.execute("UPDATE conversations SET subject = 'TrÃªs pneus'")
    say(source, FIRST, ("customer", "NÃ£o chegou", "2026-03-01 10:02Z"))
    assert conversations.import_database(source, actor="ana", repair=True).repaired == 3
    assert conversations.import_database(source, actor="ana", repair=True).repaired == 0
    kept = conversations.get_conversation(conversations.list_conversations().items[0].id)
    assert kept.customer is not None
    assert [kept.customer.name, kept.summary.subject, kept.turns[2].content] == [
        "João",
        "Três pneus",
        "Não chegou",
    ]


def test_what_the_source_learns_of_a_customer_comes_with_the_next_message(source: str) -> None:
    with psycopg.connect(source) as made:
        made.execute("UPDATE customers SET phone = NULL")
    conversations.import_database(source, actor="ana")
    with psycopg.connect(source) as made:
        made.execute("UPDATE customers SET phone = '11987654321'")
    say(source, FIRST, ("customer", "E o frete?", "2026-03-02 10:00Z"))
    conversations.import_database(source, actor="ana")
    assert [it.phone for it in conversations.find_customers("Ana")] == ["11987654321"]
