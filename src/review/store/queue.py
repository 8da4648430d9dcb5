"""The queue: who gets which item, for how long, and what enters."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from src.errors import ReviewError
from src.messages import N_, Message
from src.persistence import get_engine, utc_now
from src.persistence.engine import again_if_deadlocked, transaction
from src.review.criteria import GREW, GROWN, Criteria, pattern, plain, reasons
from src.review.model import Annotated, Annotation, Claim, Decision, QueueState, Refreshed, person
from src.review.store import rounds
from src.review.store.tables import (
    conversations,
    criteria,
    drafts,
    feedback,
    items,
    judgements,
    slots,
    turns,
)

BATCH = 500
OVERLAP = dt.timedelta(minutes=10)
"""How far back each refresh begins again: an import may commit after one that began later."""

FIRST_IN_LINE = 1_000
"""What a disagreement adds to the priority."""


def current_criteria() -> Criteria:
    """Return the criteria in force."""
    with transaction() as connection:
        return _criteria(connection)[0]


def _criteria(connection: sa.Connection) -> tuple[Criteria, sa.Row[Any] | None]:
    row = connection.execute(_CRITERIA).first()
    return (Criteria() if row is None else Criteria.from_dict(row.criteria)), row


def set_criteria(new: Criteria, *, actor: str) -> None:
    """Put criteria in force; the next refresh looks at every conversation by them."""
    with transaction() as connection:
        connection.execute(
            criteria.insert().values(criteria=new.to_dict(), at=utc_now(), actor=actor)
        )


def refresh(*, actor: str, on_progress: Callable[[int, int], None] | None = None) -> Refreshed:
    """Bring the queue up to date with conversations and feedback that changed."""
    began = utc_now()
    with transaction() as connection:
        rules, row = _criteria(connection)
        if row is None:
            connection.execute(
                criteria.insert().values(criteria=rules.to_dict(), at=began, actor=actor)
            )
            rules, row = _criteria(connection)
        assert row is not None
        since = row.refreshed_until - OVERLAP if row.refreshed_until else None
        changed = sa.true() if since is None else _changed(since)
        total = connection.execute(
            sa.select(sa.func.count()).select_from(conversations).where(changed)
        ).scalar_one()
    done, last = Refreshed(0, 0, 0, 0), ""
    while (batch := _refresh_some(changed, last, rules, actor)) is not None:
        last, some = batch
        done = Refreshed(
            done.looked_at + some.looked_at,
            done.added + some.added,
            done.changed + some.changed,
            done.removed + some.removed,
        )
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
        _rules, row = _criteria(connection)
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
        _write_first(connection)
        rows = connection.execute(
            sa.select(conversations.c.id, conversations.c.turns)
            .where(changed, conversations.c.id > last)
            .order_by(conversations.c.id)
            .limit(BATCH)
        ).all()
        return (rows[-1].id, _choose(connection, rows, rules, actor)) if rows else None


def _write_first(connection: sa.Connection) -> None:
    """Take SQLite's write lock before reading; on PostgreSQL, wait for the others who write.

    The lock is the one that imports and erasures take: a conversation that was read here must not
    be erased before its item is written.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(
            sa.text("SELECT pg_advisory_xact_lock(hashtextextended('conversations', 0))")
        )
    else:
        connection.execute(drafts.delete().where(drafts.c.item_id == -1))


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
    now = utc_now()
    made = connection.execute(
        items.insert().returning(items.c.id, items.c.priority, sort_by_parameter_order=True),
        [
            {
                **item,
                "reviewers": reviewers,
                "manual": manual,
                "added_at": now,
                "added_by": actor,
            }
            for item in new
        ],
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
    conversation_id: str, *, priority: int, reason: str, reviewers: int | None, actor: str
) -> bool:
    """Put one conversation into the queue by hand; False if it is there already."""
    with transaction() as connection:
        _write_first(connection)
        rules, _row = _criteria(connection)
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


_one_at_a_time, _few_at_a_time = threading.Lock(), threading.BoundedSemaphore(4)


@contextmanager
def writing() -> Iterator[sa.Connection]:
    """Open a transaction that writes, with SQLite's write lock from its beginning.

    The threads of a process wait for each other here. SQLite itself only tries again after ever
    longer pauses, and one of twenty waits for most of a second; on PostgreSQL twenty at once would
    first open twenty connections, and then share one interpreter.
    """
    single = get_engine().dialect.name == "sqlite"
    with _one_at_a_time if single else _few_at_a_time, transaction() as connection:
        if single:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection


def _p(name: str, kind: sa.types.TypeEngine[Any] | None = None) -> sa.BindParameter[Any]:
    return sa.bindparam(name, type_=kind)


# The statements of a claim are built once: building them takes longer than running them.
_MOMENT = slots.c.expires_at.type
_FREE = {"state": "free", "reviewer": None, "claim": None, "claimed_at": None, "expires_at": None}
_CRITERIA = sa.select(criteria).order_by(criteria.c.number.desc()).limit(1)
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
    .values(**_FREE)
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
    """Give a reviewer the item they hold, or the first free one that they have not judged."""
    now = utc_now()
    with writing() as connection:
        reviewer = known_as(connection, reviewer)
        rules, _row = _criteria(connection)
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
    """
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


def in_hand(reviewer: str) -> Claim | None:
    """Return the item that a reviewer holds now, without prolonging it; None if they hold none."""
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
                .values(**_FREE)
            ).rowcount
        )


def needing_a_third(reviewer: str) -> int:
    """Count the disagreements that wait for somebody, and that this reviewer has a part in."""
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
    undecided = sa.select(sa.func.count()).select_from(items).where(items.c.decision.is_(None))
    with transaction() as connection:
        total, oldest = connection.execute(
            sa.select(sa.func.count(), sa.func.min(items.c.added_at)).where(
                items.c.decision.is_(None)
            )
        ).one()
        claimed = connection.execute(undecided.where(held)).scalar_one()
        partly = connection.execute(undecided.where(sa.not_(held), begun)).scalar_one()
        adjudication = connection.execute(
            sa.select(sa.func.count())
            .select_from(slots)
            .where(slots.c.adjudication, slots.c.state.in_(("free", "claimed")))
        ).scalar_one()
        left = connection.execute(
            sa.select(sa.func.count())
            .select_from(slots.join(items, items.c.id == slots.c.item_id))
            .where(items.c.decision.is_(None), slots.c.state.in_(("free", "claimed")))
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
