"""What is read back: figures from the roll-ups, and events as a stream."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from src.collection.model import InteractionType
from src.collection.store.statements import among
from src.collection.store.tables import (
    Found,
    Query,
    car_days,
    cars,
    days,
    events,
    received,
    rejections,
    session_days,
    totals,
)
from src.collection.store.writing import ONLY, bring_up_to_date, counted_in_this_zone
from src.persistence.engine import transaction

STREAMED_ROWS = 2_000


class OfType(NamedTuple):
    """Events of one type, and how long those lasted whose duration is known."""

    events: int
    milliseconds: int
    timed: int


class Totals(NamedTuple):
    """Of all events: sessions and cars with an interaction, and moments, None while there are none.

    The last interaction occurred by the sender's clock and was received by this machine's.
    """

    sessions: int
    cars: int
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


class Figures:
    """Figures from the roll-ups, all of one moment. Days are local ones, both ends included."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def by_day(self, since: dt.date | None = None, until: dt.date | None = None) -> list[Found]:
        """Return day, type and events, by day and type."""
        query = sa.select(days.c.day, days.c.interaction_type, days.c.events)
        query = query.order_by(days.c.day, days.c.interaction_type)
        return list(self._connection.execute(_in_span(query, days.c.day, since, until)))

    def by_type(
        self, since: dt.date | None = None, until: dt.date | None = None
    ) -> dict[InteractionType, OfType]:
        """Return the sums of every type, of those without events too."""
        sums = (sa.func.sum(days.c[name]) for name in ("events", "milliseconds", "timed"))
        query = sa.select(days.c.interaction_type, *sums).group_by(days.c.interaction_type)
        found = self._connection.execute(_in_span(query, days.c.day, since, until))
        known = {row[0]: OfType(int(row[1]), int(row[2]), int(row[3])) for row in found}
        return {kind: known.get(kind.value, OfType(0, 0, 0)) for kind in InteractionType}

    def session_steps(
        self, since: dt.date | None = None, until: dt.date | None = None
    ) -> tuple[int, int, int, int]:
        """Return sessions that began in the span; of these how many clicked, viewed, contacted."""
        began, clicked, viewed, contacted = self._sums(session_days, since, until)
        return began, clicked, viewed, contacted

    def cars_active(self, since: dt.date | None = None, until: dt.date | None = None) -> int:
        """Return how many cars have an interaction in the span."""
        if since is None and until is None:
            return self.totals().cars
        active = _of_car(car_days.c.day, since, until).where(car_days.c.interactions > 0)
        query = sa.select(sa.func.count()).select_from(cars).where(active.exists())
        return int(self._connection.execute(query).scalar_one())

    def most_clicked(
        self, since: dt.date | None, until: dt.date | None, limit: int
    ) -> list[tuple[str, int, dict[str, Any]]]:
        """Return car id, clicks and details of the cars with most clicks in the span."""
        clicks: sa.ColumnElement[Any] = cars.c.clicks
        if since is not None or until is not None:
            clicks = _of_car(sa.func.sum(car_days.c.clicks), since, until).scalar_subquery()
        ranked = sa.select(cars.c.car_id, clicks.label("clicks"), cars.c.details)
        found = ranked.where(cars.c.clicks > 0).subquery()
        query = sa.select(found).where(found.c.clicks > 0)
        query = query.order_by(found.c.clicks.desc(), found.c.car_id).limit(limit)
        rows = self._connection.execute(query)
        return [(row.car_id, int(row.clicks), json.loads(row.details)) for row in rows]

    def totals(self) -> Totals:
        """Return what is known of all events."""
        first, last = sa.func.min(events.c.occurred_at), sa.func.max(events.c.occurred_at)
        query = sa.select(
            totals.c.sessions,
            totals.c.cars,
            sa.select(first).scalar_subquery(),
            sa.select(last).scalar_subquery(),
            totals.c.last_at,
            totals.c.last_received_at,
        )
        return Totals(*self._connection.execute(query.where(ONLY)).one())

    def rejected(
        self, since: dt.date | None = None, until: dt.date | None = None
    ) -> dict[str, int]:
        """Return how many events were rejected in the span, by reason, the most frequent first."""
        number = sa.func.sum(rejections.c.events)
        query = sa.select(rejections.c.reason, number).group_by(rejections.c.reason)
        query = _in_span(query, rejections.c.day, since, until)
        found = self._connection.execute(query.order_by(number.desc(), rejections.c.reason))
        return {row[0]: int(row[1]) for row in found}

    def received(self, since: dt.date) -> tuple[int, int]:
        """Return how many events senders sent from that day on: those taken, those refused."""
        accepted, refused = self._sums(received, since, None)
        return accepted, refused

    def _sums(self, table: sa.Table, since: dt.date | None, until: dt.date | None) -> list[int]:
        """Return the sum of each column of a table whose first column, its key, is the day."""
        day, *counts = table.columns
        sums = (sa.func.coalesce(sa.func.sum(column), 0) for column in counts)
        query = _in_span(sa.select(*sums), day, since, until)
        return [int(number) for number in self._connection.execute(query).one()]


def _of_car(what: sa.ColumnElement[Any], since: dt.date | None, until: dt.date | None) -> Query:
    """Select something from a car's days in the span: each car's are one run of the index."""
    query = sa.select(what).where(car_days.c.car_id == cars.c.car_id)
    return _in_span(query, car_days.c.day, since, until)


@contextmanager
def figures() -> Iterator[Figures]:
    """Open one moment's view of the roll-ups, counted again first if the zone was changed."""
    with transaction() as connection:
        _hold_moment(connection)
        if counted_in_this_zone(connection):
            yield Figures(connection)
            return
    bring_up_to_date()
    with transaction() as connection:
        _hold_moment(connection)
        yield Figures(connection)


def _hold_moment(connection: sa.Connection) -> None:
    """Let everything that is read in this transaction be of one moment."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN")  # the driver would begin at the first change
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def rejected(since: dt.date | None = None, until: dt.date | None = None) -> dict[str, int]:
    """Return how many events were rejected in the span, by reason, the most frequent first."""
    with figures() as found:
        return found.rejected(since, until)


def known(ids: Collection[str]) -> dict[str, str]:
    """Return the sessions of those of these events that are stored, by the events' ids."""
    query = sa.select(events.c.id, events.c.session_id)
    with transaction() as connection:
        return {row[0]: row[1] for row in among(connection, query, events.c.id, ids)}


def count_of_session(session_id: str) -> int:
    """Return how many events of one session are stored."""
    query = sa.select(sa.func.count()).where(events.c.session_id == session_id)
    with transaction() as connection:
        return int(connection.execute(query).scalar_one())


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
        _hold_moment(connection)
        moment = events.c.occurred_at
        summary = sa.select(sa.func.count(), sa.func.min(moment), sa.func.max(moment))
        count, first, last = connection.execute(
            summary.select_from(events).where(*conditions)
        ).one()
        query = sa.select(events).where(*conditions).order_by(events.c.occurred_at, events.c.id)
        found = connection.execute(query, execution_options={"yield_per": STREAMED_ROWS})
        yield Stored(count, first, last, found.partitions())
