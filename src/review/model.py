"""What people say about conversations, and what the queue hands them."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from src.conversations import storable
from src.errors import ReviewError
from src.jsonable import Jsonable
from src.messages import N_, Message

NAME_LENGTH = 200


class Problem(StrEnum):
    """What is wrong with a turn."""

    WRONG = "wrong_information"
    INVENTED = "invented"
    OUT_OF_SCOPE = "out_of_scope"
    TONE = "tone"
    INCOMPLETE = "incomplete"
    MISUNDERSTOOD = "misunderstood"
    PRIVACY = "privacy"
    OTHER = "other"


PROBLEMS: dict[Problem, str] = {
    Problem.WRONG: N_("Informação errada"),
    Problem.INVENTED: N_("Informação inventada"),
    Problem.OUT_OF_SCOPE: N_("Fora do escopo"),
    Problem.TONE: N_("Tom inadequado"),
    Problem.INCOMPLETE: N_("Resposta incompleta"),
    Problem.MISUNDERSTOOD: N_("Não entendeu o cliente"),
    Problem.PRIVACY: N_("Expõe dado pessoal"),
    Problem.OTHER: N_("Outro problema"),
}
"""Names of the problems, for a form."""

CRITERIA: dict[str, str] = {
    "tone": N_("O tom é o da casa"),
    "accuracy": N_("As informações estão certas"),
    "scope": N_("As respostas ficam no escopo"),
    "helpfulness": N_("O cliente foi ajudado"),
}
"""What a reviewer says yes or no to, for each conversation."""


class Decision(StrEnum):
    """What a reviewer decides."""

    APPROVED = "approved"
    REJECTED = "rejected"
    RETURNED = "returned"
    """Sent back to the queue, for someone else."""


class Label(StrEnum):
    """What a reviewer thinks of one turn."""

    GOOD = "good"
    BAD = "bad"


def person(name: str) -> str:
    """Return what the spellings of one name have in common: ``Ana`` and ``ana`` are one person."""
    return unicodedata.normalize("NFKC", name).casefold()


def reviewer_name(typed: str) -> str:
    """Return a reviewer's name with single spaces.

    Raises
    ------
    ReviewError
        If it is empty, too long, or cannot be stored.
    """
    name = " ".join(typed.split())
    if len(name) > NAME_LENGTH or name != storable(name):
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


@dataclass(frozen=True)
class TurnNote:
    """A judgement of one turn; a correction never touches the original."""

    turn_id: str
    label: Label | None = None
    problems: tuple[Problem, ...] = ()
    correction: str = ""


@dataclass(frozen=True)
class Annotation(Jsonable):
    """What a reviewer says about a conversation; a draft may lack the decision.

    Attributes
    ----------
    reason : str
        Why; needed to reject or to send back.
    criteria : dict
        A key of :data:`CRITERIA` → yes or no; those not judged are absent.
    """

    decision: Decision | None = None
    reason: str = ""
    criteria: Mapping[str, bool] = field(default_factory=dict)
    turns: tuple[TurnNote, ...] = ()
    comment: str = ""

    def storable(self) -> Annotation:
        """Return it with texts that every database takes; a page sends no others, a program may."""
        return replace(
            self,
            reason=storable(self.reason),
            comment=storable(self.comment),
            turns=tuple(
                replace(note, turn_id=storable(note.turn_id), correction=storable(note.correction))
                for note in self.turns
            ),
        )

    def decided(self) -> Decision:
        """Return the decision.

        Raises
        ------
        ReviewError
            If it is missing, or the reason for rejecting or sending back.
        """
        if self.decision is None:
            raise ReviewError(N_("Falta a decisão: aprovar, rejeitar ou devolver."))
        if self.decision != Decision.APPROVED and not self.reason.strip():
            raise ReviewError(N_("Diga o motivo: quem rejeita ou devolve explica por quê."))
        return self.decision


@dataclass(frozen=True)
class Annotated:
    """An annotation with who made it and when."""

    reviewer: str
    annotation: Annotation
    submitted_at: dt.datetime
    seconds: float
    adjudication: bool


@dataclass(frozen=True)
class Claim:
    """An item of the queue in one reviewer's hands.

    Attributes
    ----------
    id : str
        Names this claim: one that was lost and made anew has another.
    adjudication : bool
        Others disagreed, and this reviewer decides; then ``previous`` shows what they said.
        Otherwise it shows only why the item was sent back, if it was, and what was said before
        the conversation grew.
    turns : int
        How many turns the conversation had when this was looked up: what there was to read.
    draft : Annotation or None
        What this reviewer had begun.
    """

    id: str
    item_id: int
    conversation_id: str
    reviewer: str
    adjudication: bool
    priority: int
    reasons: tuple[Message, ...]
    claimed_at: dt.datetime
    expires_at: dt.datetime
    turns: int
    draft: Annotation | None
    previous: tuple[Annotated, ...] = ()


@dataclass(frozen=True)
class Submitted:
    """What became of the item.

    Attributes
    ----------
    decision : Decision or None
        The item's decision; None while others have to judge it.
    disagreement : bool
        The reviewers disagree, and someone else will decide.
    """

    decision: Decision | None
    disagreement: bool = False


@dataclass(frozen=True)
class Verdict:
    """What the review of a conversation ended with.

    Attributes
    ----------
    corrections : dict
        Turn → the corrected text: the adjudicator's, else the latest.
    problems : dict
        Turn → what is wrong with it, by anyone.
    read : int
        How many turns, from the first on, were there when it was judged; what came later nobody
        has read.
    """

    decision: Decision
    decided_at: dt.datetime
    corrections: Mapping[str, str]
    problems: Mapping[str, tuple[Problem, ...]]
    read: int


@dataclass(frozen=True)
class QueueState:
    """How the queue stands, in items.

    Attributes
    ----------
    decisions_left : int
        Judgements that the undecided items still ask for: one for each reviewer they need.
    """

    waiting: int
    claimed: int
    partly: int
    adjudication: int
    approved: int
    rejected: int
    decisions_left: int
    oldest: dt.datetime | None

    @property
    def total(self) -> int:
        """All items."""
        return self.waiting + self.claimed + self.partly + self.approved + self.rejected


@dataclass(frozen=True)
class Work:
    """What one reviewer did.

    Attributes
    ----------
    median_seconds : float or None
        From claim to decision.
    days : dict
        Local day → decisions.
    """

    reviewer: str
    approved: int
    rejected: int
    returned: int
    median_seconds: float | None
    days: Mapping[dt.date, int]

    @property
    def decisions(self) -> int:
        """All of them."""
        return self.approved + self.rejected + self.returned


@dataclass(frozen=True)
class Refreshed:
    """What a refresh of the queue did."""

    looked_at: int
    added: int
    changed: int
    removed: int
