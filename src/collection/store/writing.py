"""Events and their roll-ups are changed together, in one transaction, one writer after another."""

from __future__ import annotations

import datetime as dt
import operator
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from src.collection import moments
from src.collection.counters import IMPRESSION, Car, Counts, Row, Session, UniqueEvents, tally
from src.collection.model import Event
from src.collection.store.statements import among, put, remove
from src.collection.store.tables import (
    Found,
    car_days,
    cars,
    days,
    events,
    received,
    rejections,
    session_days,
    sessions,
    totals,
)
from src.days import between, today, zone
from src.persistence import utc_now
from src.persistence.engine import transaction

ONLY = totals.c.id == 1
"""The one row of totals."""

ROWS_RECOUNTED = 20_000
"""How many events are in memory while everything is counted again."""


def add(batch: Sequence[Event]) -> int:
    """Store events that are new, and count them; all or none.

    When it returns they are on the disk, and stay there if the power fails.

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
    together = UniqueEvents()
    together.take(batch)
    return add_unique(together)


def add_unique(unique: UniqueEvents, *, from_sender: bool = True) -> int:
    """Do what :func:`add` does.

    Parameters
    ----------
    from_sender : bool
        Whether a sender sent the events now; a file that is imported is no sign of life of the
        site.
    """
    if not unique.rows:
        return 0
    try:
        return _store(unique.rows, unique.counts(), from_sender)
    except sa.exc.IntegrityError:
        # Some are stored already. That is rare enough not to look for every id beforehand.
        return _store(unique.rows, None, from_sender)


def _store(rows: Mapping[str, Row], counts: Counts | None, from_sender: bool) -> int:
    """Store events and their sums; without sums given, those of the events that are new."""
    with transaction() as connection:
        total = _take_turn(connection)
        if counts is None:
            known = {row.id for row in among(connection, sa.select(events.c.id), events.c.id, rows)}
            rows = {key: row for key, row in rows.items() if key not in known}
            counts = tally(rows.values())
        if rows:
            put(connection, events, list(rows.values()), where_known="fail")
            _count(connection, total, counts)
            if from_sender:
                taken = (today().isoformat(), len(rows), 0)
                put(connection, received, [taken], where_known="add")
                if counts.last_at:
                    _change_totals(connection, last_received_at=utc_now())
    return len(rows)


def _take_turn(connection: sa.Connection) -> Found:
    """Wait for other writers and return the totals, counted in the configured zone.

    The first statement writes: it takes SQLite's write lock before anything is read, and the lock
    of the row on PostgreSQL.
    """
    total = _locked(connection)
    if total.zone != zone().key:
        _recount(connection)
        total = _locked(connection)
    return total


def _locked(connection: sa.Connection) -> Found:
    turn = totals.update().where(ONLY).values(id=totals.c.id).returning(totals)
    return connection.execute(turn).one()


def _change_totals(connection: sa.Connection, **values: Any) -> None:
    connection.execute(totals.update().where(ONLY).values(values))


def _count(connection: sa.Connection, total: Found, counts: Counts) -> None:
    """Add new events to every roll-up."""
    _add_days(connection, counts, 1)
    known = _sessions(connection, counts)
    after = {
        key: known[key].joined(session) if key in known else session
        for key, session in counts.sessions.items()
    }
    rows = [(key, session.first_day.isoformat(), *session[1:]) for key, session in after.items()]
    put(connection, sessions, rows, where_known="replace")
    _move_sessions(connection, known, after)
    known_cars = _cars(connection, counts)
    joined = {
        key: known_cars[key].joined(car) if key in known_cars else car
        for key, car in counts.cars.items()
    }
    put(connection, cars, [(key, *car) for key, car in joined.items()], where_known="replace")
    _change_totals(
        connection,
        sessions=total.sessions + len(after) - len(known),
        cars=total.cars + _active(joined) - _active(known_cars),
        last_at=max(filter(None, (total.last_at, _moment(counts.last_at))), default=None),
    )


def _add_days(connection: sa.Connection, counts: Counts, sign: int) -> None:
    for table, sums in ((days, counts.days), (car_days, counts.car_days)):
        rows = [
            (*map(str, key), *(sign * number for number in numbers))
            for key, numbers in sums.items()
        ]
        put(connection, table, rows, where_known="add")
        if sign < 0:
            connection.execute(table.delete().where(table.c.events == 0))


def _move_sessions(
    connection: sa.Connection, before: Mapping[str, Session], after: Mapping[str, Session]
) -> None:
    changes: dict[dt.date, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for sign, found in ((-1, before), (1, after)):
        for session in found.values():
            sums = changes[session.first_day]
            for step, reached in enumerate(session.steps):
                sums[step] += sign * reached
    moved = [(day.isoformat(), *sums) for day, sums in changes.items() if any(sums)]
    put(connection, session_days, moved, where_known="add")
    if any(sums[0] < 0 for sums in changes.values()):
        connection.execute(session_days.delete().where(session_days.c.sessions == 0))


def _sessions(connection: sa.Connection, counts: Counts) -> dict[str, Session]:
    found = among(connection, sa.select(sessions), sessions.c.session_id, counts.sessions)
    return {key: Session(*rest) for key, *rest in found}


def _cars(connection: sa.Connection, counts: Counts) -> dict[str, Car]:
    found = among(connection, sa.select(cars), cars.c.car_id, counts.cars)
    return {
        row[0]: Car(row[1], row[2], row[3], moments.sortable(row.latest_at), row.details)
        for row in found
    }


def _active(found: Mapping[str, Car]) -> int:
    return sum(car.interactions > 0 for car in found.values())


def _moment(text: str | None) -> dt.datetime | None:
    return None if text is None else dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def count_rejections(reasons: Counter[str], day: dt.date, *, from_sender: bool = True) -> None:
    """Count rejected events by their first reason, on the day they came in.

    Parameters
    ----------
    from_sender : bool
        Whether a sender sent them now; a file that is imported is no sign of a fault of the site.
    """
    if not reasons:
        return
    with transaction() as connection:
        rows = [(day.isoformat(), reason[:200], count) for reason, count in sorted(reasons.items())]
        put(connection, rejections, rows, where_known="add")
        if from_sender:
            refused = [(day.isoformat(), 0, reasons.total())]
            put(connection, received, refused, where_known="add")


def erase(session_id: str) -> int:
    """Remove everything of one session, and what it added to the roll-ups.

    Returns
    -------
    int
        How many events were removed.
    """
    with transaction() as connection:
        total = _take_turn(connection)
        of_session = events.c.session_id == session_id
        found = [_row(entry) for entry in connection.execute(sa.select(events).where(of_session))]
        if not found:
            return 0
        connection.execute(events.delete().where(of_session))
        counts = tally(found)
        _add_days(connection, counts, -1)
        known = _sessions(connection, counts)
        connection.execute(sessions.delete().where(sessions.c.session_id == session_id))
        _move_sessions(connection, known, {})
        known_cars = _cars(connection, counts)
        left = {key: _without(connection, key, car, counts) for key, car in known_cars.items()}
        gone = [key for key, car in left.items() if car is None]
        still = {key: car for key, car in left.items() if car is not None}
        remove(connection, cars, cars.c.car_id, gone)
        put(connection, cars, [(key, *car) for key, car in still.items()], where_known="replace")
        _change_totals(
            connection,
            sessions=total.sessions - len(known),
            cars=total.cars - _active(known_cars) + _active(still),
            last_at=_last_interaction(connection),
        )
    return len(found)


def _without(connection: sa.Connection, car_id: str, car: Car, counts: Counts) -> Car | None:
    """Return a car without the events that were counted; None if it has no others."""
    gone = counts.cars[car_id]
    if car.events == gone.events:
        return None
    latest_at, details = car.latest_at, car.details
    if gone.latest_at == latest_at:
        latest_at, details = _latest(connection, car_id)
    events_left, interactions, clicks = map(operator.sub, car[:3], gone[:3])
    return Car(events_left, interactions, clicks, latest_at, details)


def _latest(connection: sa.Connection, car_id: str) -> tuple[str, str]:
    """Return moment and details of a car's latest event, looked for on its last day only."""
    last_day = sa.select(sa.func.max(car_days.c.day)).where(car_days.c.car_id == car_id)
    day = connection.execute(last_day).scalar_one()
    since, until = between(day, day)
    found = connection.execute(
        sa.select(events.c.occurred_at, events.c.car_details)
        .where(
            events.c.car_id == car_id,
            events.c.occurred_at >= since,
            events.c.occurred_at < until,
        )
        .order_by(events.c.occurred_at.desc(), events.c.car_details.desc())
        .limit(1)
    ).one()
    return moments.sortable(found.occurred_at), found.car_details


