"""Which conversations people should read, and why."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from src.errors import ReviewError
from src.jsonable import Jsonable
from src.messages import N_, Message

NEGATIVE, KEYWORD, GROWN, LONG, SAMPLE = 100, 50, 40, 20, 10
"""Weights; an item's priority is the sum of those of its reasons."""

GREW = Message(N_("cresceu depois da revisão"), {})
"""Why what was approved is read again, whatever the criteria say."""


@dataclass(frozen=True)
class Criteria(Jsonable):
    """How conversations are chosen for the queue.

    Parameters
    ----------
    negative : bool
        Those with a 👎, a problem that was flagged, or at most ``negative_stars`` stars.
    negative_stars : int
        1 to 4.
    more_than : int or None
        Those with more messages than this.
    keywords : tuple of str
        Those in which one of these words or phrases occurs; case and accents do not count.
    share : float
        0 to 1: this share of all, chosen by the hash of ``seed`` and identifier, so that the same
        conversations are chosen whenever and wherever it is done.
    reviewers : int
        1 to 5: how many judge each conversation, blind to each other.
    claim_minutes : int
        1 to 1440: how long an item stays with who took it, from their last sign of life on.
    """

    negative: bool = True
    negative_stars: int = 2
    more_than: int | None = 10
    keywords: tuple[str, ...] = ()
    share: float = 0.1
    seed: str = "bancada"
    reviewers: int = 1
    claim_minutes: int = 30


def check(criteria: Criteria) -> Criteria:
    """Return the criteria with tidy keywords.

    Raises
    ------
    ReviewError
        If a number is out of its range.
    """
    for name, value, low, high in (
        (N_("estrelas"), criteria.negative_stars, 1, 4),
        (N_("mensagens"), criteria.more_than if criteria.more_than is not None else 1, 1, 100_000),
        (N_("parte sorteada"), criteria.share, 0, 1),
        (N_("revisores por conversa"), criteria.reviewers, 1, 5),
        (N_("minutos"), criteria.claim_minutes, 1, 1440),
    ):
        if not low <= value <= high:
            raise ReviewError(
                N_("O critério «{name}» vai de {low} a {high}, e veio {value}. Corrija o valor."),
                name=Message(name, {}),
                low=low,
                high=high,
                value=value,
            )
    words = dict.fromkeys(" ".join(word.split()) for word in criteria.keywords)
    return Criteria(**{**asdict(criteria), "keywords": tuple(word for word in words if word)})


def plain(text: str) -> str:
    """Return a text in lower case, without accents, with single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(kept.split())


def pattern(keywords: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds the first keyword, as a whole word, in a plain text."""
    words = [re.escape(plain(word)) for word in keywords if plain(word)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)") if words else None


def is_sampled(conversation_id: str, criteria: Criteria) -> bool:
    """Whether the hash of seed and identifier falls into the share."""
    digest = hashlib.sha256(f"{criteria.seed}\0{conversation_id}".encode()).digest()
    return int.from_bytes(digest[:8]) < criteria.share * 2**64


def reasons(
    conversation_id: str,
    *,
    turns: int,
    negatives: int,
    word: str | None,
    grown: bool = False,
    criteria: Criteria,
) -> tuple[int, list[Message]]:
    """Return a conversation's priority and the reasons for it; 0 and none if it is not chosen.

    Parameters
    ----------
    negatives : int
        How much negative feedback it has.
    word : str or None
        The first keyword that occurs in it.
    grown : bool
        It was approved, and has messages since that nobody has read.
    """
    found: list[tuple[int, Message]] = []
    if criteria.negative and negatives:
        found.append((NEGATIVE, Message(N_("avaliação negativa ({count})"), {"count": negatives})))
    if word is not None:
        found.append((KEYWORD, Message(N_("contém «{word}»"), {"word": word})))
    if grown:
        found.append((GROWN, GREW))
    if criteria.more_than is not None and turns > criteria.more_than:
        found.append((LONG, Message(N_("conversa longa ({count} mensagens)"), {"count": turns})))
    if is_sampled(conversation_id, criteria):
        found.append((SAMPLE, Message(N_("sorteada para amostra"), {})))
    return sum(weight for weight, _reason in found), [reason for _weight, reason in found]
