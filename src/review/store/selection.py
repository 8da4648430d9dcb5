"""What enters the queue, in what order, and what leaves it again: criteria and refreshes."""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Sequence
from dataclasses import astuple
from typing import Any

import sqlalchemy as sa

from src.conversations import storable
from src.errors import ReviewError
from src.messages import N_, Message
from src.persistence import utc_now
from src.persistence.engine import again_if_deadlocked, take_turn, transaction
from src.review.criteria import GREW, GROWN, Criteria, check, pattern, plain, reasons
from src.review.model import Decision, Refreshed
from src.review.store import rounds
from src.review.store.tables import (
    conversations,
    criteria,
    drafts,
    feedback,
    items,
    slots,
    turns,
)

BATCH = 500
OVERLAP = dt.timedelta(minutes=10)
"""How far back each refresh begins again: an import may commit after one that began later."""

_CRITERIA = sa.select(criteria).order_by(criteria.c.number.desc()).limit(1)


def current_criteria() -> Criteria:
    """Return the criteria in force."""
    with transaction() as connection:
        return criteria_in_force(connection)[0]


def criteria_in_force(connection: sa.Connection) -> tuple[Criteria, sa.Row[Any] | None]:
    """Return the criteria, and how they are stored; None while nobody has set any."""
    row = connection.execute(_CRITERIA).first()
    return (Criteria() if row is None else Criteria.from_dict(row.criteria)), row


def set_criteria(new: Criteria, *, actor: str) -> None:
    """Put criteria in force. The next refresh looks at every conversation by them.

    Raises
    ------
    ReviewError
        If a number is out of its range.
    """
    values = check(new).to_dict()
    with transaction() as connection:
        connection.execute(criteria.insert().values(criteria=values, at=utc_now(), actor=actor))


def refresh(*, actor: str, on_progress: Callable[[int, int], None] | None = None) -> Refreshed:
    """Bring the queue up to date with conversations and feedback that changed."""
    began = utc_now()
    with transaction() as connection:
        rules, row = criteria_in_force(connection)
        if row is None:
            connection.execute(
                criteria.insert().values(criteria=rules.to_dict(), at=began, actor=actor)
            )
            rules, row = criteria_in_force(connection)
        assert row is not None
        since = row.refreshed_until - OVERLAP if row.refreshed_until else None
        changed = sa.true() if since is None else _changed(since)
        total = connection.execute(
            sa.select(sa.func.count()).select_from(conversations).where(changed)
        ).scalar_one()
    done, last = Refreshed(0, 0, 0, 0), ""
    while (batch := _refresh_some(changed, last, rules, actor)) is not None:
        last, some = batch
        done = Refreshed(*map(operator.add, astuple(done), astuple(some)))
        if on_progress is not None:
            on_progress(done.looked_at, total)
    with transaction() as connection:
        # Not the newest: criteria that were put in force meanwhile have looked at nothing yet.
        connection.execute(
            criteria.update().where(criteria.c.number == row.number).values(refreshed_until=began)
        )
    return done


def is_stale() -> bool:
    """Whether conversations or feedback changed since the queue was brought up to date."""
    now = utc_now()
    with transaction() as connection:
        _rules, row = criteria_in_force(connection)
        until = None if row is None else row.refreshed_until
        changed = sa.select(conversations.c.id).limit(1)
        if until is not None:
            # Once in a while, look for what was committed after a refresh that it began before.
            since = until - OVERLAP if now - until >= OVERLAP / 2 else until
            changed = changed.where(conversations.c.changed_at >= since)
        return connection.execute(changed).first() is not None


def _changed(since: dt.datetime) -> sa.ColumnElement[bool]:
    # Of several reviewers one may have read less than there was when another decided.
    decided = sa.select(items.c.conversation_id).where(
        items.c.decided_at >= since, items.c.reviewers > 1
    )
    return sa.or_(conversations.c.changed_at >= since, conversations.c.id.in_(decided))


