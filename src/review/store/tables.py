"""Tables of the review, and those of the conversations that its SQL joins."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from src.conversations import tables as _theirs
from src.persistence import metadata
from src.persistence.engine import UtcDateTime
from src.review.model import Decision

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")

conversations, turns, feedback = _theirs.conversations, _theirs.turns, _theirs.feedback


def _of(table: str, column: str = "id") -> sa.ForeignKey:
    return sa.ForeignKey(f"{table}.{column}", ondelete="CASCADE")


criteria = sa.Table(
    "review_criteria",
    metadata,
    sa.Column("number", NUMBER, primary_key=True, autoincrement=True),
    sa.Column("criteria", sa.JSON, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("actor", sa.String(200), nullable=False),
    sa.Column("refreshed_until", UtcDateTime),
)
"""Each change is a new row; the last one counts."""

items = sa.Table(
    "review_items",
    metadata,
    sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
    sa.Column("conversation_id", sa.String(32), _of("conversations"), nullable=False, unique=True),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("reasons", sa.JSON, nullable=False),
    sa.Column("reviewers", sa.Integer, nullable=False),
    sa.Column("manual", sa.Boolean, nullable=False),
    sa.Column("decision", sa.String(16)),
    sa.Column("added_at", UtcDateTime, nullable=False),
    sa.Column("added_by", sa.String(200), nullable=False),
    sa.Column("decided_at", UtcDateTime),
    sa.Index("ix_review_items_decision", "decision"),
)
slots = sa.Table(
    "review_slots",
    metadata,
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
    sa.Index("ix_review_slots_state_rank_id", "state", "rank", "id"),
    sa.Index("ix_review_slots_reviewer_state", "reviewer", "state"),
)
"""One row for each judgement that an item needs: ``free``, ``claimed``, ``submitted``,
``returned``, ``past``. ``rank`` is the negative priority, so that one ascending index serves the
queue; ``follows`` is the slot that was sent back and that this one stands in for."""

NOBODYS = {"reviewer": None, "claim": None, "claimed_at": None, "expires_at": None}
"""The columns of a slot that is in no reviewer's hands."""

drafts = sa.Table(
    "review_drafts",
    metadata,
    sa.Column("item_id", NUMBER, _of("review_items"), primary_key=True),
    sa.Column("reviewer", sa.String(200), primary_key=True),
    sa.Column("content", sa.JSON, nullable=False),
    sa.Column("saved_at", UtcDateTime, nullable=False),
)
judgements = sa.Table(
    "review_annotations",
    metadata,
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
    sa.Index("ix_review_annotations_item_id", "item_id"),
    sa.Index("ix_review_annotations_slot_id", "slot_id"),
    sa.Index("ix_review_annotations_reviewer_submitted_at", "reviewer", "submitted_at"),
)
STANDS = judgements.c.undone_at.is_(None) & (judgements.c.decision != Decision.RETURNED)
"""Of judgements, those that count for an item's decision."""

tones = sa.Table(
    "review_tones",
    metadata,
    sa.Column("conversation_id", sa.String(32), _of("conversations"), primary_key=True),
    sa.Column("score", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("model", sa.String(200), nullable=False),
    sa.Column("judged_at", UtcDateTime, nullable=False),
)


def within(
    moment: sa.Column[Any], since: dt.datetime | None, until: dt.datetime | None
) -> list[sa.ColumnElement[bool]]:
    """Return the conditions of a period, ``until`` not included."""
    after = [] if since is None else [moment >= since]
    return after if until is None else [*after, moment < until]
