"""The annotation queue, what reviewers say, and the judged tone."""

import sqlalchemy as sa
from alembic import op

from src.persistence.engine import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _of(table: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{table}.id", ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "review_criteria",
        sa.Column("number", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("criteria", sa.JSON, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("refreshed_until", UtcDateTime),
    )
    op.create_table(
        "review_items",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column(
            "conversation_id", sa.String(32), _of("conversations"), nullable=False, unique=True
        ),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("reviewers", sa.Integer, nullable=False),
        sa.Column("manual", sa.Boolean, nullable=False),
        sa.Column("decision", sa.String(16)),
        sa.Column("added_at", UtcDateTime, nullable=False),
        sa.Column("added_by", sa.String(200), nullable=False),
        sa.Column("decided_at", UtcDateTime),
    )
    op.create_index("ix_review_items_decision", "review_items", ["decision"])
    op.create_table(
        "review_slots",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("item_id", NUMBER, _of("review_items"), nullable=False),
        sa.Column("adjudication", sa.Boolean, nullable=False),
        sa.Column("follows", NUMBER),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("reviewer", sa.String(200)),
        sa.Column("claim", sa.String(32), unique=True),
        sa.Column("claimed_at", UtcDateTime),
        sa.Column("expires_at", UtcDateTime),
        sa.UniqueConstraint("item_id", "reviewer"),
    )
    op.create_index("ix_review_slots_state_rank_id", "review_slots", ["state", "rank", "id"])
    op.create_index("ix_review_slots_reviewer_state", "review_slots", ["reviewer", "state"])
    op.create_table(
        "review_drafts",
        sa.Column("item_id", NUMBER, _of("review_items"), primary_key=True),
        sa.Column("reviewer", sa.String(200), primary_key=True),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("saved_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "review_annotations",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("item_id", NUMBER, _of("review_items"), nullable=False),
        sa.Column("slot_id", NUMBER, _of("review_slots"), nullable=False),
        sa.Column("reviewer", sa.String(200), nullable=False),
        sa.Column("decision", sa.String(16), nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("adjudication", sa.Boolean, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("submitted_at", UtcDateTime, nullable=False),
        sa.Column("undone_at", UtcDateTime),
    )
    op.create_index("ix_review_annotations_item_id", "review_annotations", ["item_id"])
    op.create_index("ix_review_annotations_slot_id", "review_annotations", ["slot_id"])
    op.create_index(
        "ix_review_annotations_reviewer_submitted_at",
        "review_annotations",
        ["reviewer", "submitted_at"],
    )
    op.create_table(
        "review_tones",
        sa.Column("conversation_id", sa.String(32), _of("conversations"), primary_key=True),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("model", sa.String(200), nullable=False),
        sa.Column("judged_at", UtcDateTime, nullable=False),
    )


def downgrade() -> None:
    for name in ("tones", "annotations", "drafts", "slots", "items", "criteria"):
        op.drop_table(f"review_{name}")
