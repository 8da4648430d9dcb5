"""Personal data leaves the text: found, and replaced by placeholders.

Importing this module imports neither Presidio nor the lists of names; the first text does.
"""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from src.conversations.redaction_identity import Identities


class EntityType(StrEnum):
    """Kinds of personal data; the value is also the word of the placeholder.

    Where two are equally sure of the same characters, the one named first here has them.
    """

    PIX = "PIX"
    CPF = "CPF"
    CNPJ = "CNPJ"
    DOCUMENT = "DOCUMENTO"
    PHONE = "TELEFONE"
    EMAIL = "EMAIL"
    CEP = "CEP"
    ADDRESS = "ENDERECO"
    PLATE = "PLACA"
    CARD = "CARTAO"
    NAME = "NOME"


PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(EntityType)})_[1-9][0-9]{{0,5}}\]")
"""What stands where personal data stood: ``[CPF_1]``. No number of a person fits in six digits."""

_MASK = "\ufffc"
_PASSES = 8


@dataclass(frozen=True)
class Entity:
    """One place with personal data.

    Parameters
    ----------
    type : EntityType
        What it is.
    start, end : int
        Where, in characters of the original text, ``end`` exclusive.
    placeholder : str
        What replaced it. The same value has the same placeholder all through a conversation, also
        where it was read as another type: a phone number that later serves as Pix key.
    """

    type: EntityType
    start: int
    end: int
    placeholder: str


@dataclass(frozen=True)
class Redaction:
    """A text without its personal data.

    Parameters
    ----------
    text : str
        The text with placeholders.
    entities : tuple of Entity
        What was replaced, in the order of the text, without overlaps.
    """

    text: str
    entities: tuple[Entity, ...]

    @property
    def counts(self) -> dict[EntityType, int]:
        """How many places of each type were replaced."""
        return dict(Counter(entity.type for entity in self.entities))


class RedactionSession:
    """One conversation's memory: which placeholder stands for which value.

    Values are remembered only as keyed digests; the key is this object's own, is written nowhere,
    and is gone with it. Redact the turns in their order, and every turn: a question ("qual o seu
    CEP?") tells what the answer is.

    Examples
    --------
    >>> session = RedactionSession()
    >>> session.redact("meu cpf é 529.982.247-25").text
    'meu cpf é [CPF_1]'
    >>> session.redact("confirmando: 52998224725").text
    'confirmando: [CPF_1]'
    """

    def __init__(self) -> None:
        self._identities = Identities()
        self._asked: list[str] = []

    def redact(self, text: str, *, not_personal: Iterable[str] = ()) -> Redaction:
        """Return the next turn without its personal data.

        Parameters
        ----------
        text : str
            The turn as it was written; any text.
        not_personal : iterable of str
            Names of the assistant and of products, in whatever case. A name that is nothing but one
            of them stays, unless it was part of somebody's name in this conversation: of "Bia" and
            "Bia Souza" the second goes, and from then on the first as well.
        """
        from src.conversations.recognisers import asked_for

        # A placeholder that somebody typed stays, and no value met from now on is given the same.
        self._identities.reserve(PLACEHOLDER.findall(text))
        entities: list[Entity] = []
        redacted = text
        words = tuple(not_personal)
        # Until nothing is left to find: what is redacted once stays the same when redacted again.
        for _ in range(_PASSES):
            found = self._find(redacted, words)
            if not found:
                break
            original = _way_back(entities)
            spans = [(kind, *original(start, end)) for kind, start, end in found]
            entities += [
                Entity(kind, start, end, self._identities.placeholder(kind, text[start:end]))
                for kind, start, end in spans
            ]
            entities.sort(key=lambda entity: entity.start)
            redacted = _replaced(text, entities)
        self._asked = asked_for(_masked(redacted))
        return Redaction(redacted, tuple(entities))

    def _find(self, text: str, not_personal: tuple[str, ...]) -> list[tuple[EntityType, int, int]]:
        from src.conversations import recognisers

        masked = _masked(text)
        plain = recognisers.plain(masked)
        spans = [
            (result.score, EntityType(result.entity_type), result.start, result.end)
            for result in recognisers.analyse(
                plain.text, self._asked, self._identities.knows_name()
            )
        ]
        if not_personal and any(kind is EntityType.NAME for _score, kind, _start, _end in spans):
            excepted = recognisers.excepted(plain.text, not_personal)
            spans = [
                (score, kind, start, end)
                for score, kind, start, end in spans
                if kind is not EntityType.NAME
                or not excepted(start, end)
                or self._identities.is_persons(plain.text[start:end])
            ]
        found = []
        for kind, start, end in _without_overlaps(plain.text, spans):
            original = plain.original(start, end)
            found += [(kind, *part) for part in _unmasked(masked, *original)]
        return sorted(found, key=lambda part: part[1])


def redact(
    text: str, *, state: RedactionSession | None = None, not_personal: Iterable[str] = ()
) -> Redaction:
    """Replace personal data by placeholders.

    Parameters
    ----------
    text : str
        Any text, of any length.
    state : RedactionSession, optional
        The conversation's, so that a value has the same placeholder in every turn; without it
        the text stands for itself.
    not_personal : iterable of str
        See :meth:`RedactionSession.redact`.

    Returns
    -------
    Redaction
        Redacting its text again changes nothing. What is not found is in docs/redaction.md.

    Examples
    --------
    >>> redact("meu cpf é 529.982.247-25").text
    'meu cpf é [CPF_1]'
    """
    return (state or RedactionSession()).redact(text, not_personal=not_personal)


def _masked(text: str) -> str:
    """Return the text with its placeholders made unreadable, at the same length."""
    return PLACEHOLDER.sub(lambda match: _MASK * len(match[0]), text)


def _unmasked(masked: str, start: int, end: int) -> Iterable[tuple[int, int]]:
    return [
        (start + part.start(), start + part.end())
        for part in re.finditer(rf"[^{_MASK}]+", masked[start:end])
    ]


def _without_overlaps(
    text: str, spans: list[tuple[float, EntityType, int, int]]
) -> list[tuple[EntityType, int, int]]:
    """Return disjoint spans that cover all of ``spans``: the surer one keeps what two claim."""
    order = list(EntityType)
    spans.sort(key=lambda span: (-span[0], span[2] - span[3], span[2], order.index(span[1])))
    taken = bytearray(len(text))
    kept = []
    for _, kind, start, end in spans:
        for part in re.finditer(rb"\x00+", bytes(taken[start:end])):
            left, right = start + part.start(), start + part.end()
            while left < right and not text[left].isalnum() and text[left] not in "+(":
                left += 1
            while left < right and text[right - 1] in " .,;:-\t\r\n":
                right -= 1
            if any(char.isalnum() for char in text[left:right]):
                kept.append((kind, left, right))
                taken[left:right] = b"\x01" * (right - left)
    return kept


def _replaced(text: str, entities: list[Entity]) -> str:
    parts, place = [], 0
    for entity in entities:
        parts += [text[place : entity.start], entity.placeholder]
        place = entity.end
    return "".join([*parts, text[place:]])


def _way_back(entities: list[Entity]) -> Callable[[int, int], tuple[int, int]]:
    """Return what tells where a span of the redacted text, placeholders apart, originally was."""
    shift = 0
    starts, shifts = [], [0]
    for entity in entities:
        starts.append(entity.start + shift)
        shift += len(entity.placeholder) - (entity.end - entity.start)
        shifts.append(shift)

    def original(start: int, end: int) -> tuple[int, int]:
        moved = shifts[bisect.bisect_right(starts, start)]
        return start - moved, end - moved

    return original
