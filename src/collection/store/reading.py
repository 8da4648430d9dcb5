"""What is read back: figures from the roll-ups, and events as a stream."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from src.collection.event import InteractionType
from src.collection.store.tables import (
    Found,
    Query,
    car_days,
    cars,
    days,
    events,
    rejections,
    session_days,
    totals,
)
from src.collection.store.writing import ONLY, bring_up_to_date
from src.persistence.engine import transaction

STREAMED_ROWS = 2_000


class Times(NamedTuple):
    """Moments over all events, None while there are none."""

    first_event: dt.datetime | None
    last_event: dt.datetime | None
    last_interaction: dt.datetime | None
    last_received: dt.datetime | None


@dataclass(frozen=True)
class Stored:
    """Events of one moment's view of the database.

    Parameters
    ----------
    count : int
        How many there are.
    first, last : datetime or None
        When the earliest and the latest of them occurred.
    parts : iterator of sequence of rows
        All of them in the order they occurred, at most 2,000 at a time.
    """

    count: int
    first: dt.datetime | None
    last: dt.datetime | None
    parts: Iterator[Sequence[Found]]


def _in_span(
    query: Query, day: sa.Column[dt.date], since: dt.date | None, until: dt.date | None
) -> Query:
    if since is not None:
        query = query.where(day >= since)
    if until is not None:
        query = query.where(day <= until)
    return query


def _rows(query: Query) -> list[Found]:
    bring_up_to_date()
    with transaction() as connection:
        return list(connection.execute(query))


def by_day(since: dt.date | None = None, until: dt.date | None = None) -> list[Found]:
    """Return day, type and events, by day and type; both days are included."""
    query = sa.select(days.c.day, days.c.interaction_type, days.c.events)
    query = query.order_by(days.c.day, days.c.interaction_type)
    return _rows(_in_span(query, days.c.day, since, until))


def by_type(since: dt.date | None = None, until: dt.date | None = None) -> list[Found]:
    """Return type, events, milliseconds and timed events of a span of days."""
    sums = (sa.func.sum(days.c[name]).label(name) for name in ("events", "milliseconds", "timed"))
    query = sa.select(days.c.interaction_type, *sums).group_by(days.c.interaction_type)
    return _rows(_in_span(query, days.c.day, since, until))


def session_steps(
    since: dt.date | None = None, until: dt.date | None = None
) -> tuple[int, int, int, int]:
    """Return sessions that began in the span, and how many clicked, then viewed, then contacted."""
    names = ("sessions", "clicked", "viewed", "contacted")
    sums = (sa.func.coalesce(sa.func.sum(session_days.c[name]), 0) for name in names)
    (row,) = _rows(_in_span(sa.select(*sums), session_days.c.day, since, until))
    return (int(row[0]), int(row[1]), int(row[2]), int(row[3]))


def cars_active(since: dt.date | None = None, until: dt.date | None = None) -> int:
    """Return how many cars have an interaction in the span."""
    if since is None and until is None:
        return int(_rows(sa.select(totals.c.cars).where(ONLY))[0].cars)
    query = sa.select(sa.func.count(car_days.c.car_id.distinct()).label("cars"))
    query = query.where(car_days.c.interactions > 0)
    (row,) = _rows(_in_span(query, car_days.c.day, since, until))
    return int(row.cars)


def most_clicked(
    since: dt.date | None, until: dt.date | None, limit: int
) -> list[tuple[str, int, dict[str, Any]]]:
    """Return car id, clicks and details of the cars with most clicks in the span."""
    if since is None and until is None:
        query = sa.select(cars.c.car_id, cars.c.clicks, cars.c.details).where(cars.c.clicks > 0)
        query = query.order_by(cars.c.clicks.desc(), cars.c.car_id).limit(limit)
    else:
        clicks = sa.func.sum(car_days.c.clicks).label("clicks")
        ranked = _in_span(sa.select(car_days.c.car_id, clicks), car_days.c.day, since, until)
        ranked = ranked.where(car_days.c.clicks > 0).group_by(car_days.c.car_id)
        top = ranked.order_by(clicks.desc(), car_days.c.car_id).limit(limit).subquery()
        query = sa.select(top.c.car_id, top.c.clicks, cars.c.details).join(
            cars, cars.c.car_id == top.c.car_id
        )
        query = query.order_by(top.c.clicks.desc(), top.c.car_id)
    return [(row.car_id, int(row.clicks), json.loads(row.details)) for row in _rows(query)]


def sessions_active() -> int:
    """Return how many sessions have an interaction."""
    return int(_rows(sa.select(totals.c.sessions).where(ONLY))[0].sessions)


def times() -> Times:
    """Return when the first and last events occurred, and when the last interaction came in."""
    first, last = sa.func.min(events.c.occurred_at), sa.func.max(events.c.occurred_at)
    (row,) = _rows(
        sa.select(
            sa.select(first).scalar_subquery(),
            sa.select(last).scalar_subquery(),
            totals.c.last_at,
            totals.c.last_received_at,
        ).where(ONLY)
    )
    return Times(row[0], row[1], row[2], row[3])


def rejected(since: dt.date | None = None, until: dt.date | None = None) -> dict[str, int]:
    """Return how many events were rejected in the span, by reason, the most frequent first."""
    number = sa.func.sum(rejections.c.events)
    query = sa.select(rejections.c.reason, number).group_by(rejections.c.reason)
    query = _in_span(query, rejections.c.day, since, until)
    with transaction() as connection:
        found = connection.execute(query.order_by(number.desc(), rejections.c.reason))
        return {row.reason: int(row[1]) for row in found}


@contextmanager
def stored(
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    kinds: Collection[InteractionType] = (),
) -> Iterator[Stored]:
    """Open one moment's view of the events; what others write meanwhile is not in it."""
    conditions = []
    if since is not None:
        conditions.append(events.c.occurred_at >= since)
    if until is not None:
        conditions.append(events.c.occurred_at < until)
    if kinds:
        names = [InteractionType(kind).value for kind in kinds]
        conditions.append(events.c.interaction_type.in_(names))
    with transaction() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")  # the driver would begin at the first change
        else:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        moment = events.c.occurred_at
        summary = sa.select(sa.func.count(), sa.func.min(moment), sa.func.max(moment))
        count, first, last = connection.execute(
            summary.select_from(events).where(*conditions)
        ).one()
        query = sa.select(events).where(*conditions).order_by(events.c.occurred_at, events.c.id)
        found = connection.execute(query, execution_options={"yield_per": STREAMED_ROWS})
        yield Stored(count, first, last, found.partitions())


def every(
    since: dt.datetime | None = None, until: dt.datetime | None = None
) -> Iterator[dict[str, Any]]:
    """Yield events in the order they occurred, in the documented shape, a few at a time.

    Parameters
    ----------
    since, until : datetime, optional
        With zone; the first moment included, and the first not included.
    """
    with stored(since, until) as found:
        for part in found.parts:
            for row in part:
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
    """Write a moment as the documented files do: UTC, milliseconds, ``Z``.

    Whoever sent microseconds gets them back.
    """
    precision = "microseconds" if moment.microsecond % 1000 else "milliseconds"
    return moment.astimezone(dt.UTC).isoformat(timespec=precision).replace("+00:00", "Z")
