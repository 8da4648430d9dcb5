"""Stored conversations, what people said about them, and what takes personal data out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from statistics import fmean
from typing import Literal

from src import conversations, review
from src.conversations import Conversation, Feedback, Role
from src.finetuning.examples import Redacted
from src.finetuning.model import Candidate, Said, Speaker
from src.review import Verdict

BATCH = 200
SPEAKERS: dict[Role, Speaker] = {
    Role.CUSTOMER: "user",
    Role.ASSISTANT: "assistant",
    Role.HUMAN: "assistant",  # a person of the team who took over: an answer to learn from
    Role.SYSTEM: "system",
    Role.TOOL: "system",
}


def candidates() -> Iterator[tuple[Candidate, float]]:
    """Yield every stored conversation, and how far along it is."""
    total = max(1, conversations.list_conversations(limit=1).total)
    stored = conversations.every()
    done = 0
    while batch := list(islice(stored, BATCH)):
        verdicts = review.verdicts([one.summary.id for one in batch])
        for one in batch:
            done += 1
            said = conversations.feedback_of(one.summary.id)
            yield candidate(one, said, verdicts.get(one.summary.id)), min(1.0, done / total)


def candidate(one: Conversation, said: Sequence[Feedback], verdict: Verdict | None) -> Candidate:
    """Bring together a conversation, the feedback on it, and the reviewers' verdict.

    A problem of a turn counts unless a reviewer has corrected the turn: the answer that had it is
    not learned from then. Of a conversation that grew after its review, what people read counts.
    """
    corrections = verdict.corrections if verdict is not None else {}
    flags = {
        feedback.problem
        for feedback in said
        if feedback.kind == "problem" and feedback.turn_id not in corrections
    }
    if verdict is not None:
        flags |= {
            str(problem)
            for turn, problems in verdict.problems.items()
            if turn not in corrections
            for problem in problems
        }
    summary, customer = one.summary, one.customer
    return Candidate(
        id=summary.id,
        customer=summary.customer_id or summary.id,
        channel=summary.channel,
        topic=summary.topic or conversations.redact(summary.subject).text,
        started_at=summary.started_at,
        timed=any(turn.at is not None for turn in one.turns),
        ended=summary.outcome == conversations.Outcome.RESOLVED,
        turns=tuple(
            Said(
                SPEAKERS.get(turn.role, "unknown"),
                corrections.get(turn.id, turn.content),
                turn.id in corrections,
            )
            for turn in one.turns[: None if verdict is None else verdict.read]
        ),
        stars=stars(said),
        verdict=_decided(verdict),
        flags=tuple(sorted(flags)),
        known=tuple(filter(None, (customer.name, customer.email, customer.phone)))
        if customer is not None
        else (),
    )


def stars(said: Sequence[Feedback]) -> float | None:
    """Return the mean of the stars, 1 to 5 (👍 is 5, 👎 is 1), or None if there are none.

    The customer's count before those of anyone else, those for the whole before those for single
    turns.
    """
    starred = [(one, one.stars) for one in said if one.stars is not None]
    starred = [pair for pair in starred if pair[0].author == Role.CUSTOMER] or starred
    starred = [pair for pair in starred if pair[0].turn_id is None] or starred
    return fmean(given for _one, given in starred) if starred else None


def _decided(verdict: Verdict | None) -> Literal["approved", "rejected"] | None:
    if verdict is None:
        return None
    if verdict.decision == review.Decision.APPROVED:
        return "approved"
    return "rejected" if verdict.decision == review.Decision.REJECTED else None


def redact(
    texts: Sequence[str], known: Sequence[str], *, not_personal: Sequence[str] = ()
) -> Redacted:
    """Take personal data out of one conversation's turns, one placeholder for each value.

    Parameters
    ----------
    known : sequence of str
        The customer's name, e-mail and telephone; they are recognised in the turns from the first
        one on.
    not_personal : sequence of str
        Names of the assistant and of products, which stay. Where the customer is called the same,
        they go.
    """
    session = conversations.RedactionSession()
    if known:
        # A name in a wrong encoding ("JoÃ£o") is no name, and the turns may have it right.
        right = [conversations.repaired(value) or value for value in known]
        session.redact(f"Cliente: {', '.join(right)}")
    turns = [session.redact(text, not_personal=not_personal) for text in texts]
    return Redacted(
        texts=tuple(turn.text for turn in turns),
        replaced=tuple(
            (number, str(entity.type), entity.placeholder)
            for number, turn in enumerate(turns)
            for entity in turn.entities
        ),
    )
