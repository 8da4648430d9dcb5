"""Drafts, decisions, and what becomes of an item by them."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from src.conversations import get_conversation, positions_of
from src.errors import AlreadySubmitted, ClaimLost, ReviewError
from src.messages import N_
from src.persistence import utc_now
from src.persistence.engine import again_if_deadlocked, transaction
from src.review.model import (
    CRITERIA,
    Annotated,
    Annotation,
    Claim,
    Decision,
    Problem,
    Submitted,
    Verdict,
    person,
)
from src.review.store import rounds
from src.review.store.locks import writing
from src.review.store.queue import FIRST_IN_LINE, annotated, known_as, read_claim
from src.review.store.selection import criteria_in_force
from src.review.store.tables import (
    NOBODYS,
    STANDS,
    conversations,
    drafts,
    feedback,
    items,
    judgements,
    slots,
    within,
)

BATCH = 500


@again_if_deadlocked
def save_draft(claim: Claim, annotation: Annotation) -> dt.datetime:
    """Keep what a reviewer has so far, and return until when the item stays theirs.

    Raises
    ------
    ClaimLost, AlreadySubmitted
        If the item is not theirs any more. The draft is kept all the same, unless they decided on
        the item or its conversation was erased.
    ReviewError
        If it speaks of a criterion or a turn that is not there.
    """
    annotation = _checked(claim, annotation)
    now = utc_now()
    with writing() as connection:
        item = _hold(connection, claim.item_id)
        rules, _row = criteria_in_force(connection)
        until = now + dt.timedelta(minutes=rules.claim_minutes)
        still = connection.execute(
            slots.update()
            .where(slots.c.claim == claim.id, slots.c.state == "claimed", slots.c.expires_at > now)
            .values(expires_at=until)
        ).rowcount
        lost = None if still else _lost(connection, claim, item)
        if item is not None and not isinstance(lost, AlreadySubmitted):
            _keep(connection, claim.item_id, claim.reviewer, annotation.to_dict(), now)
    if lost is not None:
        raise lost
    return until


def _checked(claim: Claim, annotation: Annotation) -> Annotation:
    """Return an annotation as it is stored, whose criteria and turns are there."""
    annotation = annotation.storable()
    noted = {note.turn_id for note in annotation.turns}
    strangers = noted - set(positions_of(claim.conversation_id, noted))
    if strangers:
        get_conversation(claim.conversation_id, limit=0)  # erased: it says so
    if strangers or not CRITERIA.keys() >= annotation.criteria.keys():
        raise ReviewError(
            N_("A anotação fala de um critério ou de uma mensagem que esta conversa não tem.")
        )
    return annotation


def _hold(connection: sa.Connection, item_id: int) -> sa.Row[Any] | None:
    """Lock an item until the end of the transaction; None if it was erased.

    Always the first thing: what is written of an item, by its foreign key, locks it for others,
    and two who first write and then want it to themselves wait for each other. An erasure, too,
    takes the item before what hangs on it.
    """
    return connection.execute(
        sa.select(items).where(items.c.id == item_id).with_for_update()
    ).first()


def _keep(
    connection: sa.Connection,
    item_id: int,
    reviewer: str,
    content: dict[str, Any],
    now: dt.datetime,
) -> None:
    """Put a reviewer's draft in the place of an earlier one."""
    mine = (drafts.c.item_id == item_id) & (drafts.c.reviewer == reviewer)
    connection.execute(drafts.delete().where(mine))
    connection.execute(
        drafts.insert().values(item_id=item_id, reviewer=reviewer, content=content, saved_at=now)
    )