def _last_interaction(connection: sa.Connection) -> dt.datetime | None:
    return connection.execute(
        sa.select(events.c.occurred_at)
        .where(events.c.interaction_type != IMPRESSION)
        .order_by(events.c.occurred_at.desc())
        .limit(1)
    ).scalar()


def rebuild_counters() -> None:
    """Count every event again, in the days of the configured zone.

    It happens by itself when the zone was changed. Memory does not grow with the events; a
    million of them take some tens of seconds, in which other writers wait.

    Raises
    ------
    StorageError
        If the database does not answer; the roll-ups are then what they were.
    """
    with transaction() as connection:
        _locked(connection)
        _recount(connection)


def _recount(connection: sa.Connection) -> None:
    for table in (days, session_days, sessions, cars, car_days):
        connection.execute(table.delete())
    _change_totals(connection, sessions=0, cars=0, last_at=None, zone=zone().key)
    streamed = {"yield_per": ROWS_RECOUNTED}
    stored = connection.execute(sa.select(events), execution_options=streamed)
    for part in stored.partitions():
        _count(connection, _locked(connection), tally(map(_row, part)))


def _row(stored: Found) -> Row:
    return (*stored[:4], moments.sortable(stored[4]), *stored[5:])


def counted_in_this_zone(connection: sa.Connection) -> bool:
    """Whether the days of the roll-ups are those of the configured zone."""
    counted_in = connection.execute(sa.select(totals.c.zone).where(ONLY)).scalar_one()
    return bool(counted_in == zone().key)


def bring_up_to_date() -> None:
    """Count again, unless another process has done it meanwhile."""
    with transaction() as connection:
        _take_turn(connection)
