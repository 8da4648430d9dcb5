"""Interaction events, and the counters kept with them."""

import sqlalchemy as sa
from alembic import op

from src.persistence.engine import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "collection_events",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("session_id", sa.String(90), nullable=False),
        sa.Column("interaction_type", sa.String(20), nullable=False),
        sa.Column("car_id", sa.String(200), nullable=False),
        sa.Column("occurred_at", UtcDateTime, nullable=False),
        sa.Column("user_preferences", sa.Text, nullable=False),
        sa.Column("car_details", sa.Text, nullable=False),
        sa.Column("match_score", sa.Float, nullable=False),
        sa.Column("duration_seconds", sa.Float),
    )
    op.create_index("ix_collection_events_occurred_at", "collection_events", ["occurred_at"])
    op.create_index("ix_collection_events_session_id", "collection_events", ["session_id"])
    op.create_table(
        "collection_days",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("interaction_type", sa.String(20), primary_key=True),
        sa.Column("events", sa.BigInteger, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("timed", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "collection_sessions",
        sa.Column("session_id", sa.String(90), primary_key=True),
        sa.Column("interactions", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "collection_cars",
        sa.Column("car_id", sa.String(200), primary_key=True),
        sa.Column("interactions", sa.BigInteger, nullable=False),
        sa.Column("clicks", sa.BigInteger, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
    )
    op.create_index("ix_collection_cars_clicks", "collection_cars", ["clicks"])
    op.create_table(
        "collection_totals",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sessions", sa.BigInteger, nullable=False),
        sa.Column("cars", sa.BigInteger, nullable=False),
        sa.Column("last_at", UtcDateTime),
    )
    op.create_table(
        "collection_rejections",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("reason", sa.String(200), primary_key=True),
        sa.Column("events", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    for name in ("rejections", "totals", "cars", "sessions", "days", "events"):
        op.drop_table(f"collection_{name}")
