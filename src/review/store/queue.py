"""The queue: who gets which item, and for how long."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa

from src.messages import Message
from src.persistence import utc_now
from src.persistence.engine import transaction
from src.review.model import (
    Annotated,
    Annotation,
    Claim,
    Decision,
    QueueState,
    person,
    reviewer_name,
)
from src.review.store import rounds
from src.review.store.locks import writing
from src.review.store.selection import criteria_in_force
from src.review.store.tables import NOBODYS, conversations, drafts, items, judgements, slots

FIRST_IN_LINE = 1_000
"""What a disagreement adds to the priority."""


def _p(name: str, kind: sa.types.TypeEngine[Any] | None = None) -> sa.BindParameter[Any]:
    return sa.bindparam(name, type_=kind)


# The statements of a claim are built once: building them takes longer than running them.
_MOMENT = slots.c.expires_at.type
_EXTEND = (
    slots.update()
    .where(
        slots.c.reviewer == _p("who"),
        slots.c.state == "claimed",
        slots.c.expires_at > _p("now", _MOMENT),
    )
    .values(expires_at=_p("until", _MOMENT))
    .returning(slots)
)
_FREE_EXPIRED = (
    slots.update()
    .where(
        slots.c.id.in_(
            sa.select(slots.c.id)
            .where(slots.c.state == "claimed", slots.c.expires_at <= _p("now", _MOMENT))
            .with_for_update(skip_locked=True)
        )
    )
    .values(state="free", **NOBODYS)
)
_mine = slots.alias("mine")
_TAKE = (
    slots.update()
    .where(
        slots.c.id
        == sa.select(slots.c.id)
        .where(
            slots.c.state == "free",
            ~sa.exists().where(_mine.c.item_id == slots.c.item_id, _mine.c.reviewer == _p("who")),
        )
        .order_by(slots.c.rank, slots.c.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=slots)
        .scalar_subquery()
    )
    .values(
        state="claimed",
        reviewer=_p("who"),
        claim=_p("token"),
        claimed_at=_p("now", _MOMENT),
        expires_at=_p("until", _MOMENT),
    )
    .returning(slots)
)
_ONE_TAB_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:who, 1))")
_ITEM = (
    sa.select(items, drafts.c.content.label("draft"), conversations.c.turns)
    .join(conversations, conversations.c.id == items.c.conversation_id)
    .outerjoin(drafts, sa.and_(drafts.c.item_id == items.c.id, drafts.c.reviewer == _p("who")))
    .where(items.c.id == _p("item"))
)


def _names(column: sa.Column[Any]) -> sa.Select[Any]:
    """Select the values of an indexed column, each once, by as many steps in the index."""
    found = sa.select(sa.func.min(column).label("name")).cte(recursive=True)
    following = sa.select(sa.func.min(column)).where(column > found.c.name).scalar_subquery()
    found = found.union_all(
        sa.select(following).select_from(found).where(found.c.name.is_not(None))
    )
    return sa.select(found.c.name).where(found.c.name.is_not(None))


_NAMES = sa.union(_names(slots.c.reviewer), _names(judgements.c.reviewer))
_PREVIOUS = (
    sa.select(judgements, slots.c.state)
    .join(slots, slots.c.id == judgements.c.slot_id)
    .where(
        judgements.c.item_id == _p("item"),
        judgements.c.undone_at.is_(None),
        judgements.c.slot_id != _p("slot"),
    )
    .order_by(judgements.c.id)
)


def claim_next(reviewer: str) -> Claim | None:
    """Give a reviewer the next item: the one they hold, else the first that nobody has.

    An item goes to as many reviewers as it asks for, never twice to the same one. It stays theirs
    until they submit or release it, or until ``claim_minutes`` after their last sign of life.

    Returns
    -------
    Claim or None
        None if nothing waits for this reviewer.

    Raises
    ------
    ReviewError
        If the reviewer has no name, or one that cannot be stored.
    StorageError
        If the database does not answer.
    """
    now = utc_now()
    with writing() as connection:
        reviewer = known_as(connection, reviewer)
        rules, _row = criteria_in_force(connection)
        until = now + dt.timedelta(minutes=rules.claim_minutes)
        told = {"who": reviewer, "now": now, "until": until}
        held = connection.execute(_EXTEND, told).first()
        if held is None:
            connection.execute(_FREE_EXPIRED, {"now": now})
            held = connection.execute(_TAKE, {**told, "token": uuid.uuid4().hex}).first()
        return None if held is None else read_claim(connection, held)


def known_as(connection: sa.Connection, name: str, *, alone: bool = True) -> str:
    """Return a reviewer's name as it was spelled when they first took an item.

    Who judged an item must not judge it again under another spelling.

    Parameters
    ----------
    alone : bool
        Wait for the reviewer's other tabs, and let them wait: they must not come to hold two
        items, or one twice.

    Raises
    ------
    ReviewError
        See :func:`reviewer_name`.
    """
    name = reviewer_name(name)
    if alone and connection.dialect.name == "postgresql":
        connection.execute(_ONE_TAB_AT_A_TIME, {"who": person(name)})
    names = connection.execute(_NAMES).scalars()
    return min((it for it in names if person(it) == person(name)), default=name)


def read_claim(connection: sa.Connection, slot: sa.Row[Any]) -> Claim:
    """Return what a reviewer sees of the item in their hands."""
    here = {"item": slot.item_id, "who": slot.reviewer, "slot": slot.id}
    item = connection.execute(_ITEM, here).one()
    # Blind to the others, except for who decides between them, for why it was sent back, and for
    # what was decided before the conversation grew.
    previous = [
        annotated(row)
        for row in connection.execute(_PREVIOUS, here)
        if slot.adjudication or (row.decision == Decision.RETURNED) != (row.state == rounds.PAST)
    ]
    return Claim(
        id=slot.claim,
        item_id=slot.item_id,
        conversation_id=item.conversation_id,
        reviewer=slot.reviewer,
        adjudication=slot.adjudication,
        priority=item.priority,
        reasons=tuple(Message.from_dict(reason) for reason in item.reasons),
        claimed_at=slot.claimed_at,
        expires_at=slot.expires_at,
        turns=item.turns,
        draft=None if item.draft is None else Annotation.from_dict(item.draft),
        previous=tuple(previous),
    )


def annotated(row: sa.Row[Any]) -> Annotated:
    """Return a stored annotation."""
    return Annotated(
        reviewer=row.reviewer,
        annotation=Annotation.from_dict(row.content),
        submitted_at=row.submitted_at,
        seconds=row.seconds,
        adjudication=row.adjudication,
    )


def claim_in_hand(reviewer: str) -> Claim | None:
    """Return the item that a reviewer holds, as it is now; None if they hold none.

    Nothing is taken and nothing prolonged: a page asks so whenever it is drawn.

    Raises
    ------
    ReviewError
        If the reviewer has no name, or one that cannot be stored.
    StorageError
        If the database does not answer.
    """
    with transaction() as connection:
        who = known_as(connection, reviewer, alone=False)
        mine = (slots.c.reviewer == who) & (slots.c.state == "claimed")
        held = connection.execute(
            sa.select(slots).where(mine, slots.c.expires_at > utc_now())
        ).first()
        return None if held is None else read_claim(connection, held)


def release(claim: str) -> bool:
    """Give an item back to the queue; False if it was not held any more."""
    with writing() as connection:
        return bool(
            connection.execute(
                slots.update()
                .where(slots.c.claim == claim, slots.c.state == "claimed")
                .values(state="free", **NOBODYS)
            ).rowcount
        )


def needing_a_third(reviewer: str) -> int:
    """Count the disagreements that this reviewer has a part in, and that wait for another person.

    In a team of two nobody is left to decide them.

    Raises
    ------
    ReviewError
        If the reviewer has no name, or one that cannot be stored.
    StorageError
        If the database does not answer.
    """
    waits = sa.select(sa.func.count()).select_from(slots)
    with transaction() as connection:
        who = known_as(connection, reviewer, alone=False)
        part = sa.exists().where(_mine.c.item_id == slots.c.item_id, _mine.c.reviewer == who)
        return connection.execute(
            waits.where(slots.c.adjudication, slots.c.state == "free", part)
        ).scalar_one()


def state() -> QueueState:
    """Count the items by where they stand."""
    now = utc_now()
    held = sa.exists().where(
        slots.c.item_id == items.c.id, slots.c.state == "claimed", slots.c.expires_at > now
    )
    begun = sa.exists().where(slots.c.item_id == items.c.id, slots.c.state == "submitted")
    is_undecided, is_open = items.c.decision.is_(None), slots.c.state.in_(("free", "claimed"))
    count = sa.select(sa.func.count())
    undecided = count.select_from(items).where(is_undecided)
    of_items = slots.join(items, items.c.id == slots.c.item_id)
    with transaction() as connection:
        total, oldest = connection.execute(
            sa.select(sa.func.count(), sa.func.min(items.c.added_at)).where(is_undecided)
        ).one()
        claimed = connection.execute(undecided.where(held)).scalar_one()
        partly = connection.execute(undecided.where(sa.not_(held), begun)).scalar_one()
        adjudication = connection.execute(
            count.select_from(slots).where(slots.c.adjudication, is_open)
        ).scalar_one()
        left = connection.execute(
            count.select_from(of_items).where(is_undecided, is_open)
        ).scalar_one()
        decided: dict[str, int] = dict(
            connection.execute(
                sa.select(items.c.decision, sa.func.count())
                .where(items.c.decision.is_not(None))
                .group_by(items.c.decision)
            )
            .tuples()
            .all()
        )
    return QueueState(
        waiting=total - claimed - partly,
        claimed=claimed,
        partly=partly,
        adjudication=adjudication,
        approved=decided.get("approved", 0),
        rejected=decided.get("rejected", 0),
        decisions_left=left,
        oldest=oldest,
    )
