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
from src.conversations.store.growing import Standing
from src.conversations.store.opinions import attach
from src.conversations.store.owning import Owners
from src.conversations.store.tables import (
    conversations,
    cursors,
    erasures,
    feedback,
    insert_new,
    lock,
    named,
    turns,
)
from src.persistence import utc_now
from src.persistence.engine import transaction

FIELDS = ("channel", "status", "subject", "session_id", "topic")
"""What a later record of a conversation may change."""


@dataclass
class Added:
    """What a batch brought."""

    conversations: int = 0
    updated: int = 0
    turns: int = 0
    duplicates: int = 0
    erased: int = 0
    repaired: int = 0
    feedback: int = 0
    repeated: int = 0


def conversation_id(origin: str, new: NewConversation) -> str:
    """Return the identifier of a conversation: by its source's, else by its content."""
    if new.origin_id:
        return named(origin, "conversation", new.origin_id)
    said = [f"{turn.sender_type}\1{turn.original or turn.content}" for turn in new.turns]
    return named(origin, "content", *said)


def add(
    batch: Sequence[NewConversation],
    origin: str,
    *,
    actor: str,
    since: dt.datetime | None = None,
) -> Added:
    """Store conversations that are new, and the turns that known ones have gained.

    A turn that is stored stays as it is: people may have judged it. Records of one conversation
    are taken in one after the other, as if they came in batches of their own. All or none of the
    batch.

    Parameters
    ----------
    since : datetime, optional
        When the import began that the batch is part of: what has changed since then was changed by
        a record before. By default the batch is an import of its own.

    Raises
    ------
    StorageError
        If the database does not answer.
    """
    added, now = Added(), utc_now()
    since = since or now
    records: dict[str, list[NewConversation]] = {}
    for new in batch:
        records.setdefault(conversation_id(origin, new), []).append(new)
    with transaction() as connection:
        lock(connection, "conversations")
        owners = Owners(origin, records)
        gone = _present(connection, erasures.c.id, [*records, *owners.by_key.values()])
        for key in [key for key in records if key in gone or owners.by_key.get(key) in gone]:
            del records[key]
            added.erased += 1
        known = {
            row.id: row
            for row in connection.execute(
                sa.select(conversations).where(conversations.c.id.in_(list(records)))
            )
        }
        for key, row in known.items():
            owners.keep(key, row.customer_id)
        owners.store(connection, records)
        stored = _stored_turns(connection, known)
        comings = [
            _Coming(
                key, several, known.get(key), stored.get(key, []), owners.by_key.get(key), since
            )
            for key, several in records.items()
        ]
        insert_new(
            connection,
            conversations,
            [_conversation_row(it, origin, actor, now) for it in comings if it.row is None],
        )
        added.turns += insert_new(
            connection, turns, [row for it in comings for row in it.standing.gained()]
        )
        given = [row for it in comings for row in it.given(actor, now)]
        given = _not_given_before(connection, given, known)
        added.feedback += insert_new(connection, feedback, given)
        judged = {row["conversation_id"] for row in given}
        for it in comings:
            it.count(added, judged=it.key in judged)
        _update(connection, [it for it in comings if it.row is not None and it.changed], now)
        owners.forget_replaced(connection)
        attach(connection, now)
    return added


def _not_given_before(
    connection: sa.Connection, given: Sequence[dict[str, Any]], known: Iterable[str]
) -> list[dict[str, Any]]:
    """Return the rows of feedback that the store has not."""
    rows = {row["id"]: row for row in reversed(given)}
    judged = {row["conversation_id"] for row in rows.values()}.intersection(known)
    named_before = sa.select(feedback.c.id).where(feedback.c.conversation_id.in_(judged))
    there = set(connection.execute(named_before).scalars()) if judged else set()
    return [row for key, row in rows.items() if key not in there]


