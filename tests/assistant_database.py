"""A PostgreSQL database such as an assistant has, to import conversations from."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tests.conftest import _as_admin, _with_database, missing

SCHEMA = """
CREATE TABLE customers (id uuid PRIMARY KEY, name text, email text, phone text, source text,
                        status text);
CREATE TABLE conversations (id uuid PRIMARY KEY, customer_id uuid REFERENCES customers,
                            channel text, status text, subject text, session_id text);
CREATE TABLE messages (id uuid PRIMARY KEY, conversation_id uuid REFERENCES conversations,
                       content text, sender_type text, sender_id text, created_at timestamptz);
"""
ANA, FIRST, SECOND = (str(uuid.UUID(int=number)) for number in (1, 2, 3))


def say(url: str, conversation: str, *said: tuple[str, str, str]) -> None:
    """Add messages (sender, text, moment) to a conversation."""
    with psycopg.connect(url) as source:
        for word, text, at in said:
            source.execute(
                "INSERT INTO messages VALUES (gen_random_uuid(), %s, %s, %s, 's', %s)",
                (conversation, text, word, at),
            )


@contextmanager
def assistant_database() -> Iterator[str]:
    """Make a database with the three tables and one conversation of Ana's; yields its address."""
    name = f"bancada_source_{uuid.uuid4().hex[:12]}"
    try:
        _as_admin(f"CREATE DATABASE {name}")
    except psycopg.OperationalError as error:
        missing("postgres", str(error).strip())
    url = _with_database(name)
    try:
        with psycopg.connect(url) as made:
            made.execute(SCHEMA)
            made.execute(
                "INSERT INTO customers VALUES (%s, 'Ana', 'ana@x.com', '1199', 'whatsapp', 'lead')",
                (ANA,),
            )
            made.execute(
                "INSERT INTO conversations VALUES (%s, %s, 'whatsapp', 'open', 'Frete', 'sess')",
                (FIRST, ANA),
            )
        say(
            url, FIRST, ("customer", "Oi", "2026-03-01 10:00Z"), ("bot", "Olá", "2026-03-01 10:01Z")
        )
        yield url
    finally:
        _as_admin(f"DROP DATABASE {name} WITH (FORCE)")
