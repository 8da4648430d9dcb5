"""The log of evaluations, and the state of each rule by which only one checker fires it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from src.alerts.model import Evaluation, Kind, Reading
from src.persistence import metadata, utc_now
from src.persistence.engine import UtcDateTime, transaction

KEPT = dt.timedelta(days=30)
"""How long plain checks stay in the log; what fired, recovered or was tested stays for good."""

log = sa.Table(
    "alert_log",
    metadata,
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
    sa.Index("ix_alert_log_rule_id", "rule", "id"),
    sa.Index("ix_alert_log_kind_at", "kind", "at"),
)
states = sa.Table(
    "alert_states",
    metadata,
    sa.Column("rule", sa.String(100), primary_key=True),
    sa.Column("firing", sa.Boolean, nullable=False),
    sa.Column("read_at", UtcDateTime),
    sa.Column("turn_at", UtcDateTime),
)


def settle(
    rule: str, reading: Reading, *, read_at: dt.datetime, actor: str, delivery: str | None
) -> tuple[int, Evaluation]:
    """Log a reading, and decide whether the rule fires or recovers by it.

    Of several checkers that see the same change, one finds the state unchanged and changes it; the
    others find it changed. A reading older than the last one decides nothing.

    Parameters
    ----------
    read_at : datetime
        When reading began.
    delivery : str or None
        What to log as delivery if the rule fires or recovers.

    Returns
    -------
    int, Evaluation
        The entry's id and the entry.
    """
    now = utc_now()
    state = states.update().where(
        states.c.rule == rule,
        # A moment that is still to come was set by a clock that has gone back since.
        states.c.read_at.is_(None) | (states.c.read_at <= read_at) | (states.c.read_at > now),
    )
    with transaction() as connection:
        _ensure(connection, rule)
        turned = connection.execute(
            state.where(states.c.firing == (not reading.firing)).values(
                firing=reading.firing, read_at=read_at
            )
        ).rowcount
        if not turned:
            connection.execute(state.values(read_at=read_at))
        kind = Kind.CHECK
        if turned:
            kind = Kind.FIRED if reading.firing else Kind.RECOVERED
        return _append(
            connection, rule, reading, kind, now, actor=actor, delivery=delivery if turned else None
        )


def append_test(
    rule: str, reading: Reading, *, actor: str, delivery: str | None
) -> tuple[int, Evaluation]:
    """Log a test; the rule's state stays as it is."""
    with transaction() as connection:
        return _append(
            connection, rule, reading, Kind.TEST, utc_now(), actor=actor, delivery=delivery
        )


def _append(
    connection: sa.Connection,
    rule: str,
    reading: Reading,
    kind: Kind,
    at: dt.datetime,
    *,
    actor: str,
    delivery: str | None,
) -> tuple[int, Evaluation]:
    made = Evaluation(
        **vars(reading),
        rule=rule,
        at=at,
        kind=kind,
        delivery=delivery,
        actor=actor.replace("\0", ""),  # PostgreSQL has no NUL in texts
    )
    values = {**vars(made), "message": made.message.to_dict(), "kind": made.kind.value}
    entry = connection.execute(log.insert().values(values).returning(log.c.id)).scalar_one()
    return entry, made


def record_delivery(entry: int, delivery: str) -> None:
    """Log what became of the call of the webhook."""
    with transaction() as connection:
        connection.execute(log.update().where(log.c.id == entry).values(delivery=delivery))


def take_turn(rule: str, every: dt.timedelta) -> bool:
    """Take the turn to check a rule, if it is due; of several checkers one gets it."""
    now = utc_now()
    if wait(rule, every):  # look before taking the write lock
        return False
    with transaction() as connection:
        _ensure(connection, rule)
        taken = connection.execute(
            states.update().where(states.c.rule == rule, _due(now, every)).values(turn_at=now)
        )
        return bool(taken.rowcount)


def wait(rule: str, every: dt.timedelta) -> dt.timedelta:
    """Return how long it is until the rule is due; zero if it is."""
    now = utc_now()
    query = sa.select(states.c.turn_at).where(states.c.rule == rule, sa.not_(_due(now, every)))
    with transaction() as connection:
        turn_at = connection.execute(query).scalar_one_or_none()
    return dt.timedelta() if turn_at is None else turn_at + every - now


def _due(now: dt.datetime, every: dt.timedelta) -> sa.ColumnElement[bool]:
    """Whether a turn was never taken, is long ago, or was taken by a clock that went back since."""
    turn = states.c.turn_at
    return turn.is_(None) | (turn <= now - every) | (turn > now + every)


def _ensure(connection: sa.Connection, rule: str) -> None:
    connection.execute(
        sa.text(
            "INSERT INTO alert_states (rule, firing) VALUES (:rule, false) "
            "ON CONFLICT (rule) DO NOTHING"
        ),
        {"rule": rule},
    )


def prune() -> None:
    """Remove plain checks that are older than ``KEPT``."""
    with transaction() as connection:
        connection.execute(
            log.delete().where(log.c.kind == Kind.CHECK.value, log.c.at < utc_now() - KEPT)
        )


def latest(rule_ids: Sequence[str]) -> dict[str, Evaluation]:
    """Return the last evaluation of each rule; tests do not count, unchecked rules are absent."""
    query = sa.select(log).where(log.c.kind != Kind.TEST.value).order_by(log.c.id.desc()).limit(1)
    with transaction() as connection:
        rows = [connection.execute(query.where(log.c.rule == rule)).first() for rule in rule_ids]
    return {row.rule: Evaluation.from_dict(row._asdict()) for row in rows if row}


def history(rule_ids: Sequence[str], limit: int = 50) -> list[Evaluation]:
    """Return what the log holds of the rules, newest first.

    Parameters
    ----------
    limit : int
        At most so many.
    """
    query = sa.select(log).where(log.c.rule.in_(rule_ids)).order_by(log.c.id.desc()).limit(limit)
    with transaction() as connection:
        return [Evaluation.from_dict(row._asdict()) for row in connection.execute(query)]
