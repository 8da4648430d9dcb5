"""An example beside the conversation that it was made of, turn by turn.

What was replaced is kept nowhere: it is found by laying the example over the conversation as it is
stored today.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from src import conversations, review
from src.errors import ConversationNotFound
from src.finetuning import provenance, sources
from src.finetuning.examples import merge

Span = tuple[int, int]
"""First character, and the first after it."""


@dataclass(frozen=True)
class Pair:
    """One turn, before and after.

    Attributes
    ----------
    role : {"user", "assistant"}
        Whose turn it is.
    before : str, optional
        With the reviewer's correction, without markup; None if it is not stored any more.
    after : str
        As it is in the set.
    replaced : int
        How many places were replaced in it.
    places : tuple of (int, int), optional
        Where they are in ``before``; None if that has changed since the set was built.
    """

    role: str
    before: str | None
    after: str
    replaced: int
    places: tuple[Span, ...] | None


@dataclass(frozen=True)
class SideBySide:
    """An example and where it stands.

    Attributes
    ----------
    file, line : str, int
        Lines count from 1.
    stored : bool
        Whether the conversation is still there.
    """

    file: str
    line: int
    stored: bool
    pairs: tuple[Pair, ...]


def example_of(name: str, version: int, conversation: str) -> SideBySide | None:
    """Lay the example that a conversation became over it; None if it is not in the set.

    Raises
    ------
    TrainingSetNotFound
        If there is no such version.
    """
    origins = provenance.origins(name, version)
    origin = next((place for place in origins if place.conversation == conversation), None)
    if origin is None:
        return None
    messages = provenance.chat(name, version, origin.file, origin.line)
    turns = [(role, text) for role, text in messages if role != "system"]
    entries = provenance.replaced(name, version, text=conversation)
    entry = next((one for one in entries if one.conversation == conversation), None)
    placeholders: list[list[str]] = [[] for _turn in turns]
    for turn, _kind, placeholder in entry.found if entry is not None else ():
        placeholders[turn].append(placeholder)
    before = _stored(conversation)
    texts = [*(before or ()), *[None] * len(turns)]
    return SideBySide(
        origin.file,
        origin.line,
        before is not None,
        tuple(
            Pair(role, text, after, len(names), _places(text, after, names))
            for (role, after), text, names in zip(turns, texts, placeholders, strict=False)
        ),
    )


def _stored(conversation: str) -> list[str] | None:
    """Return a conversation's turns as they are before personal data is taken out."""
    try:
        found = conversations.get_conversation(conversation)
    except ConversationNotFound:
        return None
    verdict = review.verdicts([conversation]).get(conversation)
    turns, _corrected = merge(
        sources.candidate(found, conversations.feedback_of(conversation), verdict)
    )
    first = next((n for n, (speaker, _said) in enumerate(turns) if speaker == "user"), len(turns))
    return ["\n".join(said) for _speaker, said in turns[first:]]


def _places(before: str | None, after: str, placeholders: Sequence[str]) -> tuple[Span, ...] | None:
    if before is None:
        return None
    if not placeholders:
        return () if before == after else None
    known = "|".join(map(re.escape, sorted(set(placeholders), key=len, reverse=True)))
    return places(before, re.split(known, after))


def places(before: str, kept: Sequence[str]) -> tuple[Span, ...] | None:
    """Return what is between the texts that were kept, or None if they are not all there.

    Each text is looked for from where the one before it ends, so it takes one pass. Where what was
    replaced has the next text in it, the border between two places may be too early.

    Examples
    --------
    >>> places("sou Ana, CPF 123", ["sou ", ", CPF ", ""])
    ((4, 7), (13, 16))
    """
    if len(kept) < 2:
        return None
    first, *between = kept[:-1]
    if not before.startswith(first):
        return None
    at, found = len(first), []
    for text in between:
        end = before.find(text, at + 1)
        if end < 0:
            return None
        found.append((at, end))
        at = end + len(text)
    end = len(before) - len(kept[-1])
    if end <= at or not before.endswith(kept[-1]):
        return None
    return (*found, (at, end))