@again_if_deadlocked
def _refresh_some(
    changed: sa.ColumnElement[bool], last: str, rules: Criteria, actor: str
) -> tuple[str, Refreshed] | None:
    """Look at the next conversations after the ``last``; None if there are no more."""
    with transaction() as connection:
        # As imports and erasures do: what is read here must not be erased before its item is there.
        take_turn(connection, "conversations")
        rows = connection.execute(
            sa.select(conversations.c.id, conversations.c.turns)
            .where(changed, conversations.c.id > last)
            .order_by(conversations.c.id)
            .limit(BATCH)
        ).all()
        return (rows[-1].id, _choose(connection, rows, rules, actor)) if rows else None


def _choose(
    connection: sa.Connection, rows: Sequence[Any], rules: Criteria, actor: str
) -> Refreshed:
    ids = [row.id for row in rows]
    negative = sa.or_(feedback.c.stars <= rules.negative_stars, feedback.c.kind == "problem")
    negatives: dict[str, int] = dict(
        connection.execute(
            sa.select(feedback.c.conversation_id, sa.func.count())
            .where(feedback.c.conversation_id.in_(ids), negative, feedback.c.author != "assistant")
            .group_by(feedback.c.conversation_id)
        )
        .tuples()
        .all()
    )
    words = _words(connection, ids, rules)
    known = {
        row.conversation_id: row
        for row in connection.execute(sa.select(items).where(items.c.conversation_id.in_(ids)))
    }
    begun = [item.id for item in known.values()]
    read, again = rounds.turns_read(connection, begun), rounds.judged_before(connection, begun)
    added = changed = 0
    new: list[dict[str, Any]] = []
    unwanted: list[int] = []
    other_number: dict[int, int] = {}
    for row in rows:
        item = known.get(row.id)
        grown = (
            item is not None
            and item.decision == Decision.APPROVED
            and row.turns > read.get(item.id, row.turns)
        )
        priority, why = reasons(
            row.id,
            turns=row.turns,
            negatives=negatives.get(row.id, 0),
            word=words.get(row.id),
            grown=grown or (item is not None and item.id in again),
            criteria=rules,
        )
        told = [reason.to_dict() for reason in why]
        if item is not None and grown:
            added += _judge_again(connection, item, priority, told, rules)
        elif item is None:
            if priority:
                new.append({"conversation_id": row.id, "priority": priority, "reasons": told})
        elif item.decision is None and not item.manual:
            if not priority:
                unwanted.append(item.id)
                continue
            if item.reviewers != rules.reviewers:
                other_number[item.id] = priority
            if (item.priority, item.reasons) != (priority, told):
                _set_priority(connection, item.id, priority, told)
                changed += 1
    added += _insert(connection, new, rules.reviewers, actor, manual=False)
    _set_reviewers(connection, other_number, rules.reviewers)
    leaving = _untouched(connection, unwanted)
    connection.execute(items.delete().where(items.c.id.in_(leaving)))
    return Refreshed(len(rows), added, changed, len(leaving))


def _words(connection: sa.Connection, ids: Sequence[str], rules: Criteria) -> dict[str, str]:
    """Return the first keyword of each conversation that has one."""
    finder = pattern(rules.keywords)
    if finder is None:
        return {}
    by_plain = {plain(word): word for word in rules.keywords}
    found: dict[str, str] = {}
    for row in connection.execute(
        sa.select(turns.c.conversation_id, turns.c.content)
        .where(turns.c.conversation_id.in_(ids))
        .order_by(turns.c.conversation_id, turns.c.position)
    ):
        if row.conversation_id not in found and (match := finder.search(plain(row.content))):
            found[row.conversation_id] = by_plain[match[0]]
    return found


def _insert(
    connection: sa.Connection,
    new: Sequence[dict[str, Any]],
    reviewers: int,
    actor: str,
    *,
    manual: bool,
) -> int:
    if not new:
        return 0
    common = {"reviewers": reviewers, "manual": manual, "added_at": utc_now(), "added_by": actor}
    made = connection.execute(
        items.insert().returning(items.c.id, items.c.priority, sort_by_parameter_order=True),
        [item | common for item in new],
    ).all()
    _add_slots(connection, [(key, priority) for key, priority in made], reviewers)
    return len(made)


