"""Conversations straight from the assistant's own PostgreSQL: read only, and only what is new."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from src.conversations import source_faults
from src.conversations.importing import BATCH, Imported
from src.conversations.mapping import propose_roles
from src.conversations.model import NewConversation, NewTurn, Role
from src.conversations.parsing import Skipped, repaired, storable
from src.conversations.store import adding, finding
from src.errors import ConversationImportFailed
from src.messages import N_, Message

TABLES = {
    "customers": ("id", "name", "email", "phone", "source", "status"),
    "conversations": ("id", "customer_id", "channel", "status", "subject", "session_id"),
    "messages": ("id", "conversation_id", "content", "sender_type", "sender_id", "created_at"),
}
TIMEOUT_SECONDS = 10
OVERLAP = dt.timedelta(minutes=10)
"""How far back each reading begins again: a transaction may commit after one that began later."""

OnProgress = Callable[[int, float], None]


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
    done, seen = Imported(), 0
    url = url.replace("postgres://", "postgresql://", 1).replace("+psycopg", "", 1)
    try:
        with psycopg.connect(
            url, connect_timeout=TIMEOUT_SECONDS, row_factory=dict_row, autocommit=False
        ) as source:
            source.read_only = True
            source.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            name = origin or f"{source.info.host}/{source.info.dbname}"
            columns = _columns(source)
            before = adding.cursor(name)
            newest = _newest(source, columns)
            since = _since(source, before)
            total = max(1, _count(source, columns, since))
            words = _roles(source, roles or {})
            batch: list[NewConversation] = []
            for row in _changed(source, columns, since):
                seen += 1
                new = _conversation(source, row, words, repair, done)
                if isinstance(new, Skipped):
                    done.skip(new)
                    continue
                batch.append(new)
                if len(batch) >= BATCH:
                    done.count(adding.add(batch, name, actor=actor))
                    batch.clear()
                    if on_progress is not None:
                        on_progress(seen, min(1.0, seen / total))
            if batch:
                done.count(adding.add(batch, name, actor=actor))
            if since is not None and "updated_at" not in columns["conversations"]:
                # Nothing else tells that a conversation was closed without another message.
                for changed in _other_statuses(source, name):
                    if changed:
                        done.count(adding.add(changed, name, actor=actor))
                    if on_progress is not None:
                        on_progress(seen, 1.0)
    except psycopg.Error as error:
        raise source_faults.failure(error, url) from error
    if newest is not None:
        adding.set_cursor(name, {"until": newest.isoformat()})
    if on_progress is not None:
        on_progress(seen, 1.0)
    return done


def _since(
    source: psycopg.Connection[dict[str, Any]], before: dict[str, Any] | None
) -> dt.datetime | None:
    """Return from when on to read; None for everything."""
    if before is None:
        return None
    until = dt.datetime.fromisoformat(before["until"])
    # A cursor ahead of the clock, set by a message with a wrong date, says nothing of what came in.
    return None if until > _now(source) else until - OVERLAP


def _now(source: psycopg.Connection[dict[str, Any]]) -> dt.datetime:
    row = source.execute("SELECT now() AS now").fetchone()
    assert row is not None  # a SELECT without a table has one row
    moment: dt.datetime = row["now"]
    return moment


def _columns(source: psycopg.Connection[dict[str, Any]]) -> dict[str, set[str]]:
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


def _newest(
    source: psycopg.Connection[dict[str, Any]], columns: dict[str, set[str]]
) -> dt.datetime | None:
    """Return the newest moment in the source, but none that is still to come by its own clock."""
    query = "SELECT max(created_at)::timestamptz AS newest FROM messages"
    moments = [source.execute(query).fetchone()]
    for column in ("updated_at", "created_at"):
        if column in columns["conversations"]:
            moments.append(
                source.execute(
                    sql.SQL("SELECT max({})::timestamptz AS newest FROM conversations").format(
                        sql.Identifier(column)
                    )
                ).fetchone()
            )
    found = [row["newest"] for row in moments if row is not None and row["newest"] is not None]
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
    source: psycopg.Connection[dict[str, Any]],
    columns: dict[str, set[str]],
    since: dt.datetime | None,
) -> int:
    query = sql.SQL("SELECT count(*) AS n FROM conversations c WHERE {}")
    row = source.execute(query.format(_condition(columns, since))).fetchone()
    return int(row["n"]) if row else 0


def _changed(
    source: psycopg.Connection[dict[str, Any]],
    columns: dict[str, set[str]],
    since: dt.datetime | None,
) -> Iterator[dict[str, Any]]:
    query = sql.SQL(
        "SELECT c.id::text AS id, c.channel, c.status, c.subject, c.session_id::text AS session_id,"
        " u.id::text AS customer_id, u.name, u.email, u.phone, u.source,"
        " u.status AS customer_status"
        " FROM conversations c LEFT JOIN customers u ON u.id = c.customer_id"
        " WHERE {} ORDER BY c.id"
    ).format(_condition(columns, since))
    with source.cursor(name="bancada_conversations") as rows:
        rows.itersize = BATCH
        yield from rows.execute(query)


def _other_statuses(
    source: psycopg.Connection[dict[str, Any]], origin: str
) -> Iterator[list[NewConversation]]:
    """Yield, in parts, the known conversations whose status in the source is another one now."""
    row = source.execute(
        "SELECT format_type(atttypid, atttypmod) AS kind FROM pg_attribute"
        " WHERE attrelid = to_regclass('conversations') AND attname = 'id'"
    ).fetchone()
    assert row is not None  # the column was there a moment ago
    # By the identifiers' own kind, so that the source finds them by its primary key.
    query = sql.SQL(
        "SELECT id::text AS id, status::text AS status FROM conversations"
        " WHERE id = ANY(%s::text[]::{}[])"
    ).format(sql.SQL(row["kind"]))
    for known in finding.statuses(origin):
        there = source.execute(query, (list(known),)).fetchall()
        yield [
            NewConversation(origin_id=it["id"], turns=(), status=it["status"][:300])
            for it in there
            if it["status"] and it["status"][:300] != known[it["id"]]
        ]


def _roles(source: psycopg.Connection[dict[str, Any]], given: dict[str, Role]) -> dict[str, Role]:
    rows = source.execute("SELECT DISTINCT sender_type::text AS word FROM messages")
    words = [row["word"] or "" for row in rows]
    proposed, guessed = propose_roles(words)
    # The order of DISTINCT says nothing about who began, so a guess by it is none.
    return {**({} if guessed else proposed), **given}


def _conversation(
    source: psycopg.Connection[dict[str, Any]],
    row: dict[str, Any],
    roles: dict[str, Role],
    repair: bool,
    done: Imported,
) -> NewConversation | Skipped:
    said = source.execute(
        "SELECT id::text AS id, content, sender_type::text AS sender_type,"
        " sender_id::text AS sender_id, created_at::timestamptz AS at FROM messages"
        # Of one moment, in the order of their numbers: 9 before 10, also where they are text.
        " WHERE conversation_id = %s ORDER BY created_at, length(messages.id::text), messages.id",
        (row["id"],),
    ).fetchall()
    made = []
    for message in said:
        content, original = storable(message["content"] or ""), None
        if not content.strip():
            done.empty_turns += 1
            continue
        whole = repaired(content) if repair else None
        if whole is not None:
            content, original = whole, content
        word = message["sender_type"] or ""
        if word not in roles:
            done.unknown_roles[word] = done.unknown_roles.get(word, 0) + 1
        made.append(
            NewTurn(
                role=roles.get(word, Role.OTHER),
                content=content,
                sender_type=word,
                sender_id=message["sender_id"] or "",
                at=message["at"],
                origin_id=message["id"],
                original=original,
            )
        )
    if not made:
        return Skipped(
            int(hashlib.sha256(row["id"].encode()).hexdigest()[:8], 16),
            Message(N_("a conversa {id} não tem mensagens com texto"), {"id": row["id"]}),
        )
    customer = {"id": row["customer_id"] or ""}
    for name in ("name", "email", "phone", "source"):
        customer[name] = (row[name] or "")[:300]
    customer["status"] = (row["customer_status"] or "")[:300]
    subject = storable(str(row["subject"] or ""))[:300]
    mended = sum(turn.original is not None for turn in made)
    if repair:
        mended_name, mended_subject = repaired(customer["name"]), repaired(subject)
        mended += (mended_name is not None) + (mended_subject is not None)
        customer["name"], subject = mended_name or customer["name"], mended_subject or subject
    return NewConversation(
        origin_id=row["id"],
        turns=tuple(made),
        repaired=mended,
        customer=customer,
        channel=str(row["channel"] or "")[:300],
        status=str(row["status"] or "")[:300],
        subject=subject,
        session_id=str(row["session_id"] or "")[:300],
    )
