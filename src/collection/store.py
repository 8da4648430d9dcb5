"""Events in the operational database, and the counters kept in the same transaction.

What the dashboard shows comes from the counters, so it costs the same at a million events as at
ten thousand. Writers take their turn by the row of totals; within a turn everything is done by
set-based SQL that SQLite and PostgreSQL both understand.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from src.collection.event import Event, InteractionType
from src.persistence import metadata
from src.persistence.engine import UtcDateTime, transaction

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
    sa.Index("ix_collection_events_occurred_at", "occurred_at"),
    sa.Index("ix_collection_events_session_id", "session_id"),
)
days = sa.Table(
    "collection_days",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("interaction_type", sa.String(20), primary_key=True),
    sa.Column("events", sa.BigInteger, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("timed", sa.BigInteger, nullable=False),
)
sessions = sa.Table(
    "collection_sessions",
    metadata,
    sa.Column("session_id", sa.String(90), primary_key=True),
    sa.Column("interactions", sa.BigInteger, nullable=False),
)
cars = sa.Table(
    "collection_cars",
    metadata,
    sa.Column("car_id", sa.String(200), primary_key=True),
    sa.Column("interactions", sa.BigInteger, nullable=False),
    sa.Column("clicks", sa.BigInteger, nullable=False),
    sa.Column("details", sa.Text, nullable=False),
    sa.Index("ix_collection_cars_clicks", "clicks"),
)
totals = sa.Table(
    "collection_totals",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("sessions", sa.BigInteger, nullable=False),
    sa.Column("cars", sa.BigInteger, nullable=False),
    sa.Column("last_at", UtcDateTime),
)
rejections = sa.Table(
    "collection_rejections",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("reason", sa.String(200), primary_key=True),
    sa.Column("events", sa.BigInteger, nullable=False),
)

ONLY = 1
"""The id of the one row of totals."""

EXPORT_ROWS = 2_000
_IMPRESSION = InteractionType.IMPRESSION.value


def add(batch: Sequence[Event]) -> int:
    """Store events that are new, and count them; all or none.

    Parameters
    ----------
    batch : sequence of Event
        May hold an id twice, or one that is stored already: the first counts.

    Returns
    -------
    int
        How many were new.

    Raises
    ------
    StorageError
        If the database cannot be reached, is locked, or has no room. Nothing was stored.
    """
    rows = {event.id: _row(event) for event in batch}
    if not rows:
        return 0
    with transaction() as connection:
        _take_turn(connection)
        connection.exec_driver_sql(
            "CREATE TEMPORARY TABLE IF NOT EXISTS collection_staged "
            "(id VARCHAR(100), session_id VARCHAR(90), interaction_type VARCHAR(20), "
            "car_id VARCHAR(200), occurred_at "
            + ("TIMESTAMP WITH TIME ZONE" if _is_postgres(connection) else "TIMESTAMP")
            + ", user_preferences TEXT, car_details TEXT, match_score FLOAT, "
            "duration_seconds FLOAT, day DATE)"
        )
        _run(connection, "DELETE FROM collection_staged")
        connection.execute(_STAGED.insert(), list(rows.values()))
        _run(
            connection,
            "DELETE FROM collection_staged WHERE id IN "
            "(SELECT staged.id FROM collection_staged AS staged "
            "JOIN collection_events AS kept ON kept.id = staged.id)",
        )
        new = connection.execute(sa.select(sa.func.count()).select_from(_STAGED)).scalar_one()
        if new:
            _count(connection)
            staged = sa.select(*(_STAGED.c[column.name] for column in events.columns))
            connection.execute(events.insert().from_select(list(events.columns.keys()), staged))
    return new


def known(ids: Sequence[str]) -> set[str]:
    """Return which of these ids are stored."""
    found: set[str] = set()
    with transaction() as connection:
        for start in range(0, len(ids), EXPORT_ROWS):
            wanted = events.c.id.in_(ids[start : start + EXPORT_ROWS])
            found |= set(connection.scalars(sa.select(events.c.id).where(wanted)))
    return found


def _take_turn(connection: sa.Connection) -> None:
    """Wait for other writers: the first statement takes SQLite's write lock, or the row's."""
    turned = connection.execute(
        totals.update().where(totals.c.id == ONLY).values(sessions=totals.c.sessions)
    )
    if not turned.rowcount:
        _run(
            connection,
            "INSERT INTO collection_totals (id, sessions, cars) VALUES (1, 0, 0) "
            "ON CONFLICT (id) DO NOTHING",
        )
        connection.execute(
            totals.update().where(totals.c.id == ONLY).values(sessions=totals.c.sessions)
        )


def _count(connection: sa.Connection) -> None:
    """Add what is staged, all of it new, to every counter."""
    _run(
        connection,
        "INSERT INTO collection_days (day, interaction_type, events, seconds, timed) "
        "SELECT day, interaction_type, count(*), coalesce(sum(duration_seconds), 0), "
        "count(duration_seconds) FROM collection_staged WHERE true GROUP BY day, interaction_type "
        "ON CONFLICT (day, interaction_type) DO UPDATE SET "
        "events = collection_days.events + excluded.events, "
        "seconds = collection_days.seconds + excluded.seconds, "
        "timed = collection_days.timed + excluded.timed",
    )
    connection.execute(
        totals.update()
        .where(totals.c.id == ONLY)
        .values(
            sessions=totals.c.sessions + _newcomers(sessions, "session_id"),
            cars=totals.c.cars + _newcomers(cars, "car_id"),
        )
    )
    _run(
        connection,
        "INSERT INTO collection_sessions (session_id, interactions) "
        "SELECT session_id, sum(CASE WHEN interaction_type <> :impression THEN 1 ELSE 0 END) "
        "FROM collection_staged WHERE true GROUP BY session_id "
        "ON CONFLICT (session_id) DO UPDATE SET "
        "interactions = collection_sessions.interactions + excluded.interactions",
        impression=_IMPRESSION,
    )
    _run(
        connection,
        "INSERT INTO collection_cars (car_id, interactions, clicks, details) "
        "SELECT car_id, sum(CASE WHEN interaction_type <> :impression THEN 1 ELSE 0 END), "
        "sum(CASE WHEN interaction_type = :click THEN 1 ELSE 0 END), max(car_details) "
        "FROM collection_staged WHERE true GROUP BY car_id "
        "ON CONFLICT (car_id) DO UPDATE SET "
        "interactions = collection_cars.interactions + excluded.interactions, "
        "clicks = collection_cars.clicks + excluded.clicks, details = excluded.details",
        impression=_IMPRESSION,
        click=InteractionType.CLICK.value,
    )
    _run(
        connection,
        "UPDATE collection_totals SET last_at = staged.last_at FROM "
        "(SELECT max(occurred_at) AS last_at FROM collection_staged "
        "WHERE interaction_type <> :impression) AS staged "
        "WHERE staged.last_at IS NOT NULL AND "
        "(collection_totals.last_at IS NULL OR collection_totals.last_at < staged.last_at)",
        impression=_IMPRESSION,
    )


def _newcomers(table: sa.Table, key: str) -> sa.ScalarSelect[int]:
    """Count the staged sessions or cars whose first interaction this is."""
    known = (
        sa.select(table.c[key])
        .where(table.c[key] == _STAGED.c[key], table.c.interactions > 0)
        .exists()
    )
    return (
        sa.select(sa.func.count(_STAGED.c[key].distinct()))
        .where(_STAGED.c.interaction_type != _IMPRESSION, ~known)
        .scalar_subquery()
    )


def count_rejections(reasons: Counter[str], day: dt.date) -> None:
    """Count rejected events by their first reason."""
    if not reasons:
        return
    with transaction() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO collection_rejections (day, reason, events) "
                "VALUES (:day, :reason, :events) ON CONFLICT (day, reason) DO UPDATE SET "
                "events = collection_rejections.events + excluded.events"
            ).bindparams(sa.bindparam("day", type_=sa.Date)),
            [
                {"day": day, "reason": reason[:200], "events": count}
                for reason, count in sorted(reasons.items())
            ],
        )


def counts(since: dt.date | None = None, until: dt.date | None = None) -> list[sa.Row[Any]]:
    """Return day, type, events, seconds and timed events, by day; ``until`` is not included."""
    query = sa.select(days).order_by(days.c.day, days.c.interaction_type)
    if since is not None:
        query = query.where(days.c.day >= since)
    if until is not None:
        query = query.where(days.c.day < until)
    with transaction() as connection:
        return list(connection.execute(query))


def rejected(since: dt.date | None = None) -> dict[str, int]:
    """Return how many events were rejected, by reason, the most frequent first."""
    number = sa.func.sum(rejections.c.events)
    query = sa.select(rejections.c.reason, number).group_by(rejections.c.reason)
    if since is not None:
        query = query.where(rejections.c.day >= since)
    with transaction() as connection:
        found = connection.execute(query.order_by(number.desc(), rejections.c.reason))
        return {row.reason: int(row[1]) for row in found}


def distinct() -> tuple[int, int, dt.datetime | None]:
    """Return sessions and cars with an interaction, and the moment of the last interaction."""
    with transaction() as connection:
        row = connection.execute(sa.select(totals).where(totals.c.id == ONLY)).one_or_none()
    return (0, 0, None) if row is None else (row.sessions, row.cars, row.last_at)


def most_clicked(limit: int) -> list[tuple[str, int, dict[str, Any]]]:
    """Return car id, clicks and details of the cars with most clicks."""
    query = (
        sa.select(cars)
        .where(cars.c.clicks > 0)
        .order_by(cars.c.clicks.desc(), cars.c.car_id)
        .limit(limit)
    )
    with transaction() as connection:
        found = connection.execute(query).all()
    return [(row.car_id, row.clicks, json.loads(row.details)) for row in found]


def every(
    since: dt.datetime | None = None, until: dt.datetime | None = None
) -> Iterator[dict[str, Any]]:
    """Yield events in the order they occurred, in the documented shape, a few at a time."""
    query = sa.select(events).order_by(events.c.occurred_at, events.c.id)
    if since is not None:
        query = query.where(events.c.occurred_at >= since)
    if until is not None:
        query = query.where(events.c.occurred_at < until)
    with transaction() as connection:
        found = connection.execution_options(yield_per=EXPORT_ROWS).execute(query)
        for row in found:
            yield {
                "id": row.id,
                "session_id": row.session_id,
                "interaction_type": row.interaction_type,
                "car_id": row.car_id,
                "timestamp": written(row.occurred_at),
                "user_preferences": json.loads(row.user_preferences),
                "car_details": json.loads(row.car_details),
                "match_score": row.match_score,
                "duration_seconds": row.duration_seconds,
            }


def written(moment: dt.datetime) -> str:
    """Write a moment as the documented files do: UTC, milliseconds, ``Z``."""
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def rebuild_counters() -> None:
    """Recompute every roll-up from the events."""


def count_of_session(session_id: str) -> int:
    """Return how many events of one session are stored."""
    query = sa.select(sa.func.count()).where(events.c.session_id == session_id)
    with transaction() as connection:
        return int(connection.execute(query).scalar_one())


def erase(session_id: str) -> int:
    """Remove everything of one session, and what it added to the counters.

    Returns
    -------
    int
        How many events were removed.
    """
    with transaction() as connection:
        _take_turn(connection)
        of_session = events.c.session_id == session_id
        found = connection.execute(sa.select(events).where(of_session)).all()
        if not found:
            return 0
        connection.execute(events.delete().where(of_session))
        connection.execute(sessions.delete().where(sessions.c.session_id == session_id))
        by_day: dict[tuple[dt.date, str], list[float | None]] = {}
        for row in found:
            key = (row.occurred_at.astimezone(dt.UTC).date(), row.interaction_type)
            by_day.setdefault(key, []).append(row.duration_seconds)
        for (day, kind), durations in by_day.items():
            timed = [seconds for seconds in durations if seconds is not None]
            here = (days.c.day == day) & (days.c.interaction_type == kind)
            connection.execute(
                days.update()
                .where(here)
                .values(
                    events=days.c.events - len(durations),
                    seconds=days.c.seconds - sum(timed),
                    timed=days.c.timed - len(timed),
                )
            )
            connection.execute(days.delete().where(here, days.c.events == 0))
        _take_from_cars(connection, found)
        done = [row for row in found if row.interaction_type != _IMPRESSION]
        last = connection.execute(
            sa.select(sa.func.max(events.c.occurred_at)).where(
                events.c.interaction_type != _IMPRESSION
            )
        ).scalar_one()
        connection.execute(
            totals.update()
            .where(totals.c.id == ONLY)
            .values(
                sessions=totals.c.sessions - (1 if done else 0),
                cars=sa.select(sa.func.count())
                .select_from(cars)
                .where(cars.c.interactions > 0)
                .scalar_subquery(),
                last_at=last,
            )
        )
    return len(found)


def _take_from_cars(connection: sa.Connection, found: Sequence[sa.Row[Any]]) -> None:
    done = Counter(row.car_id for row in found if row.interaction_type != _IMPRESSION)
    clicked = Counter(
        row.car_id for row in found if row.interaction_type == InteractionType.CLICK.value
    )
    for car in {row.car_id for row in found}:
        connection.execute(
            cars.update()
            .where(cars.c.car_id == car)
            .values(
                interactions=cars.c.interactions - done[car],
                clicks=cars.c.clicks - clicked[car],
            )
        )
        still = sa.select(events.c.id).where(events.c.car_id == car).limit(1)
        if connection.execute(still).one_or_none() is None:
            connection.execute(cars.delete().where(cars.c.car_id == car))


_STAGED = sa.Table(
    "collection_staged",
    sa.MetaData(),
    *(sa.Column(column.name, column.type) for column in events.columns),
    sa.Column("day", sa.Date),
)


def _row(event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "session_id": event.session_id,
        "interaction_type": event.interaction_type.value,
        "car_id": event.car_id,
        "occurred_at": event.timestamp,
        "user_preferences": event.user_preferences.model_dump_json(),
        "car_details": event.car_details.model_dump_json(),
        "match_score": event.match_score,
        "duration_seconds": event.duration_seconds,
        "day": event.timestamp.date(),
    }


def _run(connection: sa.Connection, statement: str, **values: Any) -> None:
    connection.execute(sa.text(statement), values)


def _is_postgres(connection: sa.Connection) -> bool:
    return connection.dialect.name == "postgresql"
