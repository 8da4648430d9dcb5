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


def add_feedback(given: NewFeedback, *, actor: str) -> tuple[str, bool, bool]:
    """Store feedback once, and return its id, whether it is new, and whether it found its place.

    Feedback on something that is not imported yet waits for it. A later reaction of the same
    author to the same turn replaces the earlier one, and an earlier one that arrives late is not
    kept.
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
            if given.kind == "reaction" and not _is_latest(connection, row):
                return str(row["id"]), False, False
            new = insert_new(connection, feedback, [row]) > 0
            attach(connection, now)
        else:
            new = False
        placed = connection.execute(sa.select(feedback.c.conversation_id).where(mine)).scalar_one()
    return str(row["id"]), new, placed is not None


def _is_latest(connection: sa.Connection, row: dict[str, Any]) -> bool:
    """Remove earlier reactions of this author to this turn; False if there is a later one."""
    same = (
        (feedback.c.kind == "reaction")
        & (feedback.c.turn_ref == row["turn_ref"])
        & (feedback.c.author == row["author"])
    )
    later = connection.execute(sa.select(feedback.c.id).where(same, feedback.c.at > row["at"]))
    if later.first() is not None:
        return False
    connection.execute(feedback.delete().where(same))
    return True


def withdraw_reaction(turn_ref: str, author: str, *, at: dt.datetime) -> int:
    """Remove the reaction of an author to a turn, and return how many were removed."""
    with transaction() as connection:
        return connection.execute(
            feedback.delete().where(
                feedback.c.kind == "reaction",
                feedback.c.turn_ref == turn_ref,
                feedback.c.author == author,
                feedback.c.at <= at,
            )
        ).rowcount


def attach(connection: sa.Connection, now: dt.datetime) -> None:
    """Give feedback that waits its turn and conversation, where these are imported by now."""
    waiting = connection.execute(
        sa.select(feedback.c.id, feedback.c.turn_ref, feedback.c.conversation_ref).where(
            feedback.c.conversation_id.is_(None)
        )
    ).all()
    for row in waiting:
        place: Any = None
        if row.turn_ref:
            at_turn = sa.select(turns.c.conversation_id, turns.c.id.label("turn_id"))
            place = connection.execute(
                at_turn.where(sa.or_(turns.c.id == row.turn_ref, turns.c.origin_id == row.turn_ref))
            ).first()
        elif row.conversation_ref:
            ref = row.conversation_ref
            place = connection.execute(
                sa.select(conversations.c.id.label("conversation_id"), sa.null().label("turn_id"))
                .where(
                    sa.or_(
                        conversations.c.id == ref,
                        conversations.c.origin_id == ref,
                        conversations.c.session_id == ref,
                    )
                )
                .order_by(conversations.c.started_at.desc())
            ).first()
        if place is None:
            continue
        connection.execute(
            feedback.update()
            .where(feedback.c.id == row.id)
            .values(conversation_id=place.conversation_id, turn_id=place.turn_id)
        )
        connection.execute(
            conversations.update()
            .where(conversations.c.id == place.conversation_id)
            .values(changed_at=now)
        )


def feedback_of(identifier: str) -> list[Feedback]:
    """Return what was said about a conversation and its turns, oldest first."""
    with transaction() as connection:
        rows = connection.execute(
            sa.select(feedback)
            .where(feedback.c.conversation_id == identifier)
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
