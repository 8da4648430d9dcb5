"""Conversations are listed, searched and read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from src.conversations.facts import SILENCE
from src.conversations.model import (
    Conversation,
    Customer,
    Filters,
    Hit,
    Outcome,
    Page,
    Role,
    Summary,
    Turn,
)
from src.conversations.store.tables import BATCH, conversations, customers, turns
from src.conversations.words import other_numbers, words
from src.errors import ConversationNotFound
from src.messages import N_
from src.persistence import utc_now
from src.persistence.engine import transaction

STATUSES = 1_000
"""Statuses that are looked up in a source at a time."""


def outcome_column(now: dt.datetime) -> sa.ColumnElement[str]:
    """Say in SQL how a conversation ended, as seen from ``now``."""
    c = conversations.c
    silent = sa.or_(c.final, sa.not_(c.timed), c.last_at <= now - SILENCE)
    return sa.case((silent, c.ending), else_=sa.literal(str(Outcome.OPEN)))


def _where(filters: Filters, dialect: str, now: dt.datetime) -> list[sa.ColumnElement[bool]]:
    c = conversations.c
    conditions: list[sa.ColumnElement[bool]] = []
    for name in ("channel", "status", "topic", "origin", "customer_id"):
        if (value := getattr(filters, name)) is not None:
            conditions.append(c[name] == value)
    if filters.since is not None:
        conditions.append(c.started_at >= filters.since)
    if filters.until is not None:
        conditions.append(c.started_at < filters.until)
    if filters.minimum_turns:
        conditions.append(c.turns >= filters.minimum_turns)
    if filters.outcome is not None:
        conditions.append(outcome_column(now) == str(filters.outcome))
    if filters.query.strip():
        conditions.append(
            c.id.in_(sa.select(turns.c.conversation_id).where(_holds(filters.query, dialect)))
        )
    return conditions


def _holds(query: str, dialect: str) -> sa.ColumnElement[bool]:
    """Say in SQL that a turn holds every word of a query, or the very signs if it has no words."""
    query = query.replace("\x00", "").encode("utf-8", "replace").decode()
    asked = words(query)
    literally = turns.c.content.contains(query.strip(), autoescape=True)
    if not asked:
        return literally
    if dialect == "sqlite":
        terms = " AND ".join(
            "(" + " OR ".join([f'"{word}"*', *(f'"{it}"' for it in other_numbers(word))]) + ")"
            for word in asked
        )
        found = sa.text("SELECT rowid FROM conversation_search WHERE conversation_search MATCH :q")
        return turns.c.number.in_(found.bindparams(q=terms).columns(sa.column("rowid", sa.Integer)))
    terms = " & ".join(
        "(" + " | ".join([f"'{word}':*", *(f"'{it}'" for it in other_numbers(word))]) + ")"
        for word in asked
    )
    wanted = sa.func.to_tsquery(sa.text("'simple'"), terms)
    held = sa.func.conversation_words(turns.c.content).op("@@")(wanted)
    # What the server takes for no word at all would find nothing.
    none = sa.func.numnode(wanted) == 0
    return sa.or_(sa.and_(sa.not_(none), held), sa.and_(none, literally))


def search(query: str, *, limit: int = 50) -> list[Hit]:
    """Return turns that hold every word of a query, those of the newest conversations first.

    Case and accents do not count. A word also finds those that begin with it, and its singular or
    plural. A query without words (an emoji, say) is looked for as it is.

    Raises
    ------
    StorageError
        If the database does not answer.
    """
    if not query.strip():
        return []
    with transaction() as connection:
        rows = connection.execute(
            sa.select(turns, conversations.c.started_at)
            .join(conversations, conversations.c.id == turns.c.conversation_id)
            .where(_holds(query, connection.dialect.name))
            .order_by(conversations.c.started_at.desc(), turns.c.conversation_id, turns.c.position)
            .limit(limit)
        ).all()
    return [
        Hit(
            row.conversation_id,
            row.id,
            row.position,
            Role(row.role),
            row.content,
            row.started_at,
        )
        for row in rows
    ]


def list_conversations(filters: Filters | None = None, *, offset: int = 0, limit: int = 50) -> Page:
    """Return a page of the conversations that meet every condition, newest first.

    Those whose source has no times come last: they started nobody knows when.

    Raises
    ------
    StorageError
        If the database does not answer.
    """
    now, c = utc_now(), conversations.c
    with transaction() as connection:
        conditions = _where(filters or Filters(), connection.dialect.name, now)

        def count(*more: sa.ColumnElement[bool]) -> int:
            counted = sa.select(sa.func.count()).select_from(conversations)
            return connection.execute(counted.where(*conditions, *more)).scalar_one()

        def read(timed: sa.ColumnElement[bool], skipped: int, most: int) -> list[Summary]:
            wanted = _summaries(now).where(*conditions, timed).offset(skipped).limit(most)
            rows = connection.execute(wanted.order_by(c.started_at.desc(), c.id))
            return [_summary(row) for row in rows]

        # One after the other, since an order by both could not use the index on the start.
        found = read(c.timed, offset, limit)
        if len(found) < limit:
            skipped = offset - count(c.timed) if offset and not found else 0
            found += read(sa.not_(c.timed), skipped, limit - len(found))
        return Page(tuple(found), count())


def beginnings(identifiers: Iterable[str], *, length: int = 160) -> dict[str, str]:
    """Return how conversations begin: the customer's first message, else the first of anyone.

    What the system was told comes last of all: it is the same in every conversation.

    Parameters
    ----------
    length : int
        Characters of each, at most.

    Raises
    ------
    StorageError
        If the database does not answer.
    """
    rank = sa.case({str(Role.CUSTOMER): 0, str(Role.SYSTEM): 2}, value=turns.c.role, else_=1)
    place = sa.func.row_number().over(
        partition_by=turns.c.conversation_id, order_by=(rank, turns.c.position)
    )
    ranked = (
        sa.select(turns.c.id, place.label("place"))
        .where(turns.c.conversation_id.in_(list(identifiers)))
        .subquery()
    )
    begins = (
        sa.select(turns.c.conversation_id, sa.func.substr(turns.c.content, 1, length))
        .join(ranked, ranked.c.id == turns.c.id)
        .where(ranked.c.place == 1)
    )
    with transaction() as connection:
        return dict(connection.execute(begins).tuples().all())


def _summaries(now: dt.datetime) -> sa.Select[Any]:
    return sa.select(conversations, outcome_column(now).label("outcome"))


def get_conversation(identifier: str, *, offset: int = 0, limit: int | None = None) -> Conversation:
    """Return a conversation with its turns, or with ``limit`` of them from ``offset`` on.

    Raises
    ------
    ConversationNotFound
        If there is none with that identifier.
    StorageError
        If the database does not answer.
    """
    with transaction() as connection:
        row = connection.execute(
            _summaries(utc_now()).where(conversations.c.id == identifier)
        ).one_or_none()
        if row is None:
            raise ConversationNotFound(
                N_(
                    "A conversa {id} não está mais aqui; pode ter sido apagada. Volte à lista e "
                    "escolha outra."
                ),
                id=identifier[:8],
            )
        said = connection.execute(
            sa.select(turns)
            .where(turns.c.conversation_id == identifier)
            .order_by(turns.c.position)
            .offset(offset)
            .limit(limit)
        ).all()
        owner = connection.execute(
            sa.select(customers).where(customers.c.id == row.customer_id)
        ).one_or_none()
    return Conversation(_summary(row), _customer(owner), tuple(read_turn(turn) for turn in said))


def positions_of(identifier: str, turn_ids: Iterable[str]) -> dict[str, int]:
    """Return where in a conversation these turns are, from 0; those it has not are absent.

    No text is read, so that it costs the same in a long conversation as in a short one.

    Raises
    ------
    StorageError
        If the database does not answer.
    """
    ids = list(turn_ids)
    found: dict[str, int] = {}
    for start in range(0, len(ids), BATCH):
        named = sa.select(turns.c.id, turns.c.position).where(
            turns.c.id.in_(ids[start : start + BATCH]), turns.c.conversation_id == identifier
        )
        with transaction() as connection:
            found.update(connection.execute(named).tuples().all())
    return found


def openings(identifiers: Iterable[str], *, length: int = 160) -> dict[str, str]:
    """Return how the customer's first message in each conversation begins.

    Where the customer wrote nothing, and where there is no such conversation, none is returned.

    Raises
    ------
    StorageError
        If the database does not answer.
    """
    ids = list(identifiers)
    found: dict[str, str] = {}
    for start in range(0, len(ids), BATCH):
        first = (
            sa.select(turns.c.conversation_id, sa.func.min(turns.c.position).label("position"))
            .where(
                turns.c.conversation_id.in_(ids[start : start + BATCH]),
                turns.c.role == str(Role.CUSTOMER),
            )
            .group_by(turns.c.conversation_id)
            .subquery()
        )
        beginning = sa.select(
            turns.c.conversation_id, sa.func.substr(turns.c.content, 1, length)
        ).join(
            first,
            (turns.c.conversation_id == first.c.conversation_id)
            & (turns.c.position == first.c.position),
        )
        with transaction() as connection:
            found.update(connection.execute(beginning).tuples().all())
    return found


def every(filters: Filters | None = None) -> Iterator[Conversation]:
    """Yield whole conversations ordered by identifier, a few at a time."""
    now, last = utc_now(), ""
    while True:
        with transaction() as connection:
            rows = connection.execute(
                _summaries(now)
                .where(*_where(filters or Filters(), connection.dialect.name, now))
                .where(conversations.c.id > last)
                .order_by(conversations.c.id)
                .limit(BATCH)
            ).all()
            if not rows:
                return
            ids = [row.id for row in rows]
            said: dict[str, list[Turn]] = {key: [] for key in ids}
            for turn in connection.execute(
                sa.select(turns)
                .where(turns.c.conversation_id.in_(ids))
                .order_by(turns.c.conversation_id, turns.c.position)
            ):
                said[turn.conversation_id].append(read_turn(turn))
            owners = {
                row.id: _customer(row)
                for row in connection.execute(
                    sa.select(customers).where(
                        customers.c.id.in_({row.customer_id for row in rows} - {None})
                    )
                )
            }
        for row in rows:
            yield Conversation(_summary(row), owners.get(row.customer_id), tuple(said[row.id]))
        last = ids[-1]


def statuses(origin: str) -> Iterator[dict[str, str]]:
    """Yield the status of every conversation of a source by its identifier there, in parts."""
    c, last = conversations.c, ""
    while True:
        with transaction() as connection:
            rows = connection.execute(
                sa.select(c.id, c.origin_id, c.status)
                .where(c.origin == origin, c.id > last)
                .order_by(c.id)
                .limit(STATUSES)
            ).all()
        if not rows:
            return
        yield {row.origin_id: row.status for row in rows}
        last = rows[-1].id


def values_of(name: str) -> list[str]:
    """Return the values that conversations have in ``channel``, ``status``, ``topic``, ..."""
    column = conversations.c[name]
    with transaction() as connection:
        found = connection.execute(sa.select(column).distinct().order_by(column)).scalars()
        return [value for value in found if value]


def find_customers(text: str, *, limit: int = 20) -> list[Customer]:
    """Return customers whose name, e-mail, phone or source identifier holds a text."""
    c = customers.c
    fields = (c.name, c.email, c.phone, c.origin_id)
    held = [field.icontains(text.strip(), autoescape=True) for field in fields]
    with transaction() as connection:
        rows = connection.execute(
            sa.select(customers).where(sa.or_(*held)).order_by(c.name, c.id).limit(limit)
        ).all()
    return [found for row in rows if (found := _customer(row)) is not None]


def _summary(row: sa.Row[Any]) -> Summary:
    return Summary(
        id=row.id,
        origin=row.origin,
        origin_id=row.origin_id,
        customer_id=row.customer_id,
        channel=row.channel,
        status=row.status,
        subject=row.subject,
        session_id=row.session_id,
        topic=row.topic,
        started_at=row.started_at,
        last_at=row.last_at,
        timed=row.timed,
        turns=row.turns,
        customer_turns=row.customer_turns,
        answer_turns=row.answer_turns,
        outcome=Outcome(row.outcome),
        seconds_to_answer=row.answer_seconds / row.answers if row.answers else None,
        imported_at=row.imported_at,
        imported_by=row.imported_by,
    )


def read_turn(row: sa.Row[Any]) -> Turn:
    """Return a stored turn."""
    return Turn(
        id=row.id,
        position=row.position,
        role=Role(row.role),
        content=row.content,
        sender_type=row.sender_type,
        sender_id=row.sender_id,
        at=row.at,
        original=row.original,
    )


def _customer(row: sa.Row[Any] | None) -> Customer | None:
    if row is None:
        return None
    return Customer(row.id, row.name, row.email, row.phone, row.source, row.status)
