"""Feedback: stored once, and given its place as soon as that is imported."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from src.conversations.model import (
    Feedback,
    NewFeedback,
)
from src.conversations.store.tables import (
    conversations,
    feedback,
    insert_new,
    lock,
    named,
    turns,
)
from src.persistence import utc_now
from src.persistence.engine import transaction

REACTION, WITHDRAWN = "reaction", "withdrawn"
REPLACED = (REACTION, WITHDRAWN)
"""Kinds of feedback of which a later one takes the place of the earlier."""


def add_feedback(given: NewFeedback, *, actor: str) -> tuple[str, bool, bool]:
    """Store feedback once, and return its id, whether it is new, and whether it found its place.

    Feedback on something that is not imported yet waits for it. A later reaction, or its
    withdrawal, by the same actor on the same channel takes the place of the earlier one to the
    same turn; an earlier one that arrives late is not kept. What lost its place stays as withdrawn,
    without what it said, so that it is known when it is sent again.
    """
    now = utc_now()
    row = {
        "id": named("feedback", given.channel, given.origin_id),
        "conversation_id": None,
        "turn_id": None,
        "conversation_ref": given.conversation_ref,
        "turn_ref": given.turn_ref,
        "kind": given.kind,
        "author": given.author,
        "stars": given.stars,
        "problem": given.problem,
        "comment": given.comment,
        "channel": given.channel,
        "at": given.at or now,
        "actor": actor,
    }
    mine = feedback.c.id == row["id"]
    with transaction() as connection:
        lock(connection, "conversations")
        if connection.execute(sa.select(feedback.c.id).where(mine)).first() is None:
            if given.kind in REPLACED and not _is_latest(connection, row, now):
                return str(row["id"]), False, False
            new = insert_new(connection, feedback, [row]) > 0
            attach(connection, now, mine)
        else:
            new = False
        placed = connection.execute(sa.select(feedback.c.conversation_id).where(mine)).scalar_one()
    return str(row["id"]), new, placed is not None


def _is_latest(connection: sa.Connection, row: dict[str, Any], now: dt.datetime) -> bool:
    """Withdraw the giver's earlier reaction to this turn; False if there is a later one."""
    same = sa.and_(
        feedback.c.kind.in_(REPLACED),
        *(feedback.c[name] == row[name] for name in ("turn_ref", "author", "channel", "actor")),
    )
    later = connection.execute(sa.select(feedback.c.id).where(same, feedback.c.at > row["at"]))
    if later.first() is not None:
        return False
    earlier = sa.and_(same, feedback.c.kind == REACTION)
    touched = sa.select(feedback.c.conversation_id).where(earlier)
    connection.execute(
        conversations.update().where(conversations.c.id.in_(touched)).values(changed_at=now)
    )
    connection.execute(
        feedback.update().where(earlier).values(kind=WITHDRAWN, stars=None, comment="")
    )
    return True


def attach(
    connection: sa.Connection, now: dt.datetime, which: sa.ColumnElement[bool] | None = None
) -> None:
    """Give feedback that waits its turn and conversation, where these are imported by now.

    Parameters
    ----------
    which : condition, optional
        Of the feedback to look at; by default all that waits.
    """
    waiting = sa.and_(feedback.c.conversation_id.is_(None), sa.true() if which is None else which)
    by_turn = [
        sa.select(feedback.c.id, turns.c.conversation_id, turns.c.id.label("turn_id"))
        .join_from(feedback, turns, column == feedback.c.turn_ref)
        .join(conversations, conversations.c.id == turns.c.conversation_id)
        .where(
            waiting,
            feedback.c.turn_ref != "",
            sa.or_(feedback.c.conversation_ref == "", *_named(feedback.c.conversation_ref)),
        )
        for column in (turns.c.id, turns.c.origin_id)
    ]
    by_conversation = (
        sa.select(
            feedback.c.id,
            conversations.c.id.label("conversation_id"),
            sa.null().label("turn_id"),
        )
        .join_from(feedback, conversations, sa.or_(*_named(feedback.c.conversation_ref)))
        .where(waiting, feedback.c.turn_ref == "")
        .order_by(conversations.c.started_at)
    )
    places: dict[str, tuple[str, str | None]] = {}
    for found in (by_conversation, *by_turn[::-1]):
        for row in connection.execute(found):
            places[row.id] = (row.conversation_id, row.turn_id)
    if not places:
        return
    connection.execute(
        feedback.update()
        .where(feedback.c.id == sa.bindparam("key"))
        .values(conversation_id=sa.bindparam("place"), turn_id=sa.bindparam("turn")),
        [{"key": key, "place": place, "turn": turn} for key, (place, turn) in places.items()],
    )
    connection.execute(
        conversations.update()
        .where(conversations.c.id == sa.bindparam("key"))
        .values(changed_at=now),
        [{"key": place} for place in {place for place, _ in places.values()}],
    )


def _named(ref: sa.ColumnElement[str]) -> list[sa.ColumnElement[bool]]:
    return [conversations.c[name] == ref for name in ("id", "origin_id", "session_id")]


def feedback_of(identifier: str) -> list[Feedback]:
    """Return what was said about a conversation and its turns, oldest first."""
    with transaction() as connection:
        rows = connection.execute(
            sa.select(feedback)
            .where(feedback.c.conversation_id == identifier, feedback.c.kind != WITHDRAWN)
            .order_by(feedback.c.at, feedback.c.id)
        ).all()
    return [
        Feedback(
            row.id,
            row.kind,
            row.author,
            row.stars,
            row.problem,
            row.comment,
            row.at,
            row.conversation_id,
            row.turn_id,
            row.channel,
            row.actor,
        )
        for row in rows
    ]
