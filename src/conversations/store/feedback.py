"""Feedback: stored once, and given its place as soon as that is imported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from src.conversations.model import Feedback, NewFeedback, Place
from src.conversations.store.tables import (
    conversations,
    erasures,
    feedback,
    insert_new,
    named,
    turns,
)
from src.persistence import utc_now
from src.persistence.engine import take_turn, transaction

REACTION, WITHDRAWN = "reaction", "withdrawn"
REPLACED = (REACTION, WITHDRAWN)
"""Kinds of feedback of which a later one takes the place of the earlier."""

NAMES = ("id", "origin_id", "session_id")
"""How feedback may name a conversation: by ours, by its source's, by its session's."""

WAIT = dt.timedelta(days=180)
"""How long after it was given feedback waits for what it speaks of."""

AGAIN_SECONDS = 3600.0


def add_feedback(given: NewFeedback, *, actor: str) -> tuple[str, bool, Place]:
    """Store feedback once, and return its id, whether it is new, and what became of its place.

    Feedback on something that is not imported yet waits for it, and so does what names a turn or a
    conversation by an identifier that several have. A later reaction, or its withdrawal, by the
    same actor on the same channel takes the place of the earlier one to the same turn; an earlier
    one that arrives late is not kept. What lost its place stays as withdrawn, without what it said,
    so that it is known when it is sent again. What names nothing that is here, but something that
    was erased, is not kept, nor is what is older than :data:`WAIT` and would wait.
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
        "at": (given.at or now).astimezone(dt.UTC),
        "actor": actor,
    }
    mine = feedback.c.id == row["id"]
    with transaction() as connection:
        take_turn(connection, "conversations")
        known = connection.execute(sa.select(feedback.c.id).where(mine)).first()
        new = known is None and insert_new(connection, feedback, [row]) > 0
        ambiguous = attach(connection, now, mine)
        placed = connection.execute(
            sa.select(feedback.c.conversation_id, feedback.c.turn_id).where(mine)
        ).one()
        if placed.conversation_id is not None:
            place = Place.FOUND
        elif ambiguous:
            place = Place.AMBIGUOUS
        else:
            place = Place.UNKNOWN
        if new:
            place = _kept(connection, row, place, placed.turn_id, now)
            if place in (Place.REPLACED, Place.ERASED, Place.TOO_OLD):
                connection.execute(feedback.delete().where(mine))
                new = False
    return str(row["id"]), new, place


def _kept(
    connection: sa.Connection, row: dict[str, Any], place: Place, turn: str | None, now: dt.datetime
) -> Place:
    """Say why new feedback is not kept, if it is not; else withdraw what it replaces."""
    if place is Place.UNKNOWN and _was_erased(connection, row):
        return Place.ERASED
    if place is not Place.FOUND and row["at"] < now - WAIT:
        return Place.TOO_OLD
    if row["kind"] in REPLACED and not _is_latest(connection, row, turn, now):
        return Place.REPLACED
    return place


def _is_latest(
    connection: sa.Connection, row: dict[str, Any], turn: str | None, now: dt.datetime
) -> bool:
    """Withdraw the giver's earlier reactions to this turn; False if there is a later one."""
    names = ("turn_ref", "conversation_ref")
    same = sa.and_(
        feedback.c.id != row["id"],
        feedback.c.kind.in_(REPLACED),
        *(feedback.c[name] == row[name] for name in ("author", "channel", "actor")),
        sa.or_(
            sa.and_(*(feedback.c[name] == row[name] for name in names)),
            sa.false() if turn is None else feedback.c.turn_id == turn,
        ),
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
) -> set[str]:
    """Give feedback that waits its turn and conversation, where these are imported by now.

    Parameters
    ----------
    which : condition, optional
        Of the feedback to look at; by default all that waits.

    Returns
    -------
    set of str
        What goes on waiting because several turns or conversations have the identifier it names.
    """
    waiting = sa.and_(feedback.c.conversation_id.is_(None), sa.true() if which is None else which)
    places: dict[str, tuple[str, str | None] | None] = {}
    for named_so in (*_turns_named(), *_conversations_named()):
        for row in connection.execute(named_so.where(waiting)):
            place = None if row.several else (row.conversation_id, row.turn_id)
            places.setdefault(row.id, place)
    found = {key: place for key, place in places.items() if place is not None}
    if found:
        connection.execute(
            feedback.update()
            .where(feedback.c.id == sa.bindparam("key"))
            .values(conversation_id=sa.bindparam("place"), turn_id=sa.bindparam("turn")),
            [{"key": key, "place": place, "turn": turn} for key, (place, turn) in found.items()],
        )
        connection.execute(
            conversations.update()
            .where(conversations.c.id == sa.bindparam("key"))
            .values(changed_at=now),
            [{"key": place} for place in {place for place, _ in found.values()}],
        )
    return places.keys() - found.keys()