def _lost(connection: sa.Connection, claim: Claim, item: sa.Row[Any] | None) -> ReviewError:
    """Say why a claim is not held any more."""
    if item is None:
        return ClaimLost(
            N_(
                "Esta conversa foi apagada enquanto você a lia. Nada dela ficou guardado, nem o "
                "seu rascunho: peça a próxima."
            )
        )
    row = connection.execute(sa.select(slots.c.state).where(slots.c.claim == claim.id)).first()
    if row is not None and row.state in ("submitted", "returned"):
        return AlreadySubmitted(
            N_(
                "Esta revisão já foi enviada; a segunda não foi gravada. Para mudar a decisão, "
                "desfaça a última."
            )
        )
    return ClaimLost(
        N_(
            "O prazo desta revisão acabou ou ela foi liberada; nada foi decidido. O rascunho está "
            "guardado e volta com a conversa se ela ainda estiver livre: peça a próxima."
        )
    )


@again_if_deadlocked
def submit(claim: Claim, annotation: Annotation) -> Submitted:
    """Store a decision: approve, reject, or send back with a reason.

    A decision to send back puts the item into the queue again for somebody else, a little further
    in front, with the reason shown. When every reviewer has decided, the item is decided too, or
    goes to one more who sees what they said.

    Raises
    ------
    ReviewError
        If the decision, or the reason for rejecting or sending back, is missing.
    AlreadySubmitted
        If this claim was submitted before; nothing changes.
    ClaimLost
        If it expired or was released: what was said is kept as a draft. Or if the conversation was
        erased, and then nothing is kept.
    """
    decision = annotation.decided()
    annotation = _checked(claim, annotation)
    now = utc_now()
    with writing() as connection:
        item = _hold(connection, claim.item_id)
        slot = connection.execute(
            sa.select(slots)
            .where(slots.c.claim == claim.id, slots.c.state == "claimed", slots.c.expires_at > now)
            .with_for_update()
        ).first()
        if item is None or slot is None:
            refused = _lost(connection, claim, item)
        elif decision != Decision.RETURNED and (grown := _grown(connection, claim)) is not None:
            refused = grown
        else:
            return _decide(connection, item, slot, claim, annotation, now)
        if item is not None and not isinstance(refused, AlreadySubmitted):
            _keep(connection, claim.item_id, claim.reviewer, annotation.to_dict(), now)
    raise refused


def _grown(connection: sa.Connection, claim: Claim) -> ReviewError | None:
    """Refuse a decision on a conversation that has more turns than the reviewer had before them."""
    now = connection.execute(
        sa.select(conversations.c.turns).where(conversations.c.id == claim.conversation_id)
    ).scalar_one()
    if now <= claim.turns:
        return None
    return ReviewError(
        N_(
            "A conversa cresceu enquanto você a lia: tinha {before} mensagens e agora tem {now}. "
            "Nada foi decidido, e o que você marcou está guardado. Leia as novas, no fim, e decida."
        ),
        before=claim.turns,
        now=now,
    )


def _decide(
    connection: sa.Connection,
    item: sa.Row[Any],
    slot: sa.Row[Any],
    claim: Claim,
    annotation: Annotation,
    now: dt.datetime,
) -> Submitted:
    state = "returned" if annotation.decision == Decision.RETURNED else "submitted"
    connection.execute(slots.update().where(slots.c.id == slot.id).values(state=state))
    connection.execute(
        judgements.insert().values(
            item_id=item.id,
            slot_id=slot.id,
            reviewer=slot.reviewer,
            decision=annotation.decision,
            content=rounds.with_read(annotation.to_dict(), claim.turns),
            adjudication=slot.adjudication,
            seconds=(now - slot.claimed_at).total_seconds(),
            submitted_at=now,
        )
    )
    connection.execute(
        drafts.delete().where(drafts.c.item_id == item.id, drafts.c.reviewer == slot.reviewer)
    )
    if annotation.decision == Decision.RETURNED:
        _add_slot(connection, item.id, slot.rank - 1, slot.adjudication, slot.id)
        return Submitted(None)
    return _settle(connection, item, now)


def _add_slot(
    connection: sa.Connection, item_id: int, rank: int, adjudication: bool, follows: int | None
) -> None:
    connection.execute(
        slots.insert().values(
            item_id=item_id, adjudication=adjudication, follows=follows, state="free", rank=rank
        )
    )


