"""Conversations straight from the assistant's own PostgreSQL: read only, and only what is new."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg
from psycopg import sql
from psycopg.abc import Query
from psycopg.rows import dict_row

from src.conversations import source_faults
from src.conversations.importing import BATCH, Imported, OnProgress, take_in
from src.conversations.mapping import FieldMapping, propose_roles
from src.conversations.model import NewConversation, Role
from src.conversations.records import Record
from src.conversations.store import reading, writing
from src.errors import ConversationImportFailed
from src.messages import N_

TABLES = {
    "customers": ("id", "name", "email", "phone", "source", "status"),
    "conversations": ("id", "customer_id", "channel", "status", "subject", "session_id"),
    "messages": ("id", "conversation_id", "content", "sender_type", "sender_id", "created_at"),
}
TIMEOUT_SECONDS = 10
Source = psycopg.Connection[dict[str, Any]]
OVERLAP = dt.timedelta(minutes=10)
"""How far back each reading begins again: a transaction may commit after one that began later."""

MAPPING = FieldMapping(
    turns="messages",
    fields={
        "turn_id": "id",
        "content": "content",
        "role": "sender_type",
        "sender_id": "sender_id",
        "at": "at",
        "customer_id": "customer_id",
        "customer_name": "name",
        "customer_email": "email",
        "customer_phone": "phone",
        "customer_source": "source",
        "customer_status": "customer_status",
        **{name: name for name in ("channel", "status", "subject", "session_id")},
    },
)
"""What the columns are to us."""


def import_database(
    url: str,
    *,
    actor: str,
    roles: dict[str, Role] | None = None,
    repair: bool = False,
    origin: str | None = None,
    on_progress: OnProgress | None = None,
) -> Imported:
    """Import what another PostgreSQL database has gained since the last time.

    It needs the tables ``customers``, ``conversations`` and ``messages`` with the documented
    columns. They are read in one read-only transaction, as of one moment. The first reading takes
    everything, later ones the conversations with messages (or an ``updated_at`` of their own, where
    the table has one) since then. Where it has none, the statuses of all known conversations are
    compared with those of the source.

    Parameters
    ----------
    url : str
        ``postgresql://user:password@host/database``.
    roles : dict, optional
        ``sender_type`` → role, for words that do not say it themselves.
    repair : bool
        Repair texts whose encoding is broken.
    origin : str, optional
        Names the system; by default host and database of the URL.

    Raises
    ------
    ConversationImportFailed
        If the database does not answer, or has not these tables.
    StorageError
        If our own database does not answer.
    """
    url = url.replace("postgres://", "postgresql://", 1).replace("+psycopg", "", 1)
    try:
        with psycopg.connect(
            url, connect_timeout=TIMEOUT_SECONDS, row_factory=dict_row, autocommit=False
        ) as source:
            source.read_only = True
            source.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            name = origin or f"{source.info.host}/{source.info.dbname}"
            columns = _columns(source)
            before = writing.cursor(name)
            newest = _newest(source, columns)
            since = _since(source, before)
            words = _roles(source, roles or {})
            mapping = replace(MAPPING, origin=name, repair=repair, roles=words)
            total = _count(source, columns, since)
            changed = _records(source, columns, since, total)
            done = take_in(changed, mapping, actor=actor, on_progress=on_progress)
            if since is not None and "updated_at" not in columns["conversations"]:
                # Nothing else tells that a conversation was closed without another message.
                for others in _other_statuses(source, name):
                    if others:
                        done.count(writing.add(others, name, actor=actor))
                    if on_progress is not None:
                        on_progress(total, 1.0)
    except psycopg.Error as error:
        raise source_faults.failure(error, url) from error
    if newest is not None:
        writing.set_cursor(name, {"until": newest.isoformat()})
    return done


def _since(source: Source, before: dict[str, Any] | None) -> dt.datetime | None:
    """Return from when on to read; None for everything."""
    if before is None:
        return None
    until = dt.datetime.fromisoformat(before["until"])
    # A cursor ahead of the clock, set by a message with a wrong date, says nothing of what came in.
    return None if until > _now(source) else until - OVERLAP


def _value(source: Source, query: Query) -> Any:
    """Return the one value of the one row that an aggregate has."""
    row = source.execute(query).fetchone()
    assert row is not None
    (value,) = row.values()
    return value


def _now(source: Source) -> dt.datetime:
    moment: dt.datetime = _value(source, "SELECT now()")
    return moment


def _columns(source: Source) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for table, wanted in TABLES.items():
        rows = source.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0 "
            "AND NOT attisdropped",
            (table,),
        )
        found[table] = {row["attname"] for row in rows}
        lacking = [column for column in wanted if column not in found[table]]
        if lacking:
            raise ConversationImportFailed(
                N_(
                    "O banco de origem não serve: à tabela «{table}» faltam {columns}. É preciso "
                    "ter as tabelas customers, conversations e messages do assistente."
                ),
                table=table,
                columns=", ".join(lacking),
            )
    return found


def _newest(source: Source, columns: dict[str, set[str]]) -> dt.datetime | None:
    """Return the newest moment in the source, but none that is still to come by its own clock."""
    newest = sql.SQL("SELECT max({})::timestamptz FROM {}")
    moments = [("created_at", "messages")]
    for column in ("updated_at", "created_at"):
        if column in columns["conversations"]:
            moments.append((column, "conversations"))
    values = (_value(source, newest.format(*map(sql.Identifier, names))) for names in moments)
    found = [value for value in values if value is not None]
    return min(max(found), _now(source)) if found else None


def _condition(columns: dict[str, set[str]], since: dt.datetime | None) -> sql.Composable:
    if since is None:
        return sql.SQL("true")
    parts: list[sql.Composable] = [
        sql.SQL(
            "EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = c.id "
            "AND m.created_at >= {})"
        ).format(sql.Literal(since))
    ]
    for column in ("updated_at", "created_at"):
        if column in columns["conversations"]:
            parts.append(sql.SQL("c.{} >= {}").format(sql.Identifier(column), sql.Literal(since)))
    return sql.SQL(" OR ").join(parts)


def _count(
    source: Source,
    columns: dict[str, set[str]],
    since: dt.datetime | None,
) -> int:
    query = sql.SQL("SELECT count(*) FROM conversations c WHERE {}")
    return int(_value(source, query.format(_condition(columns, since))))


def _records(
    source: Source,
    columns: dict[str, set[str]],
    since: dt.datetime | None,
    total: int,
) -> Iterator[Record]:
    """Yield the conversations that changed, each with its messages."""
    query = sql.SQL(
        "SELECT c.id::text AS id, c.channel, c.status, c.subject, c.session_id::text AS session_id,"
        " u.id::text AS customer_id, u.name, u.email, u.phone, u.source,"
        " u.status AS customer_status"
        " FROM conversations c LEFT JOIN customers u ON u.id = c.customer_id"
        " WHERE {} ORDER BY c.id"
    ).format(_condition(columns, since))
    with source.cursor(name="bancada_conversations") as rows:
        rows.itersize = BATCH
        for number, row in enumerate(rows.execute(query), start=1):
            messages = source.execute(
                "SELECT id::text AS id, content, sender_type::text AS sender_type,"
                " sender_id::text AS sender_id, created_at::timestamptz AS at FROM messages"
                # Of one moment, by their numbers: 9 before 10, also where they are text.
                " WHERE conversation_id = %s"
                " ORDER BY created_at, length(messages.id::text), messages.id",
                (row["id"],),
            ).fetchall()
            yield Record(row["id"], number, {**row, "messages": messages}, number / total)


def _other_statuses(source: Source, origin: str) -> Iterator[list[NewConversation]]:
    """Yield, in parts, the known conversations whose status in the source is another one now."""
    kind = _value(
        source,
        "SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
        " WHERE attrelid = to_regclass('conversations') AND attname = 'id'",
    )
    # By the identifiers' own kind, so that the source finds them by its primary key.
    query = sql.SQL(
        "SELECT id::text AS id, status::text AS status FROM conversations"
        " WHERE id = ANY(%s::text[]::{}[])"
    ).format(sql.SQL(kind))
    for known in reading.statuses(origin):
        there = source.execute(query, (list(known),)).fetchall()
        yield [
            NewConversation(origin_id=it["id"], turns=(), status=it["status"][:300])
            for it in there
            if it["status"] and it["status"][:300] != known[it["id"]]
        ]


def _roles(source: Source, given: dict[str, Role]) -> dict[str, Role]:
    rows = source.execute("SELECT DISTINCT sender_type::text AS word FROM messages")
    words = [row["word"] or "" for row in rows]
    proposed, guessed = propose_roles(words)
    # The order of DISTINCT says nothing about who began, so a guess by it is none.
    return {**({} if guessed else proposed), **given}
