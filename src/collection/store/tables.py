"""The tables: events, and the roll-ups that the screen reads, by day of the configured zone.

Roll-ups cluster by their key on SQLite (no row id), so that a span of days is one run of pages.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from src.persistence import metadata
from src.persistence.engine import UtcDateTime

Found = sa.Row[*tuple[Any, ...]]
Query = sa.Select[*tuple[Any, ...]]


def _counts(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger, nullable=False) for name in names]


events = sa.Table(
    "collection_events",
    metadata,
    sa.Column("id", sa.String(100), primary_key=True),
    sa.Column("session_id", sa.String(90), nullable=False),
    sa.Column("interaction_type", sa.String(20), nullable=False),
    sa.Column("car_id", sa.String(200), nullable=False),
    sa.Column("occurred_at", UtcDateTime, nullable=False),
    sa.Column("user_preferences", sa.Text, nullable=False),
    sa.Column("car_details", sa.Text, nullable=False),
    sa.Column("match_score", sa.Float, nullable=False),
    sa.Column("duration_seconds", sa.Float),
    # The type is there so that counting a span of some types need not visit the events.
    sa.Index("ix_collection_events_occurred_at", "occurred_at", "interaction_type"),
    sa.Index("ix_collection_events_session_id", "session_id"),
)
days = sa.Table(
    "collection_days",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("interaction_type", sa.String(20), primary_key=True),
    *_counts("events", "milliseconds", "timed"),
    sqlite_with_rowid=False,
)
session_days = sa.Table(
    "collection_session_days",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    *_counts("sessions", "clicked", "viewed", "contacted"),
    sqlite_with_rowid=False,
)
"""Sessions by the day of their first interaction, and how far they went since."""

sessions = sa.Table(
    "collection_sessions",
    metadata,
    sa.Column("session_id", sa.String(90), primary_key=True),
    sa.Column("first_day", sa.Date, nullable=False),
    *_counts("clicks", "views", "contacts"),
    sqlite_with_rowid=False,
)
cars = sa.Table(
    "collection_cars",
    metadata,
    sa.Column("car_id", sa.String(200), primary_key=True),
    *_counts("events", "interactions", "clicks"),
    sa.Column("latest_at", UtcDateTime, nullable=False),
    sa.Column("details", sa.Text, nullable=False),
    sa.Index("ix_collection_cars_clicks", "clicks"),
    sqlite_with_rowid=False,
)
car_days = sa.Table(
    "collection_car_days",
    metadata,
    sa.Column("car_id", sa.String(200), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    *_counts("events", "interactions", "clicks"),
    sqlite_with_rowid=False,
)
totals = sa.Table(
    "collection_totals",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    *_counts("sessions", "cars"),
    sa.Column("last_at", UtcDateTime),
    sa.Column("last_received_at", UtcDateTime),
    sa.Column("zone", sa.String(100)),
)
"""One row, made by the migration: distinct sessions and cars with an interaction, the moment of
the last one and when it came in, and the zone whose days the roll-ups count."""

received = sa.Table(
    "collection_received",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    *_counts("accepted", "refused"),
)
"""What senders sent, by the day it came in; files that were imported are not in it. It is no
roll-up: when an event came in is not kept with it."""

rejections = sa.Table(
    "collection_rejections",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("reason", sa.String(200), primary_key=True),
    sa.Column("events", sa.BigInteger, nullable=False),
)
