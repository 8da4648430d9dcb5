"""How much of a conversation was read when it was judged, and its judging anew once it grew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from src.review.model import Decision
from src.review.store.tables import (
    NOBODYS,
    STANDS,
    conversations,
    items,
    judgements,
    slots,
    turns,
)

PAST = "past"
"""The state of a slot whose judgement is of an earlier round; it is nobody's any more, so that the
same reviewer may judge the item again."""


def with_read(content: Mapping[str, Any], read: int) -> dict[str, Any]:
    """Return an annotation's stored form with how many turns its reviewer had before them."""
    return {**content, "read": read}


def turns_read(connection: sa.Connection, item_ids: Sequence[int]) -> dict[int, int]:
    """Return how many turns, from the first on, everybody read on whose word an item is decided.

    Judgements of old did not keep it. What was said after them, where that is known, was not read.
    """
    later = (
        sa.select(sa.func.min(turns.c.position))
        .where(
            turns.c.conversation_id == items.c.conversation_id,
            turns.c.at > judgements.c.submitted_at,
        )
        .scalar_subquery()
    )
    by_all: dict[int, int] = {}
    by_last: dict[int, int] = {}
    for row in connection.execute(
        sa.select(
            judgements.c.item_id,
            judgements.c.adjudication,
            judgements.c.content,
            conversations.c.turns,
            sa.case(
                (conversations.c.changed_at > judgements.c.submitted_at, later), else_=None
            ).label("unread"),
        )
        .join(slots, slots.c.id == judgements.c.slot_id)
        .join(items, items.c.id == judgements.c.item_id)
        .join(conversations, conversations.c.id == items.c.conversation_id)
        .where(judgements.c.item_id.in_(item_ids), STANDS, slots.c.state != PAST)
    ):
        known = row.turns if row.unread is None else row.unread
        read = row.content.get("read", known)
        found = by_last if row.adjudication else by_all
        found[row.item_id] = min(read, found.get(row.item_id, read))
    return by_all | by_last


def judged_before(connection: sa.Connection, item_ids: Sequence[int]) -> set[int]:
    """Return those of the items that are in a later round than their first."""
    past = sa.select(slots.c.item_id).where(slots.c.item_id.in_(item_ids), slots.c.state == PAST)
    return set(connection.execute(past).scalars())


def reopen(connection: sa.Connection, item_id: int, **values: Any) -> bool:
    """Take an approval off an item, so that it is judged again; False if it has none any more.

    What was said stays, and counts as far as it went. The new slots are the caller's business.

    Parameters
    ----------
    **values
        Columns of the item to set besides.
    """
    approved = items.c.decision == Decision.APPROVED
    done = connection.execute(
        items.update()
        .where(items.c.id == item_id, approved)
        .values(decision=None, decided_at=None, **values)
    ).rowcount
    if done:
        connection.execute(
            slots.update().where(slots.c.item_id == item_id).values(state=PAST, **NOBODYS)
        )
    return bool(done)
