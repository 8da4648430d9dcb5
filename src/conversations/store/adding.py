"""Conversations enter: new ones whole, known ones with what they gained."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from src.conversations.facts import Facts, ending, gather
from src.conversations.model import (
    NewConversation,
)
from src.conversations.store.finding import read_turn
from src.conversations.store.opinions import attach
from src.conversations.store.tables import (
    conversations,
    cursors,
    customers,
    erasures,
    feedback,
    insert_new,
    lock,
    named,
    turns,
)
from src.persistence import utc_now
from src.persistence.engine import transaction


@dataclass
class Added:
    """What a batch brought."""

    conversations: int = 0
    updated: int = 0
    turns: int = 0
    duplicates: int = 0
    erased: int = 0
    feedback: int = 0


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
    facts = gather([read_turn(turn) for turn in said])
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
