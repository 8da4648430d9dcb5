"""Collection roll-ups by local day: sessions, cars and their days, for the screen.

What the roll-ups hold comes from the events: they are made empty here and counted at first use,
in the configured zone.
"""

import sqlalchemy as sa
from alembic import op

from src.persistence.engine import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

EVENTS_BY_MOMENT = "ix_collection_events_occurred_at"


def upgrade() -> None:
    for name in ("days", "sessions", "cars", "totals"):
        op.drop_table(f"collection_{name}")
    op.drop_index(EVENTS_BY_MOMENT, "collection_events")
    op.create_index(EVENTS_BY_MOMENT, "collection_events", ["occurred_at", "interaction_type"])
    op.create_table(
        "collection_days",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("interaction_type", sa.String(20), primary_key=True),
        sa.Column("events", sa.BigInteger, nullable=False),
        sa.Column("milliseconds", sa.BigInteger, nullable=False),
        sa.Column("timed", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "collection_session_days",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("sessions", sa.BigInteger, nullable=False),
        sa.Column("clicked", sa.BigInteger, nullable=False),
        sa.Column("viewed", sa.BigInteger, nullable=False),
        sa.Column("contacted", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "collection_sessions",
        sa.Column("session_id", sa.String(90), primary_key=True),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("clicks", sa.BigInteger, nullable=False),
        sa.Column("views", sa.BigInteger, nullable=False),
        sa.Column("contacts", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "collection_cars",
        sa.Column("car_id", sa.String(200), primary_key=True),
        sa.Column("events", sa.BigInteger, nullable=False),
        sa.Column("interactions", sa.BigInteger, nullable=False),
        sa.Column("clicks", sa.BigInteger, nullable=False),
        sa.Column("latest_at", UtcDateTime, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_collection_cars_clicks", "collection_cars", ["clicks"])
    op.create_table(
        "collection_car_days",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("car_id", sa.String(200), primary_key=True),
        sa.Column("events", sa.BigInteger, nullable=False),
        sa.Column("interactions", sa.BigInteger, nullable=False),
        sa.Column("clicks", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "collection_totals",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sessions", sa.BigInteger, nullable=False),
        sa.Column("cars", sa.BigInteger, nullable=False),
        sa.Column("last_at", UtcDateTime),
        sa.Column("last_received_at", UtcDateTime),
        sa.Column("zone", sa.String(100)),
    )
    # When earlier events came in was not kept; when the last one occurred is the nearest to it.
    op.execute(
        "INSERT INTO collection_totals (id, sessions, cars, last_received_at) "
        "SELECT 1, 0, 0, max(occurred_at) FROM collection_events "
        "WHERE interaction_type <> 'impression'"
    )


def downgrade() -> None:
    for name in ("days", "session_days", "sessions", "cars", "car_days", "totals"):
        op.drop_table(f"collection_{name}")
    op.drop_index(EVENTS_BY_MOMENT, "collection_events")
    op.create_index(EVENTS_BY_MOMENT, "collection_events", ["occurred_at"])
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
