"""A conversation becomes one example in the chat format, or the reason why it cannot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from src.finetuning import tokens
from src.finetuning.cleaning import clean
from src.finetuning.model import Candidate
from src.jsonable import Jsonable


@dataclass(frozen=True)
class Redacted:
    """Texts of one conversation without personal data.

    Attributes
    ----------
    replaced : tuple of (int, str, str)
        The text's place, the kind of what was replaced, and what stands there now.
    """

    texts: tuple[str, ...]
    replaced: tuple[tuple[int, str, str], ...] = ()


Redact = Callable[[Sequence[str], Sequence[str]], Redacted]
"""Takes the texts of one conversation and what is known of the customer."""


@dataclass(frozen=True)
class Example(Jsonable):
    """One line of a data set and where it comes from.

    Attributes
    ----------
    turns : tuple of (str, str)
        Role (``user`` or ``assistant``, in turn) and text.
    corrected : int
        Answers that a reviewer wrote anew.
    trimmed : int
        Turns left out at both ends: a greeting before the first question, thanks after the last
        answer.
    started_at : str
        Empty where the source has no times.
    tokens : int
        With the system prompt.
    replaced : tuple
        See :class:`Redacted`; the place is that of the turn.
    """

    id: str
    customer: str
    channel: str
    topic: str
    started_at: str
    turns: tuple[tuple[str, str], ...]
    corrected: int
    trimmed: int
    tokens: int = 0
    replaced: tuple[tuple[int, str, str], ...] = ()

    @property
    def texts(self) -> list[str]:
        """What was said, without the roles."""
        return [text for _role, text in self.turns]


def messages(turns: Sequence[tuple[str, str]], system_prompt: str) -> list[dict[str, str]]:
    """Return an example's messages; without a prompt none is put first."""
    first = [("system", system_prompt)] if system_prompt else []
    return [{"role": role, "content": text} for role, text in (*first, *turns)]


def merge(candidate: Candidate) -> tuple[list[tuple[str, list[str]]], int]:
    """Clean the messages and put those in a row of one side together.

    Returns
    -------
    tuple
        Each turn as its speaker and its messages, and how many of them a reviewer wrote anew.
    """
    merged: list[tuple[str, list[str]]] = []
    corrected = 0
    for said in candidate.turns:
        text = clean(said.text)
        if not text or said.speaker == "system":
            continue
        if not merged or merged[-1][0] != said.speaker:
            merged.append((said.speaker, []))
        merged[-1][1].append(text)
        corrected += said.corrected
    return merged, corrected


def prepare(
    candidate: Candidate, *, system_prompt: str, max_tokens: int, redact: Redact
) -> Example | str:
    """Clean a conversation, put its turns in order, and replace personal data.

    Several messages in a row of one side become one turn. The example begins with the customer's
    first question and ends with the last answer.

    Returns
    -------
    Example or str
        Or a reason: ``unknown_role``, ``empty``, ``one_sided``, ``too_long``.
    """
    if any(said.speaker == "unknown" for said in candidate.turns):
        return "unknown_role"
    merged, corrected = merge(candidate)
    if not merged:
        return "empty"
    start = 0 if merged[0][0] == "user" else 1
    end = len(merged) - (merged[-1][0] == "user")
    if start >= end:
        return "one_sided"
    texts = ["\n".join(said) for _speaker, said in merged]
    # Placeholders change the length a little only, and looking for names takes long: what is far
    # beyond the limit is not looked at.
    if sum(tokens.lengths(texts[start:end])) > 1.5 * max_tokens:
        return "too_long"
    # The ends too: what they say of a person helps to recognise it in the rest.
    # Channel and topic as well: a topic may be what somebody wrote as the subject.
    redacted = redact([*texts, candidate.channel, candidate.topic], candidate.known)
    channel, topic = redacted.texts[-2:]
    turns = [(merged[place][0], redacted.texts[place]) for place in range(start, end)]
    example = Example(
        id=candidate.id,
        customer=candidate.customer,
        channel=channel,
        topic=topic,
        started_at=candidate.to_dict()["started_at"],
        turns=tuple(turns),
        corrected=corrected,
        trimmed=len(merged) - len(turns),
        replaced=tuple(
            (place - start, kind, text)
            for place, kind, text in redacted.replaced
            if start <= place < end
        ),
    )
    length = tokens.count(messages(example.turns, system_prompt))
    return "too_long" if length > max_tokens else replace(example, tokens=length)
