"""Customers, conversations, their turns and feedback, and the search over them."""

import sqlalchemy as sa
from alembic import op

from src.persistence.engine import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ACCENTED = "áàâãäåéèêëíìîïóòôõöúùûüçñýÁÀÂÃÄÅÉÈÊËÍÌÎÏÓÒÔÕÖÚÙÛÜÇÑÝ"
PLAIN = "aaaaaaeeeeiiiiooooouuuucnyAAAAAAEEEEIIIIOOOOOUUUUCNY"
INSERT = "INSERT INTO conversation_search(rowid, content) VALUES (new.number, new.content)"
DELETE = (
    "INSERT INTO conversation_search(conversation_search, rowid, content) "
    "VALUES ('delete', old.number, old.content)"
)


def upgrade() -> None:
    op.create_table(
        "conversation_customers",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("origin", sa.String(200), nullable=False),
        sa.Column("origin_id", sa.String(300), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("email", sa.String(300), nullable=False),
        sa.Column("phone", sa.String(300), nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("status", sa.String(300), nullable=False),
    )
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("origin", sa.String(200), nullable=False),
        sa.Column("origin_id", sa.String(300), nullable=False),
        sa.Column(
            "customer_id",
            sa.String(32),
            sa.ForeignKey("conversation_customers.id", ondelete="CASCADE"),
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
    )
    for column in ("started_at", "changed_at", "customer_id", "origin_id", "session_id"):
        op.create_index(f"ix_conversations_{column}", "conversations", [column])
    op.create_table(
        "conversation_turns",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            primary_key=True,
            autoincrement=True,
        ),
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
    )
    op.create_index(
        "ix_conversation_turns_conversation_id_position",
        "conversation_turns",
        ["conversation_id", "position"],
    )
    op.create_index("ix_conversation_turns_origin_id", "conversation_turns", ["origin_id"])
    op.create_table(
        "conversation_feedback",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column(
            "conversation_id", sa.String(32), sa.ForeignKey("conversations.id", ondelete="CASCADE")
        ),
        sa.Column(
            "turn_id", sa.String(32), sa.ForeignKey("conversation_turns.id", ondelete="CASCADE")
        ),
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
    )
    for column in ("conversation_id", "turn_id", "turn_ref"):
        op.create_index(f"ix_conversation_feedback_{column}", "conversation_feedback", [column])
    op.create_table(
        "conversation_erasures",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
    )
    op.create_table(
        "conversation_cursors",
        sa.Column("origin", sa.String(200), primary_key=True),
        sa.Column("cursor", sa.JSON, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE conversation_search USING fts5(content, "
            "content='conversation_turns', content_rowid='number', "
            "tokenize='unicode61 remove_diacritics 2')"
        )
        # `UPDATE OF content`: other columns of a turn change without its words changing.
        for name, event, body in (
            ("added", "INSERT", INSERT),
            ("removed", "DELETE", DELETE),
            ("changed", "UPDATE OF content", f"{DELETE}; {INSERT}"),
        ):
            op.execute(
                f"CREATE TRIGGER conversation_search_{name} AFTER {event} ON conversation_turns "
                f"BEGIN {body}; END"
            )
    else:
        op.execute(
            "CREATE INDEX conversation_search ON conversation_turns USING gin ("
            "to_tsvector('portuguese', left(content, 100000) || ' ' || "
            f"translate(left(content, 100000), '{ACCENTED}', '{PLAIN}')))"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE conversation_search")
    for name in ("cursors", "erasures", "feedback", "turns"):
        op.drop_table(f"conversation_{name}")
    op.drop_table("conversations")
    op.drop_table("conversation_customers")
