"""The log of alerts, and the state of each rule."""

import sqlalchemy as sa
from alembic import op

from src.persistence.engine import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("rule", sa.String(100), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(50), nullable=False),
        sa.Column("firing", sa.Boolean, nullable=False),
        sa.Column("message", sa.JSON, nullable=False),
        sa.Column("value", sa.Float),
        sa.Column("delivery", sa.Text),
        sa.Column("actor", sa.Text, nullable=False),
    )
    op.create_index("ix_alert_log_rule_id", "alert_log", ["rule", "id"])
    op.create_index("ix_alert_log_kind_at", "alert_log", ["kind", "at"])
    op.create_table(
        "alert_states",
        sa.Column("rule", sa.String(100), primary_key=True),
        sa.Column("firing", sa.Boolean, nullable=False),
        sa.Column("read_at", UtcDateTime),
        sa.Column("turn_at", UtcDateTime),
    )


def downgrade() -> None:
    op.drop_table("alert_states")
    op.drop_table("alert_log")