def _settle(connection: sa.Connection, item: sa.Row[Any], now: dt.datetime) -> Submitted:
    """Decide a held item once every judgement is in; a disagreement asks for one more."""
    states = connection.execute(sa.select(slots.c.state).where(slots.c.item_id == item.id))
    if any(state in ("free", "claimed") for state in states.scalars()):
        return Submitted(None)
    said = connection.execute(
        sa.select(judgements.c.decision, judgements.c.adjudication)
        .join(slots, slots.c.id == judgements.c.slot_id)
        .where(judgements.c.item_id == item.id, STANDS, slots.c.state != rounds.PAST)
    ).all()
    last = [row.decision for row in said if row.adjudication]
    decisions = set(last or (row.decision for row in said))
    if len(decisions) > 1:
        _add_slot(connection, item.id, -item.priority - FIRST_IN_LINE, True, None)
        return Submitted(None, disagreement=True)
    decision = Decision(decisions.pop())
    connection.execute(
        items.update().where(items.c.id == item.id).values(decision=decision, decided_at=now)
    )
    return Submitted(decision)


@again_if_deadlocked
def undo(reviewer: str) -> Claim:
    """Take back a reviewer's last decision; the item is in their hands again, as they left it.

    Raises
    ------
    ReviewError
        If there is none, or somebody went on from it.
    """
    now = utc_now()
    with writing() as connection:
        reviewer = known_as(connection, reviewer)
        connection.execute(
            slots.update()
            .where(slots.c.reviewer == reviewer, slots.c.state == "claimed")
            .values(state="free", **NOBODYS)
        )
        last = connection.execute(
            sa.select(judgements)
            .where(judgements.c.reviewer == reviewer, judgements.c.undone_at.is_(None))
            .order_by(judgements.c.id.desc())
            .limit(1)
        ).first()
        if last is None:
            raise ReviewError(N_("Não há decisão sua para desfazer."))
        if _hold(connection, last.item_id) is None:
            raise ReviewError(
                N_("A conversa da sua última decisão acabou de ser apagada; não há o que desfazer.")
            )
        state = sa.select(slots.c.state).where(slots.c.id == last.slot_id)
        if connection.execute(state).scalar_one() == rounds.PAST:
            raise ReviewError(
                N_(
                    "A conversa da sua última decisão cresceu depois dela e voltou para a fila. "
                    "Para mudar a decisão, revise-a de novo."
                )
            )
        after = (slots.c.item_id == last.item_id) & (slots.c.id > last.slot_id)
        after &= sa.or_(slots.c.follows == last.slot_id, slots.c.adjudication)
        taken = connection.execute(sa.select(slots.c.id).where(after, slots.c.state != "free"))
        if taken.first() is not None:
            raise ReviewError(
                N_(
                    "Sua última decisão não pode mais ser desfeita: outra pessoa já continuou a "
                    "partir dela. Fale com quem está com a conversa."
                )
            )
        connection.execute(slots.delete().where(after, slots.c.state == "free"))
        rules, _row = criteria_in_force(connection)
        slot = connection.execute(
            slots.update()
            .where(slots.c.id == last.slot_id)
            .values(
                state="claimed",
                claim=uuid.uuid4().hex,
                claimed_at=now,
                expires_at=now + dt.timedelta(minutes=rules.claim_minutes),
            )
            .returning(slots)
        ).one()
        connection.execute(
            judgements.update().where(judgements.c.id == last.id).values(undone_at=now)
        )
        connection.execute(
            items.update().where(items.c.id == last.item_id).values(decision=None, decided_at=None)
        )
        _keep(connection, last.item_id, reviewer, last.content, now)
        return read_claim(connection, slot)


