"""The front door of the queue: what is checked before it is stored."""

from __future__ import annotations

import dataclasses
import datetime as dt
import statistics
from collections import Counter

from src import conversations, days
from src.errors import ReviewError
from src.messages import N_
from src.review.agreement import Agreement, agreements
from src.review.criteria import Criteria, check
from src.review.model import CRITERIA, Annotation, Claim, Decision, Submitted, Work
from src.review.store import queue, reviewing, selection

NAME_LENGTH = 200


def set_criteria(criteria: Criteria, *, actor: str) -> None:
    """Put criteria in force. The next refresh looks at every conversation by them.

    Raises
    ------
    ReviewError
        If a number is out of its range.
    """
    selection.set_criteria(check(criteria), actor=actor)


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
    return selection.enqueue(
        conversation_id,
        priority=priority,
        reason=conversations.storable(reason),
        reviewers=reviewers,
        actor=actor,
    )


def claim_next(reviewer: str) -> Claim | None:
    """Give a reviewer the next item: the one they hold, else the first that nobody has.

    An item goes to as many reviewers as it asks for, never twice to the same one. It stays theirs
    until they submit or release it, or until ``claim_minutes`` after their last sign of life.

    Returns
    -------
    Claim or None
        None if nothing waits for this reviewer.

    Raises
    ------
    ReviewError
        If the reviewer has no name, or one that cannot be stored.
    StorageError
        If the database does not answer.
    """
    return queue.claim_next(_named(reviewer))


def _named(reviewer: str) -> str:
    name = " ".join(reviewer.split())
    if len(name) > NAME_LENGTH or name != conversations.storable(name):
        raise ReviewError(
            N_(
                "O nome de quem revisa vai até {length} letras e não pode ter caracteres que não "
                "se guardam. Escreva-o de novo na barra lateral."
            ),
            length=NAME_LENGTH,
        )
    if not name:
        raise ReviewError(
            N_("Diga o seu nome na barra lateral antes de revisar: a decisão fica com ele.")
        )
    return name


def claim_in_hand(reviewer: str) -> Claim | None:
    """Return the item that a reviewer holds, as it is now; None if they hold none.

    Nothing is taken and nothing prolonged: a page asks so whenever it is drawn.

    Raises
    ------
    ReviewError
        If the reviewer has no name, or one that cannot be stored.
    StorageError
        If the database does not answer.
    """
    return queue.in_hand(_named(reviewer))


def needing_a_third(reviewer: str) -> int:
    """Count the disagreements that this reviewer has a part in, and that wait for another person.

    In a team of two nobody is left to decide them.

    Raises
    ------
    ReviewError
        If the reviewer has no name, or one that cannot be stored.
    StorageError
        If the database does not answer.
    """
    return queue.needing_a_third(_named(reviewer))


def save_draft(claim: Claim, annotation: Annotation) -> dt.datetime:
    """Keep what a reviewer has so far, and return until when the item stays theirs.

    Raises
    ------
    ClaimLost, AlreadySubmitted
        If the item is not theirs any more. The draft is kept all the same, unless they decided on
        the item or its conversation was erased.
    """
    annotation = _storable(annotation)
    _check_notes(claim, annotation)
    return reviewing.save_draft(claim, annotation)


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
    if annotation.decision is None:
        raise ReviewError(N_("Falta a decisão: aprovar, rejeitar ou devolver."))
    if annotation.decision != Decision.APPROVED and not annotation.reason.strip():
        raise ReviewError(N_("Diga o motivo: quem rejeita ou devolve explica por quê."))
    annotation = _storable(annotation)
    _check_notes(claim, annotation)
    return reviewing.submit(claim, annotation)


def _storable(annotation: Annotation) -> Annotation:
    """Return it with texts that every database takes; a page sends no others, a program may."""
    return dataclasses.replace(
        annotation,
        reason=conversations.storable(annotation.reason),
        comment=conversations.storable(annotation.comment),
        turns=tuple(
            dataclasses.replace(
                note,
                turn_id=conversations.storable(note.turn_id),
                correction=conversations.storable(note.correction),
            )
            for note in annotation.turns
        ),
    )


def _check_notes(claim: Claim, annotation: Annotation) -> None:
    unknown = [name for name in annotation.criteria if name not in CRITERIA]
    noted = {note.turn_id for note in annotation.turns}
    strangers = noted - set(conversations.positions_of(claim.conversation_id, noted))
    if strangers:
        conversations.get_conversation(claim.conversation_id, limit=0)  # erased: it says so
    if unknown or strangers:
        raise ReviewError(
            N_("A anotação fala de um critério ou de uma mensagem que esta conversa não tem.")
        )


def undo(reviewer: str) -> Claim:
    """Take back a reviewer's last decision; the item is in their hands again, as they left it.

    Raises
    ------
    ReviewError
        If there is none, or somebody went on from it.
    """
    return reviewing.undo(_named(reviewer))


def measure_agreement(
    since: dt.datetime | None = None, until: dt.datetime | None = None
) -> list[Agreement]:
    """Return how far reviewers agree, by criterion: pairs, each reviewer, all."""
    return agreements(reviewing.blind_annotations(since, until))


def reviewer_progress(
    since: dt.datetime | None = None, until: dt.datetime | None = None
) -> list[Work]:
    """Return what each reviewer did, the most decisions first."""
    by_reviewer: dict[str, list[tuple[str, dt.datetime, float]]] = {}
    for reviewer, decision, at, seconds in reviewing.decisions(since, until):
        by_reviewer.setdefault(reviewer, []).append((decision, at, seconds))
    made = []
    for reviewer, done in by_reviewer.items():
        by_day = Counter(days.day_of(at) for _decision, at, _seconds in done)
        counts = {kind: sum(it[0] == kind for it in done) for kind in Decision}
        made.append(
            Work(
                reviewer=reviewer,
                approved=counts[Decision.APPROVED],
                rejected=counts[Decision.REJECTED],
                returned=counts[Decision.RETURNED],
                median_seconds=statistics.median(seconds for _d, _at, seconds in done),
                days=dict(by_day),
            )
        )
    return sorted(made, key=lambda it: (-it.decisions, it.reviewer))
