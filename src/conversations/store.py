"""Conversations in the operational database: added once, searched, listed, erased."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from src.conversations.facts import SILENCE, Facts, ending, gather
from src.conversations.model import (
    Conversation,
    Customer,
    Erased,
    Feedback,
    Filters,
    Hit,
    NewConversation,
    NewFeedback,
    Outcome,
    Page,
    Role,
    Summary,
    Turn,
)
from src.errors import ConversationNotFound
from src.messages import N_
from src.persistence import metadata, utc_now
from src.persistence.engine import UtcDateTime, transaction

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
REACTION, WITHDRAWN = "reaction", "withdrawn"
REPLACED = (REACTION, WITHDRAWN)
"""Kinds of feedback of which a later one takes the place of the earlier."""

customers = sa.Table(
    "conversation_customers",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("origin", sa.String(200), nullable=False),
    sa.Column("origin_id", sa.String(300), nullable=False),
    sa.Column("name", sa.String(300), nullable=False),
    sa.Column("email", sa.String(300), nullable=False),
    sa.Column("phone", sa.String(300), nullable=False),
    sa.Column("source", sa.String(300), nullable=False),
    sa.Column("status", sa.String(300), nullable=False),
)
conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("origin", sa.String(200), nullable=False),
    sa.Column("origin_id", sa.String(300), nullable=False),
    sa.Column(
        "customer_id", sa.String(32), sa.ForeignKey("conversation_customers.id", ondelete="CASCADE")
    ),
    sa.Column("channel", sa.String(300), nullable=False),
    sa.Column("status", sa.String(300), nullable=False),
    sa.Column("subject", sa.String(300), nullable=False),
    sa.Column("session_id", sa.String(300), nullable=False),
    sa.Column("topic", sa.String(300), nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("last_at", UtcDateTime, nullable=False),
    sa.Column("timed", sa.Boolean, nullable=False),
    sa.Column("turns", sa.Integer, nullable=False),
    sa.Column("customer_turns", sa.Integer, nullable=False),
    sa.Column("answer_turns", sa.Integer, nullable=False),
    sa.Column("answer_seconds", sa.Float, nullable=False),
    sa.Column("answers", sa.Integer, nullable=False),
    sa.Column("ending", sa.String(16), nullable=False),
    sa.Column("final", sa.Boolean, nullable=False),
    sa.Column("imported_at", UtcDateTime, nullable=False),
    sa.Column("imported_by", sa.String(200), nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.Index("ix_conversations_started_at", "started_at"),
    sa.Index("ix_conversations_changed_at", "changed_at"),
    sa.Index("ix_conversations_customer_id", "customer_id"),
    sa.Index("ix_conversations_origin_id", "origin_id"),
    sa.Index("ix_conversations_session_id", "session_id"),
)
turns = sa.Table(
    "conversation_turns",
    metadata,
    sa.Column("number", NUMBER, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String(32), nullable=False, unique=True),
    sa.Column(
        "conversation_id",
        sa.String(32),
        sa.ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
    ),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("original", sa.Text),
    sa.Column("sender_type", sa.String(300), nullable=False),
    sa.Column("sender_id", sa.String(300), nullable=False),
    sa.Column("at", UtcDateTime),
    sa.Column("origin_id", sa.String(300), nullable=False),
    sa.Index("ix_conversation_turns_conversation_id_position", "conversation_id", "position"),
    sa.Index("ix_conversation_turns_origin_id", "origin_id"),
)
feedback = sa.Table(
    "conversation_feedback",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column(
        "conversation_id", sa.String(32), sa.ForeignKey("conversations.id", ondelete="CASCADE")
    ),
    sa.Column("turn_id", sa.String(32), sa.ForeignKey("conversation_turns.id", ondelete="CASCADE")),
    sa.Column("conversation_ref", sa.String(300), nullable=False),
    sa.Column("turn_ref", sa.String(300), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("author", sa.String(16), nullable=False),
    sa.Column("stars", sa.Integer),
    sa.Column("problem", sa.String(32), nullable=False),
    sa.Column("comment", sa.Text, nullable=False),
    sa.Column("channel", sa.String(300), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("actor", sa.String(200), nullable=False),
    sa.Index("ix_conversation_feedback_conversation_id", "conversation_id"),
    sa.Index("ix_conversation_feedback_turn_id", "turn_id"),
    sa.Index("ix_conversation_feedback_turn_ref", "turn_ref"),
)
erasures = sa.Table(
    "conversation_erasures",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("actor", sa.String(200), nullable=False),
)
"""Identifiers of what was erased, so that an import of an old file does not bring it back."""

cursors = sa.Table(
    "conversation_cursors",
    metadata,
    sa.Column("origin", sa.String(200), primary_key=True),
    sa.Column("cursor", sa.JSON, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
)

WORDS = re.compile(r"[^\W_]+")
ACCENTED = "áàâãäåéèêëíìîïóòôõöúùûüçñýÁÀÂÃÄÅÉÈÊËÍÌÎÏÓÒÔÕÖÚÙÛÜÇÑÝ"
PLAIN = "aaaaaaeeeeiiiiooooouuuucnyAAAAAAEEEEIIIIOOOOOUUUUCNY"
VECTOR = (
    "to_tsvector('portuguese', left(content, 100000) || ' ' || "
    f"translate(left(content, 100000), '{ACCENTED}', '{PLAIN}'))"
)
"""The indexed words of a turn on PostgreSQL; the migration's index has the same expression."""

