"""Tables of the conversations, and how rows get into them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from src.persistence import metadata
from src.persistence.engine import UtcDateTime

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
customers = sa.Table(
    "conversation_customers",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("origin", sa.String(200), nullable=False),
    sa.Column("origin_id", sa.String(300), nullable=False),
    sa.Column("name", sa.String(300), nullable=False),
    sa.Column("email", sa.String(300), nullable=False),
    sa.Column("phone", sa.String(300), nullable=False),
    sa.Column("source", sa.String(300), nullable=False),
    sa.Column("status", sa.String(300), nullable=False),
)
conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("origin", sa.String(200), nullable=False),
    sa.Column("origin_id", sa.String(300), nullable=False),
    sa.Column(
        "customer_id", sa.String(32), sa.ForeignKey("conversation_customers.id", ondelete="CASCADE")
    ),
    sa.Column("channel", sa.String(300), nullable=False),
    sa.Column("status", sa.String(300), nullable=False),
    sa.Column("subject", sa.String(300), nullable=False),
    sa.Column("session_id", sa.String(300), nullable=False),
    sa.Column("topic", sa.String(300), nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("last_at", UtcDateTime, nullable=False),
    sa.Column("timed", sa.Boolean, nullable=False),
    sa.Column("turns", sa.Integer, nullable=False),
    sa.Column("customer_turns", sa.Integer, nullable=False),
    sa.Column("answer_turns", sa.Integer, nullable=False),
    sa.Column("answer_seconds", sa.Float, nullable=False),
    sa.Column("answers", sa.Integer, nullable=False),
    sa.Column("ending", sa.String(16), nullable=False),
    sa.Column("final", sa.Boolean, nullable=False),
    sa.Column("imported_at", UtcDateTime, nullable=False),
    sa.Column("imported_by", sa.String(200), nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.Index("ix_conversations_started_at", "started_at"),
    sa.Index("ix_conversations_changed_at", "changed_at"),
    sa.Index("ix_conversations_customer_id", "customer_id"),
    sa.Index("ix_conversations_origin_id", "origin_id"),
    sa.Index("ix_conversations_session_id", "session_id"),
)
turns = sa.Table(
    "conversation_turns",
    metadata,
    sa.Column("number", NUMBER, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String(32), nullable=False, unique=True),
    sa.Column(
        "conversation_id",
        sa.String(32),
        sa.ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
    ),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("original", sa.Text),
    sa.Column("sender_type", sa.String(300), nullable=False),
    sa.Column("sender_id", sa.String(300), nullable=False),
    sa.Column("at", UtcDateTime),
    sa.Column("origin_id", sa.String(300), nullable=False),
    sa.Index("ix_conversation_turns_conversation_id_position", "conversation_id", "position"),
    sa.Index("ix_conversation_turns_origin_id", "origin_id"),
)
feedback = sa.Table(
    "conversation_feedback",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column(
        "conversation_id", sa.String(32), sa.ForeignKey("conversations.id", ondelete="CASCADE")
    ),
    sa.Column("turn_id", sa.String(32), sa.ForeignKey("conversation_turns.id", ondelete="CASCADE")),
    sa.Column("conversation_ref", sa.String(300), nullable=False),
    sa.Column("turn_ref", sa.String(300), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("author", sa.String(16), nullable=False),
    sa.Column("stars", sa.Integer),
    sa.Column("problem", sa.String(32), nullable=False),
    sa.Column("comment", sa.Text, nullable=False),
    sa.Column("channel", sa.String(300), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("actor", sa.String(200), nullable=False),
    sa.Index("ix_conversation_feedback_conversation_id", "conversation_id"),
    sa.Index("ix_conversation_feedback_turn_id", "turn_id"),
    sa.Index("ix_conversation_feedback_turn_ref", "turn_ref"),
)
erasures = sa.Table(
    "conversation_erasures",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("actor", sa.String(200), nullable=False),
)
"""Identifiers of what was erased, so that an import of an old file does not bring it back."""
cursors = sa.Table(
    "conversation_cursors",
    metadata,
    sa.Column("origin", sa.String(200), primary_key=True),
    sa.Column("cursor", sa.JSON, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
)
BATCH = 200


def named(*parts: str) -> str:
    """Return an identifier made of what names a thing in its source."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def insert_new(connection: sa.Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> int:
    """Insert the rows whose primary or unique key is new, and return how many."""
    if not rows:
        return 0
    insert = postgres_insert if connection.dialect.name == "postgresql" else sqlite_insert
    (key,) = table.primary_key.columns
    new = insert(table).on_conflict_do_nothing().returning(key)
    return len(connection.execute(new, list(rows)).all())
