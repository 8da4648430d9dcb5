"""Conversations enter: new ones whole, known ones with what they gained."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from src.conversations.facts import Facts, ending, gather
from src.conversations.model import NewConversation
from src.conversations.store.feedback import attach
from src.conversations.store.growth import Standing
from src.conversations.store.owners import Owners
from src.conversations.store.tables import (
    conversations,
    cursors,
    erasures,
    feedback,
    insert_new,
    named,
    turns,
)
from src.persistence import utc_now
from src.persistence.engine import take_turn, transaction

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
    conflicts: list[NewConversation] = field(default_factory=list)


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
        take_turn(connection, "conversations")
        owners = Owners(origin, records)
        aliases = {key: {key, *owners.aliases(key)} for key in records}
        gone = _present(connection, erasures.c.id, set().union(*aliases.values()))
        for key in [key for key, names in aliases.items() if names & gone]:
            del records[key]
            added.erased += 1
        known = {
            row.id: row
            for row in connection.execute(
                sa.select(conversations).where(conversations.c.id.in_(list(records)))
            )
        }
        stored = _stored_turns(connection, known)
        comings = [
            _Coming(key, several, known.get(key), stored.get(key, []), since)
            for key, several in records.items()
        ]
        owners = Owners(origin, {it.key: it.records for it in comings})
        for it in comings:
            it.owner = owners.of(it.key, None if it.row is None else it.row.customer_id)
        owners.store(connection)
        insert_new(
            connection,
            conversations,
            [_conversation_row(it, origin, actor, now) for it in comings if it.row is None],
        )
        added.turns += insert_new(
            connection, turns, [row for it in comings for row in it.standing.gained()]
        )
        _renumber(connection, [turn for it in comings for turn in it.standing.moved()])
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
    """Return the rows of feedback that the store has not; of a turn, one rating by each side.

    The number of a turn in the source is no name for its rating: it changes with turns that come in
    late.
    """
    rows = {row["id"]: row for row in reversed(given)}
    judged = {row["conversation_id"] for row in rows.values()}.intersection(known)
    if not judged:
        return list(rows.values())
    c = feedback.c
    stored = sa.select(c.id, c.turn_id, c.author, c.kind).where(c.conversation_id.in_(judged))
    there = connection.execute(stored).all()
    ids = {row.id for row in there}
    rated = {(row.turn_id, row.author, row.kind) for row in there if row.turn_id is not None}
    return [
        row
        for key, row in rows.items()
        if key not in ids and (row["turn_id"], row["author"], row["kind"]) not in rated
    ]


class _Coming:
    """A conversation on its way in: what is stored of it, and what its records say in order.

    Attributes
    ----------
    records : list of NewConversation
        Those that were taken in.
    conflicts : list of NewConversation
        Those that contradict what is here, and change nothing.
    owner : str or None
        The customer, ours.
    """

    def __init__(
        self,
        key: str,
        records: Sequence[NewConversation],
        row: sa.Row[Any] | None,
        stored: Sequence[sa.Row[Any]],
        since: dt.datetime,
    ) -> None:
        self.key, self.row = key, row
        self.standing = Standing(key, stored)
        self.fields = {name: getattr(row or records[0], name) for name in FIELDS}
        self.owner: str | None = None
        self.records: list[NewConversation] = []
        self.conflicts: list[NewConversation] = []
        self._ids: list[list[str]] = []
        self._follows = row is not None and row.changed_at >= since
        before, turns_before = dict(self.fields), len(stored)
        self._told = [self._take(new) for new in records]
        self._grown = len(self.standing.kept) > turns_before or self.fields != before
        self._judged = False

    def _take(self, new: NewConversation) -> bool:
        """Take in one record, and return whether it says anything new."""
        had, before = len(self.standing.kept), dict(self.fields)
        ids = self.standing.take(new.turns, follows=self._follows)
        if ids is None:
            self.conflicts.append(new)
            return False
        self.records.append(new)
        self._ids.append(ids)
        self.fields.update({name: said for name in FIELDS if (said := getattr(new, name))})
        gained = len(self.standing.kept) > had
        self._follows |= gained
        return gained or self.fields != before

    @property
    def changed(self) -> bool:
        """Whether anything of it is other than in the store."""
        owned = self.row is not None and self.owner != self.row.customer_id
        return self._grown or self._judged or owned

    def count(self, added: Added, *, judged: bool) -> None:
        """Count what the records brought, where ``judged`` tells of new feedback."""
        self._judged = judged
        # Of a new conversation the first record is what makes it new.
        further = self._told[1:] if self.row is None else self._told
        updated = max(sum(further), self.row is not None) if self.changed else 0
        added.conversations += self.row is None
        added.repaired += self._repaired()
        added.updated += updated
        added.repeated += self.standing.repeated
        added.duplicates += len(further) - updated - len(self.conflicts)
        added.conflicts += self.conflicts

    def _repaired(self) -> int:
        """Count the repaired texts that are stored now; what is here stays as it was."""
        gained = [kept.turn for kept in self.standing.kept if kept.position is None]
        mended = sum(turn.original is not None for turn in gained)
        # Of a new conversation there may also be other fields.
        return mended if self.row is not None else max(mended, self.records[0].repaired)

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


def _renumber(connection: sa.Connection, moved: list[dict[str, Any]]) -> None:
    if moved:
        connection.execute(
            turns.update()
            .where(turns.c.id == sa.bindparam("key"))
            .values(position=sa.bindparam("place")),
            moved,
        )


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
            "id": named(
                key,
                "feedback",
                *(
                    (given.origin_id,)
                    if given.position is None
                    else ("turn", ids[given.position], given.author)
                ),
            ),
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
