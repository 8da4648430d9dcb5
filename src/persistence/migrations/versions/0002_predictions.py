"""The log of predictions."""

import sqlalchemy as sa
from alembic import op

from src.persistence.engine import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "predictions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("model_version", sa.String(64), nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("batch_id", sa.String(32)),
        sa.Column("batch_row", sa.Integer),
        sa.Column("inputs", sa.JSON, nullable=False),
        sa.Column("output", sa.JSON, nullable=False),
    )
    op.create_index("ix_predictions_created_at", "predictions", ["created_at"])
    op.create_index("ix_predictions_model_created_at", "predictions", ["model", "created_at"])
    op.create_index("ix_predictions_batch_id", "predictions", ["batch_id"])


def downgrade() -> None:
    op.drop_table("predictions")