BATCH = 200


def named(*parts: str) -> str:
    """Return an identifier made of what names a thing in its source."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


@dataclass
class Added:
    """What a batch brought."""

    conversations: int = 0
    updated: int = 0
    turns: int = 0
    duplicates: int = 0
    erased: int = 0
    feedback: int = 0


def lock(connection: sa.Connection, name: str) -> None:
    """Let writers of one kind take turns; on SQLite, take the write lock before reading."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name}
        )
    else:
        connection.execute(cursors.delete().where(cursors.c.origin == ""))


def insert_new(connection: sa.Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> int:
    """Insert the rows whose primary or unique key is new, and return how many."""
    if not rows:
        return 0
    insert = postgres_insert if connection.dialect.name == "postgresql" else sqlite_insert
    (key,) = table.primary_key.columns
    new = insert(table).on_conflict_do_nothing().returning(key)
    return len(connection.execute(new, list(rows)).all())


def conversation_id(origin: str, new: NewConversation) -> str:
    """Return the identifier of a conversation: by its source's, else by its content."""
    if new.origin_id:
        return named(origin, "conversation", new.origin_id)
    said = [f"{turn.sender_type}\1{turn.original or turn.content}" for turn in new.turns]
    return named(origin, "content", *said)


def add(batch: Sequence[NewConversation], origin: str, *, actor: str) -> Added:
    """Store conversations that are new, and the turns that known ones have gained.

    A turn that is stored stays as it is: people may have judged it. All or none of the batch.

    Raises
    ------
    StorageError
        If the database does not answer.
    """
    added, now = Added(), utc_now()
    by_id = {conversation_id(origin, new): new for new in batch}
    added.duplicates += len(batch) - len(by_id)
    with transaction() as connection:
        lock(connection, "conversations")
        owners = {
            key: named(origin, "customer", new.customer["id"])
            for key, new in by_id.items()
            if new.customer.get("id")
        }
        gone = _present(connection, erasures.c.id, [*by_id, *owners.values()])
        for key in [key for key in by_id if key in gone or owners.get(key) in gone]:
            del by_id[key]
            added.erased += 1
        known = {
            row.id: row
            for row in connection.execute(
                sa.select(conversations).where(conversations.c.id.in_(list(by_id)))
            )
        }
        _add_customers(connection, origin, by_id, owners)
        fresh = {key: new for key, new in by_id.items() if key not in known}
        insert_new(
            connection,
            conversations,
            [
                _conversation_row(key, new, origin, owners.get(key), actor, now)
                for key, new in fresh.items()
            ],
        )
        rows = [row for key, new in fresh.items() for row in _turn_rows(key, new)]
        added.turns += insert_new(connection, turns, rows)
        added.conversations += len(fresh)
        for key, row in known.items():
            gained, changed = _grow(connection, row, by_id[key], owners.get(key), now)
            added.turns += gained
            added.updated += changed
            added.duplicates += not changed
        added.feedback += insert_new(
            connection,
            feedback,
            [row for key, new in by_id.items() for row in _given_with(key, new, actor, now)],
        )
        attach(connection, now)
    return added


def _present(connection: sa.Connection, column: sa.Column[str], keys: Iterable[str]) -> set[str]:
    return set(connection.execute(sa.select(column).where(column.in_(list(keys)))).scalars())


def _add_customers(
    connection: sa.Connection,
    origin: str,
    by_id: dict[str, NewConversation],
    owners: dict[str, str],
) -> None:
    rows = {
        owners[key]: {
            "id": owners[key],
            "origin": origin,
            "origin_id": new.customer["id"],
            **{
                name: new.customer.get(name, "")
                for name in ("name", "email", "phone", "source", "status")
            },
        }
        for key, new in by_id.items()
        if key in owners
    }
    insert_new(connection, customers, list(rows.values()))


def _facts_row(facts: Facts, status: str, now: dt.datetime) -> dict[str, Any]:
    how, final = ending(facts, status)
    return {
        "timed": facts.first_at is not None,
        "turns": facts.turns,
        "customer_turns": facts.customer_turns,
        "answer_turns": facts.answer_turns,
        "answer_seconds": facts.answer_seconds,
        "answers": facts.answers,
        "ending": how,
        "final": final,
        **({"started_at": facts.first_at, "last_at": facts.last_at} if facts.first_at else {}),
    }


def _conversation_row(
    key: str,
    new: NewConversation,
    origin: str,
    owner: str | None,
    actor: str,
    now: dt.datetime,
) -> dict[str, Any]:
    return {
        "id": key,
        "origin": origin,
        "origin_id": new.origin_id,
        "customer_id": owner,
        "channel": new.channel,
        "status": new.status,
        "subject": new.subject,
        "session_id": new.session_id,
        "topic": new.topic,
        "started_at": now,
        "last_at": now,
        "imported_at": now,
        "imported_by": actor,
        "changed_at": now,
        **_facts_row(gather(new.turns), new.status, now),
    }


def _turn_rows(key: str, new: NewConversation, start: int = 0) -> list[dict[str, Any]]:
    return [
        {
            "id": named(key, "turn", turn.origin_id or f"#{position}"),
            "conversation_id": key,
            "position": position,
            "role": turn.role,
            "content": turn.content,
            "original": turn.original,
            "sender_type": turn.sender_type,
            "sender_id": turn.sender_id,
            "at": turn.at,
            "origin_id": turn.origin_id,
        }
        for position, turn in enumerate(new.turns, start=start)
    ]


def _grow(
    connection: sa.Connection,
    row: sa.Row[Any],
    new: NewConversation,
    owner: str | None,
    now: dt.datetime,
) -> tuple[int, bool]:
    """Add to a known conversation what is new, and return turns gained and whether it changed."""
    here = turns.c.conversation_id == row.id
    stored = set(connection.execute(sa.select(turns.c.id).where(here)).scalars())
    gained = [turn for turn in _turn_rows(row.id, new) if turn["id"] not in stored]
    for position, turn in enumerate(gained, start=len(stored)):
        turn["position"] = position
    insert_new(connection, turns, gained)
    wanted = {
        name: getattr(new, name)
        for name in ("channel", "status", "subject", "session_id", "topic")
        if getattr(new, name) and getattr(new, name) != getattr(row, name)
    }
    if owner is not None and owner != row.customer_id:
        wanted["customer_id"] = owner
    if not gained and not wanted:
        return 0, False
    said = connection.execute(sa.select(turns).where(here).order_by(turns.c.position)).all()
    facts = gather([_turn(turn) for turn in said])
    connection.execute(
        conversations.update()
        .where(conversations.c.id == row.id)
        .values(
            **wanted, changed_at=now, **_facts_row(facts, wanted.get("status", row.status), now)
        )
    )
    return len(gained), True


def _given_with(
    key: str, new: NewConversation, actor: str, now: dt.datetime
) -> list[dict[str, Any]]:
    ids = [row["id"] for row in _turn_rows(key, new)]
    return [
        {
            "id": named(key, "feedback", given.origin_id),
            "conversation_id": key,
            "turn_id": None if given.position is None else ids[given.position],
            "conversation_ref": "",
            "turn_ref": "",
            "kind": given.kind,
            "author": given.author,
            "stars": given.stars,
            "problem": given.problem,
            "comment": given.comment,
            "channel": new.channel,
            "at": given.at or next((t.at for t in reversed(new.turns) if t.at), now),
            "actor": actor,
        }
        for given in new.feedback
    ]


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
    words = WORDS.findall(query)[:50]
    literally = turns.c.content.contains(query.strip(), autoescape=True)
    if not words:
        return literally
    if dialect == "sqlite":
        terms = " ".join(f'"{word}"*' for word in words)
        found = sa.text("SELECT rowid FROM conversation_search WHERE conversation_search MATCH :q")
        return turns.c.number.in_(found.bindparams(q=terms).columns(sa.column("rowid", sa.Integer)))
    plain = " ".join(words).translate(str.maketrans(ACCENTED, PLAIN))
    by_words = sa.text(
        f"{VECTOR} @@ (plainto_tsquery('portuguese', :words) || "
        "plainto_tsquery('portuguese', :plain))"
    ).bindparams(words=" ".join(words), plain=plain)
    # A query of stop words alone has no lexemes, and would find nothing.
    empty = sa.func.numnode(sa.func.plainto_tsquery(sa.text("'portuguese'"), plain)) == 0
    return sa.or_(sa.and_(sa.not_(empty), by_words), sa.and_(empty, literally))


def search(query: str, *, limit: int = 50) -> list[Hit]:
    """Return turns that hold every word of a query, those of the newest conversations first.

    Case and accents do not count. On PostgreSQL words are compared by their Portuguese stems, on
    SQLite by their beginnings. A query without words (an emoji, say) is looked for as it is.

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

    Raises
    ------
    StorageError
        If the database does not answer.
    """
    now = utc_now()
    with transaction() as connection:
        conditions = _where(filters or Filters(), connection.dialect.name, now)
        total = connection.execute(
            sa.select(sa.func.count()).select_from(conversations).where(*conditions)
        ).scalar_one()
        rows = connection.execute(
            _summaries(now)
            .where(*conditions)
            .order_by(conversations.c.started_at.desc(), conversations.c.id)
            .offset(offset)
            .limit(limit)
        ).all()
    return Page(tuple(_summary(row) for row in rows), total)


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
    return Conversation(_summary(row), _customer(owner), tuple(_turn(turn) for turn in said))


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
                said[turn.conversation_id].append(_turn(turn))
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


def erase_customer(identifier: str, *, actor: str) -> Erased:
    """Remove a customer, every conversation of theirs, and everything that hangs on these.

    Their identifiers, which say nothing by themselves, stay: an import of an old file must not
    bring the conversations back.

    Raises
    ------
    ConversationNotFound
        If there is no such customer.
    """
    with transaction() as connection:
        lock(connection, "conversations")
        ids = list(
            connection.execute(
                sa.select(conversations.c.id).where(conversations.c.customer_id == identifier)
            ).scalars()
        )
        erased = _erase(connection, ids, actor)
        gone = connection.execute(customers.delete().where(customers.c.id == identifier)).rowcount
        if not gone:
            raise ConversationNotFound(
                N_("Esse cliente não está mais aqui; pode já ter sido apagado."),
            )
        insert_new(connection, erasures, [{"id": identifier, "at": utc_now(), "actor": actor}])
    return erased


def erase_conversation(identifier: str, *, actor: str) -> Erased:
    """Remove one conversation and everything that hangs on it; an import does not bring it back."""
    with transaction() as connection:
        lock(connection, "conversations")
        return _erase(connection, [identifier], actor)


def _erase(connection: sa.Connection, ids: Sequence[str], actor: str) -> Erased:
    done = Erased(0, 0)
    for start in range(0, len(ids), BATCH):
        part = list(ids[start : start + BATCH])
        said = connection.execute(turns.delete().where(turns.c.conversation_id.in_(part))).rowcount
        removed = connection.execute(
            conversations.delete().where(conversations.c.id.in_(part))
        ).rowcount
        insert_new(
            connection, erasures, [{"id": key, "at": utc_now(), "actor": actor} for key in part]
        )
        done = Erased(done.conversations + removed, done.turns + said)
    return done


def cursor(origin: str) -> dict[str, Any] | None:
    """Return how far a source was read, or None if it never was."""
    with transaction() as connection:
        found = connection.execute(sa.select(cursors.c.cursor).where(cursors.c.origin == origin))
        return found.scalar_one_or_none()


def set_cursor(origin: str, value: dict[str, Any]) -> None:
    """Remember how far a source was read."""
    with transaction() as connection:
        connection.execute(cursors.delete().where(cursors.c.origin == origin))
        connection.execute(cursors.insert().values(origin=origin, cursor=value, at=utc_now()))


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


def _turn(row: sa.Row[Any]) -> Turn:
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