class _Coming:
    """A conversation on its way in: what is stored of it, and what its records say in order."""

    def __init__(
        self,
        key: str,
        records: Sequence[NewConversation],
        row: sa.Row[Any] | None,
        stored: Sequence[sa.Row[Any]],
        owner: str | None,
        since: dt.datetime,
    ) -> None:
        self.key, self.records, self.row = key, records, row
        self.standing = Standing(key, stored)
        self.fields = {name: getattr(row or records[0], name) for name in FIELDS}
        self.owner = owner
        self._ids: list[list[str]] = []
        self._follows = row is not None and row.changed_at >= since
        before, turns_before = dict(self.fields), len(stored)
        self._told = [self._take(new) for new in records]
        self.changed = (
            len(self.standing.kept) > turns_before
            or self.fields != before
            or (row is not None and self.owner != row.customer_id)
        )

    def count(self, added: Added, *, judged: bool) -> None:
        """Count what the records brought, where ``judged`` tells of new feedback."""
        self.changed |= judged
        # Of a new conversation the first record is what makes it new.
        further = self._told[1:] if self.row is None else self._told
        updated = max(sum(further), self.row is not None) if self.changed else 0
        added.conversations += self.row is None
        added.repaired += self._repaired()
        added.updated += updated
        added.repeated += self.standing.repeated
        added.duplicates += len(further) - updated

    def _repaired(self) -> int:
        """Count the repaired texts that are stored now; what is here stays as it was."""
        gained = [kept.turn for kept in self.standing.kept if kept.position is None]
        mended = sum(turn.original is not None for turn in gained)
        # Of a new conversation there may also be other fields.
        return mended if self.row is not None else max(mended, self.records[0].repaired)

    def _take(self, new: NewConversation) -> bool:
        """Take in one record, and return whether it says anything new."""
        had, before = len(self.standing.kept), dict(self.fields)
        self._ids.append(self.standing.take(new.turns, follows=self._follows))
        self.fields.update({name: said for name in FIELDS if (said := getattr(new, name))})
        gained = len(self.standing.kept) > had
        self._follows |= gained
        return gained or self.fields != before

    def given(self, actor: str, now: dt.datetime) -> list[dict[str, Any]]:
        """Return the rows of the feedback that the records bring."""
        return [
            row
            for new, ids in zip(self.records, self._ids, strict=True)
            for row in _given_with(self.key, new, ids, actor, now)
        ]


def _stored_turns(connection: sa.Connection, keys: Iterable[str]) -> dict[str, list[sa.Row[Any]]]:
    found: dict[str, list[sa.Row[Any]]] = {}
    said = sa.select(turns).where(turns.c.conversation_id.in_(list(keys)))
    for row in connection.execute(said.order_by(turns.c.conversation_id, turns.c.position)):
        found.setdefault(row.conversation_id, []).append(row)
    return found


def _present(connection: sa.Connection, column: sa.Column[str], keys: Iterable[str]) -> set[str]:
    return set(connection.execute(sa.select(column).where(column.in_(list(keys)))).scalars())


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


def _conversation_row(coming: _Coming, origin: str, actor: str, now: dt.datetime) -> dict[str, Any]:
    return {
        "id": coming.key,
        "origin": origin,
        "origin_id": coming.records[0].origin_id,
        "customer_id": coming.owner,
        **coming.fields,
        "started_at": now,
        "last_at": now,
        "imported_at": now,
        "imported_by": actor,
        "changed_at": now,
        **_facts_row(gather(coming.standing.turns), coming.fields["status"], now),
    }


def _update(connection: sa.Connection, grown: Sequence[_Coming], now: dt.datetime) -> None:
    """Write what known conversations have gained, their turns aside."""
    for it in grown:
        facts = _facts_row(gather(it.standing.turns), it.fields["status"], now)
        connection.execute(
            conversations.update()
            .where(conversations.c.id == it.key)
            .values(**it.fields, customer_id=it.owner, changed_at=now, **facts)
        )


def _given_with(
    key: str, new: NewConversation, ids: Sequence[str], actor: str, now: dt.datetime
) -> list[dict[str, Any]]:
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
