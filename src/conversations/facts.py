"""What is counted of a conversation when it is stored, so that figures need not read its turns."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from src.conversations.model import ANSWERING, Outcome, Role

RESOLVED, ABANDONED = (
    frozenset(words.split())
    for words in (
        "resolved closed completed complete done solved finished resolvida resolvido fechada "
        "fechado concluida concluido encerrada encerrado finalizada finalizado",
        "abandoned dropped expired timeout timed_out abandonada abandonado expirada expirado "
        "desistiu",
    )
)
"""Words for a final status, as sources write it."""
SILENCE = dt.timedelta(hours=24)
"""How long nobody writes before a conversation without a final status counts as ended."""


class Spoken(Protocol):
    """What the facts need of a turn."""

    @property
    def role(self) -> Role: ...  # noqa: D102
    @property
    def content(self) -> str: ...  # noqa: D102
    @property
    def at(self) -> dt.datetime | None: ...  # noqa: D102


@dataclass(frozen=True)
class Facts:
    """Counts of one conversation.

    Attributes
    ----------
    answer_seconds : float
        Sum over the answers: from the first turn of the customer that waits to the first answer.
    answers : int
        How many answers have both moments.
    last_role : str
        Of the last turn of the customer or of who answers.
    asks : bool
        Whether that turn is an answer that ends with a question.
    """

    turns: int
    customer_turns: int
    answer_turns: int
    answer_seconds: float
    answers: int
    last_role: str
    asks: bool
    first_at: dt.datetime | None
    last_at: dt.datetime | None


def gather(turns: Sequence[Spoken]) -> Facts:
    """Count what the figures need; the turns are in order."""
    waiting: dt.datetime | None = None
    waits = False
    seconds, answers = 0.0, 0
    last: Spoken | None = None
    moments = [turn.at for turn in turns if turn.at is not None]
    for turn in turns:
        if turn.role == Role.CUSTOMER:
            if not waits:
                waiting, waits = turn.at, True
            last = turn
        elif turn.role in ANSWERING:
            if waits and waiting is not None and turn.at is not None and turn.at >= waiting:
                seconds += (turn.at - waiting).total_seconds()
                answers += 1
            waiting, waits = None, False
            last = turn
    return Facts(
        turns=len(turns),
        customer_turns=sum(turn.role == Role.CUSTOMER for turn in turns),
        answer_turns=sum(turn.role in ANSWERING for turn in turns),
        answer_seconds=seconds,
        answers=answers,
        last_role=str(last.role) if last is not None else "",
        asks=last is not None and last.role in ANSWERING and asks(last.content),
        first_at=min(moments) if moments else None,
        last_at=max(moments) if moments else None,
    )


def asks(text: str) -> bool:
    """Whether a text ends with a question, emoji and spaces after it aside.

    Examples
    --------
    >>> asks("Posso ajudar em algo mais? 😊"), asks("Até logo.")
    (True, False)
    """
    for character in reversed(text):
        if character in "?\uff1f\u061f":
            return True
        if unicodedata.category(character)[0] in "LN" or character in ".!":
            return False
    return False


def folded(status: str) -> str:
    """Return a status in lower case without accents."""
    plain = unicodedata.normalize("NFKD", status.strip().casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).replace(" ", "_")


def ending(facts: Facts, status: str) -> tuple[Outcome, bool]:
    """Say how a conversation ended, and whether its source says so.

    A final status of the source decides. Without one, the last turn does, as soon as nobody has
    written for a day (:data:`SILENCE`; at once, where the source has no times): abandoned if the
    customer's last turn has no answer, or if the last answer asks something that was not replied
    to; else resolved. Without a turn of the customer nothing is said.

    Returns
    -------
    tuple
        The outcome, never ``OPEN``, and whether it holds before the silence is over.
    """
    word = folded(status)
    if word in ABANDONED:
        return Outcome.ABANDONED, True
    if word in RESOLVED:
        return Outcome.RESOLVED, True
    if not facts.customer_turns:
        return Outcome.NONE, True
    if facts.last_role == Role.CUSTOMER or facts.asks:
        return Outcome.ABANDONED, False
    return Outcome.RESOLVED, False
