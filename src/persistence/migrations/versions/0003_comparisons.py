"""Comparisons and the results of their candidates."""

import sqlalchemy as sa
from alembic import op

from src.persistence.engine import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comparisons",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("dataset", sa.String(300), nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("task", sa.String(16), nullable=False),
        sa.Column("metric", sa.String(16), nullable=False),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("finished_at", UtcDateTime),
        sa.Column("top_ids", sa.JSON, nullable=False),
        sa.Column("positive", sa.Text),
        sa.Column("verdict", sa.JSON),
        sa.Column("warnings", sa.JSON, nullable=False),
    )
    op.create_index("ix_comparisons_dataset_created_at", "comparisons", ["dataset", "created_at"])
    op.create_table(
        "comparison_candidates",
        sa.Column(
            "comparison_id", sa.String(32), sa.ForeignKey("comparisons.id"), primary_key=True
        ),
        sa.Column("candidate_id", sa.String(32), primary_key=True),
        sa.Column("result", sa.JSON, nullable=False),
        sa.Column("stored_at", UtcDateTime, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("comparison_candidates")
    op.drop_table("comparisons")
