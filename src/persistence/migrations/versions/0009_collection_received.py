"""What senders sent by the day it came in, taken or refused: what the alert on errors looks at."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "collection_received",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("accepted", sa.BigInteger, nullable=False),
        sa.Column("refused", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("collection_received")