def _was_erased(connection: sa.Connection, row: dict[str, Any]) -> bool:
    whole, turn = row["conversation_ref"], row["turn_ref"]
    marks = {whole, turn, _mark("conversation", whole) if whole else _mark("turn", turn)} - {""}
    found = connection.execute(sa.select(erasures.c.id).where(erasures.c.id.in_(marks)))
    return found.first() is not None


def _mark(kind: str, ref: str) -> str:
    """Return how an identifier of the source's stays in the list of what was erased."""
    return named("erased", kind, ref)


def forget(connection: sa.Connection, ids: Sequence[str]) -> set[str]:
    """Remove feedback that waits and may speak of conversations about to be erased.

    Returns
    -------
    set of str
        Identifiers for the list of what was erased, by which later feedback on them is known.
    """
    here = turns.c.conversation_id.in_(ids)
    these = conversations.c.id.in_(ids)
    wholes = sa.union_all(*(sa.select(conversations.c[name]).where(these) for name in NAMES))
    said = sa.union_all(*(sa.select(turns.c[name]).where(here) for name in ("id", "origin_id")))
    whole, turn = feedback.c.conversation_ref, feedback.c.turn_ref
    connection.execute(
        feedback.delete().where(
            feedback.c.conversation_id.is_(None),
            sa.or_(
                sa.and_(whole != "", whole.in_(wholes)),
                sa.and_(whole == "", turn != "", turn.in_(said)),
            ),
        )
    )
    marks = set(connection.execute(sa.select(turns.c.id).where(here)).scalars())
    for kind, refs in (("conversation", wholes), ("turn", said)):
        marks |= {_mark(kind, ref) for ref in connection.execute(refs).scalars() if ref}
    return marks


def remove_old_feedback() -> float:
    """Remove feedback that has waited for :data:`WAIT` for what it speaks of.

    Returns
    -------
    float
        After how many seconds to call it again.

    Raises
    ------
    StorageError
        If the database does not answer.
    """
    with transaction() as connection:
        take_turn(connection, "conversations")
        connection.execute(
            feedback.delete().where(
                feedback.c.conversation_id.is_(None), feedback.c.at < utc_now() - WAIT
            )
        )
    return AGAIN_SECONDS


def _turns_named() -> Iterator[sa.Select[Any]]:
    """Read the turns that feedback names: by our identifier, then by the source's."""
    turn, ref = turns.alias(), feedback.c.turn_ref
    whole = feedback.c.conversation_ref == ""
    in_it = turn.c.conversation_id.in_(sa.union_all(*(_called(name)[1] for name in NAMES)))
    # Thousands of conversations may have a turn 2. To find that of one conversation the index on
    # these must not be used: a text that is joined to nothing has none.
    for named_so, which in (
        (sa.select(turn.c.id).where(turn.c.id == ref, sa.or_(whole, in_it)), ref != ""),
        (sa.select(turn.c.id).where(turn.c.origin_id == ref), sa.and_(ref != "", whole)),
        (
            sa.select(turn.c.id).where(turn.c.origin_id.concat("") == ref, in_it),
            sa.and_(ref != "", ~whole),
        ),
    ):
        yield (
            sa.select(
                feedback.c.id,
                turns.c.conversation_id,
                turns.c.id.label("turn_id"),
                _nth(named_so, 1).is_not(None).label("several"),
            )
            .join_from(feedback, turns, turns.c.id == _nth(named_so, 0))
            .where(which)
        )


def _conversations_named() -> Iterator[sa.Select[Any]]:
    """Read the conversations that feedback names: by ours, the source's, the session's latest."""
    for name in NAMES:
        one, named_so = _called(name)
        latest = _nth(named_so.order_by(one.c.started_at.desc(), one.c.id), 0)
        several = sa.false() if name == "session_id" else _nth(named_so, 1).is_not(None)
        yield (
            sa.select(
                feedback.c.id,
                conversations.c.id.label("conversation_id"),
                sa.null().label("turn_id"),
                several.label("several"),
            )
            .join_from(feedback, conversations, conversations.c.id == latest)
            .where(feedback.c.turn_ref == "")
        )


def _called(name: str) -> tuple[sa.FromClause, sa.Select[Any]]:
    """Read the conversations that the feedback of the query around calls so."""
    one = conversations.alias()
    called_so = sa.select(one.c.id).where(one.c[name] == feedback.c.conversation_ref)
    return one, called_so.correlate(feedback)


def _nth(named_so: sa.Select[Any], number: int) -> sa.ScalarSelect[Any]:
    """Read one of what feedback names: whether there is a second tells of any number."""
    return named_so.limit(1).offset(number).correlate(feedback).scalar_subquery()


def feedback_of(identifier: str) -> list[Feedback]:
    """Return what was said about a conversation and its turns, oldest first."""
    columns = [feedback.c[one.name] for one in fields(Feedback)]
    with transaction() as connection:
        rows = connection.execute(
            sa.select(*columns)
            .where(feedback.c.conversation_id == identifier, feedback.c.kind != WITHDRAWN)
            .order_by(feedback.c.at, feedback.c.id)
        ).all()
    return [Feedback(*row) for row in rows]
