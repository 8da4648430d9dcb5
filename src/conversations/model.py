"""What a conversation is, and what is asked about many of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """Whose turn it is."""

    CUSTOMER = "customer"
    ASSISTANT = "assistant"
    HUMAN = "human"
    """A person of the team who took over from the assistant."""
    SYSTEM = "system"
    TOOL = "tool"
    OTHER = "other"
    """Kept as it came, because nobody has said what it is."""


ANSWERING = (Role.ASSISTANT, Role.HUMAN)


class Outcome(StrEnum):
    """How a conversation ended."""

    RESOLVED = "resolved"
    ABANDONED = "abandoned"
    OPEN = "open"
    NONE = "none"
    """Nothing can be said: the customer or the assistant never wrote."""


@dataclass(frozen=True)
class Customer:
    """A customer as the source describes them; texts are empty where it says nothing."""

    id: str
    name: str
    email: str
    phone: str
    source: str
    status: str


@dataclass(frozen=True)
class Turn:
    """One message of a conversation.

    Attributes
    ----------
    position : int
        0 for the first.
    content : str
        Text, never markup to be run.
    original : str or None
        The text before a broken encoding was repaired.
    sender_type : str
        The role in the source's own word.
    at : datetime or None
        None where the source has no times.
    """

    id: str
    position: int
    role: Role
    content: str
    sender_type: str
    sender_id: str
    at: dt.datetime | None
    original: str | None = None


@dataclass(frozen=True)
class Summary:
    """A conversation without its turns.

    Attributes
    ----------
    started_at : datetime
        When its first turn was written; where the source has no times (``timed`` is False), when
        it was imported.
    seconds_to_answer : float or None
        Mean over its answers.
    """

    id: str
    origin: str
    origin_id: str
    customer_id: str | None
    channel: str
    status: str
    subject: str
    session_id: str
    topic: str
    started_at: dt.datetime
    last_at: dt.datetime
    timed: bool
    turns: int
    customer_turns: int
    answer_turns: int
    outcome: Outcome
    seconds_to_answer: float | None
    imported_at: dt.datetime
    imported_by: str


@dataclass(frozen=True)
class Conversation:
    """A conversation with its customer and turns, in order."""

    summary: Summary
    customer: Customer | None
    turns: tuple[Turn, ...]


@dataclass(frozen=True)
class Filters:
    """Which conversations; None and the empty text leave a condition out.

    Attributes
    ----------
    since, until : datetime, optional
        Moments of the start; ``until`` is not included.
    query : str
        Words that a turn must hold; see :func:`search`.
    """

    since: dt.datetime | None = None
    until: dt.datetime | None = None
    channel: str | None = None
    status: str | None = None
    topic: str | None = None
    origin: str | None = None
    customer_id: str | None = None
    outcome: Outcome | None = None
    minimum_turns: int = 0
    query: str = ""


@dataclass(frozen=True)
class Page:
    """Some of the conversations that were asked for, newest first, and how many there are."""

    items: tuple[Summary, ...]
    total: int


@dataclass(frozen=True)
class Hit:
    """A turn that holds the words that were looked for."""

    conversation_id: str
    turn_id: str
    position: int
    role: Role
    content: str
    started_at: dt.datetime


@dataclass(frozen=True)
class Erased:
    """What was removed."""

    conversations: int
    turns: int


@dataclass(frozen=True)
class NewTurn:
    """A turn on its way into the store."""

    role: Role
    content: str
    sender_type: str = ""
    sender_id: str = ""
    at: dt.datetime | None = None
    origin_id: str = ""
    original: str | None = None


@dataclass(frozen=True)
class NewFeedback:
    """What someone thinks of a conversation or of one of its turns.

    Parameters
    ----------
    kind : str
        ``"reaction"`` (``stars`` is 5 for 👍, 1 for 👎), ``"withdrawn"`` (a reaction taken back),
        ``"rating"`` or ``"problem"``.
    author : str
        Role of who judges; only the customer's judgement counts as satisfaction.
    origin_id : str
        Names it in its source; the same one again changes nothing.
    conversation_ref, turn_ref : str
        Identifiers, ours or the source's.
    position : int, optional
        Of the turn, for feedback that is imported with its conversation.
    """

    kind: str
    author: str
    origin_id: str
    stars: int | None = None
    problem: str = ""
    comment: str = ""
    at: dt.datetime | None = None
    conversation_ref: str = ""
    turn_ref: str = ""
    position: int | None = None
    channel: str = ""


class Place(StrEnum):
    """What became of what feedback speaks of."""

    FOUND = "found"
    UNKNOWN = "unknown"
    """It is not imported yet; the feedback waits for it."""
    AMBIGUOUS = "ambiguous"
    """Several have that identifier; the feedback waits too, and is nobody's."""
    REPLACED = "replaced"
    """The same person has said something later; the feedback is not kept."""
    ERASED = "erased"
    """It was here and was erased; the feedback is not kept."""
    TOO_OLD = "too_old"
    """It is not imported, and the feedback would have waited long enough; it is not kept."""


@dataclass(frozen=True)
class Feedback:
    """Feedback as it is stored; ``conversation_id`` is None until its conversation is imported."""

    id: str
    kind: str
    author: str
    stars: int | None
    problem: str
    comment: str
    at: dt.datetime
    conversation_id: str | None
    turn_id: str | None
    channel: str
    actor: str

    @property
    def positive(self) -> bool:
        """Whether it is a 👍 or at least four stars."""
        return self.stars is not None and self.stars >= 4


@dataclass(frozen=True)
class NewConversation:
    """A conversation on its way into the store.

    Attributes
    ----------
    origin_id : str
        Its identifier in the source; empty where there is none, and then its content names it.
    customer : dict
        Fields of :class:`Customer`; ``id`` is the source's identifier.
    place : int
        Its line in the file, or its number in the list; 0 where it comes from no file.
    """

    origin_id: str
    turns: tuple[NewTurn, ...]
    customer: dict[str, str] = field(default_factory=dict)
    channel: str = ""
    status: str = ""
    subject: str = ""
    session_id: str = ""
    topic: str = ""
    feedback: tuple[NewFeedback, ...] = ()
    repaired: int = 0
    place: int = 0