def annotations_of(conversation_id: str, *, viewer: str | None) -> list[Annotated]:
    """Return the annotations of a conversation; of an undecided one, only the viewer's own."""
    with transaction() as connection:
        rows = connection.execute(
            sa.select(judgements, items.c.decision.label("outcome"))
            .join(items, items.c.id == judgements.c.item_id)
            .where(items.c.conversation_id == conversation_id, judgements.c.undone_at.is_(None))
            .order_by(judgements.c.id)
        ).all()
    who = None if viewer is None else person(viewer)
    return [
        annotated(row) for row in rows if row.outcome is not None or person(row.reviewer) == who
    ]


def blind_annotations(
    since: dt.datetime | None, until: dt.datetime | None
) -> list[tuple[int, str, Annotation]]:
    """Return item, reviewer and annotation of the independent judgements in a period.

    Of an item that was judged again, those of the last round: the others read another text.
    """
    with transaction() as connection:
        rows = connection.execute(
            sa.select(judgements.c.item_id, judgements.c.reviewer, judgements.c.content)
            .join(slots, slots.c.id == judgements.c.slot_id)
            .where(
                STANDS,
                sa.not_(judgements.c.adjudication),
                slots.c.state != rounds.PAST,
                *within(judgements.c.submitted_at, since, until),
            )
            .order_by(judgements.c.id)
        ).all()
    return [(row.item_id, row.reviewer, Annotation.from_dict(row.content)) for row in rows]


def decisions(
    since: dt.datetime | None, until: dt.datetime | None
) -> list[tuple[str, str, dt.datetime, float]]:
    """Return reviewer, decision, moment and seconds of every decision that stands."""
    with transaction() as connection:
        rows = connection.execute(
            sa.select(
                judgements.c.reviewer,
                judgements.c.decision,
                judgements.c.submitted_at,
                judgements.c.seconds,
            )
            .where(
                judgements.c.undone_at.is_(None),
                *within(judgements.c.submitted_at, since, until),
            )
            .order_by(judgements.c.id)
        ).all()
    return [row._tuple() for row in rows]


def verdicts(conversation_ids: Iterable[str]) -> dict[str, Verdict]:
    """Return how the review of these conversations ended; those undecided are absent."""
    ids, found = list(conversation_ids), {}
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        with transaction() as connection:
            decided = connection.execute(
                sa.select(items).where(
                    items.c.conversation_id.in_(part), items.c.decision.is_not(None)
                )
            ).all()
            said = connection.execute(
                sa.select(judgements)
                .join(slots, slots.c.id == judgements.c.slot_id)
                .where(judgements.c.item_id.in_([item.id for item in decided]), STANDS)
                # The adjudicator's come last, and so prevail; those of an earlier round first.
                .order_by(slots.c.state != rounds.PAST, judgements.c.adjudication, judgements.c.id)
            ).all()
            read = rounds.turns_read(connection, [item.id for item in decided])
            flagged = connection.execute(
                sa.select(feedback.c.conversation_id, feedback.c.turn_id, feedback.c.problem).where(
                    feedback.c.conversation_id.in_(part),
                    feedback.c.kind == "problem",
                    feedback.c.turn_id.is_not(None),
                )
            ).all()
        for item in decided:
            if item.id not in read:
                continue  # taken back a moment ago
            corrections: dict[str, str] = {}
            problems: dict[str, list[Problem]] = {}
            notes = (
                Annotation.from_dict(row.content).turns for row in said if row.item_id == item.id
            )
            for note in itertools.chain.from_iterable(notes):
                if note.correction:
                    corrections[note.turn_id] = note.correction
                problems.setdefault(note.turn_id, []).extend(note.problems)
            for row in flagged:
                if row.conversation_id == item.conversation_id:
                    problems.setdefault(row.turn_id, []).append(Problem(row.problem))
            found[item.conversation_id] = Verdict(
                Decision(item.decision),
                item.decided_at,
                corrections,
                {key: tuple(dict.fromkeys(list_)) for key, list_ in problems.items() if list_},
                read[item.id],
            )
    return found