def _add_slots(
    connection: sa.Connection, ranked: Sequence[tuple[int, int]], reviewers: int
) -> None:
    """Let items, with their priorities, be judged by so many."""
    connection.execute(
        slots.insert(),
        [
            {"item_id": key, "adjudication": False, "state": "free", "rank": -priority}
            for key, priority in ranked
            for _reviewer in range(reviewers)
        ],
    )


def _judge_again(
    connection: sa.Connection,
    item: sa.Row[Any],
    priority: int,
    told: list[dict[str, Any]],
    rules: Criteria,
) -> bool:
    """Put an approved item back; what a person asked for keeps their words and their numbers."""
    reviewers = rules.reviewers
    if item.manual:
        told = [*(it for it in item.reasons if it != GREW.to_dict()), GREW.to_dict()]
        priority, reviewers = max(item.priority, GROWN), item.reviewers
    values = {"priority": priority, "reasons": told, "reviewers": reviewers}
    if not rounds.reopen(connection, item.id, **values):
        return False
    _add_slots(connection, [(item.id, priority)], reviewers)
    return True


def _untouched(connection: sa.Connection, ids: Sequence[int]) -> list[int]:
    """Return the items that nobody has begun, and let nobody begin them before this is over."""
    if not ids:
        return []
    for table, column in ((items, items.c.id), (slots, slots.c.item_id)):
        connection.execute(
            sa.select(column).where(column.in_(ids)).order_by(table.c.id).with_for_update()
        )
    # A draft stays when its claim is released or expires: it is somebody's work.
    held = sa.exists().where(slots.c.item_id == items.c.id, slots.c.state != "free")
    begun = sa.exists().where(drafts.c.item_id == items.c.id)
    untouched = sa.select(items.c.id).where(items.c.id.in_(ids), sa.not_(held), sa.not_(begun))
    return list(connection.execute(untouched).scalars())


def _set_reviewers(connection: sa.Connection, ranked: dict[int, int], reviewers: int) -> None:
    """Let those of the items, with their priorities, that nobody has begun be judged by so many."""
    if ids := _untouched(connection, list(ranked)):
        connection.execute(items.update().where(items.c.id.in_(ids)).values(reviewers=reviewers))
        connection.execute(slots.delete().where(slots.c.item_id.in_(ids)))
        _add_slots(connection, [(key, ranked[key]) for key in ids], reviewers)


def _set_priority(
    connection: sa.Connection, item_id: int, priority: int, told: list[dict[str, Any]]
) -> None:
    connection.execute(
        items.update().where(items.c.id == item_id).values(priority=priority, reasons=told)
    )
    connection.execute(
        slots.update()
        .where(slots.c.item_id == item_id, sa.not_(slots.c.adjudication))
        .values(rank=-priority)
    )


def enqueue(
    conversation_id: str,
    *,
    reason: str,
    priority: int = 100,
    reviewers: int | None = None,
    actor: str,
) -> bool:
    """Put a conversation into the queue by hand; False if it is there already.

    Parameters
    ----------
    priority : int
        0 to 1,000; the higher, the sooner. The criteria give 10 to 180.
    reviewers : int, optional
        1 to 5; by default as many as the criteria say.

    Raises
    ------
    ReviewError
        If there is no such conversation or a number is out of its range.
    """
    if not 0 <= priority <= 1000 or not 1 <= (reviewers or 1) <= 5:
        raise ReviewError(
            N_("A prioridade vai de 0 a 1000 e os revisores de 1 a 5. Corrija os valores.")
        )
    reason = storable(reason)
    with transaction() as connection:
        take_turn(connection, "conversations")
        rules, _row = criteria_in_force(connection)
        there = sa.select(conversations.c.id).where(conversations.c.id == conversation_id)
        if connection.execute(there).first() is None:
            raise ReviewError(
                N_("A conversa {id} não está mais aqui. Volte à lista e escolha outra."),
                id=conversation_id[:8],
            )
        known = sa.select(items.c.id).where(items.c.conversation_id == conversation_id)
        if connection.execute(known).first() is not None:
            return False
        why = Message(N_("pedida por {actor}: {reason}"), {"actor": actor, "reason": reason})
        row = {
            "conversation_id": conversation_id,
            "priority": priority,
            "reasons": [why.to_dict()],
        }
        _insert(connection, [row], reviewers or rules.reviewers, actor, manual=True)
    return True
