"""What a rule is, what it reads, and what is kept of each time it was looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from src.jsonable import Jsonable
from src.messages import N_, Message


class Kind(StrEnum):
    """What an evaluation was."""

    CHECK = "check"
    FIRED = "fired"
    RECOVERED = "recovered"
    TEST = "test"


@dataclass(frozen=True)
class Reading:
    """What a rule finds at one moment.

    Parameters
    ----------
    state : str
        A word of the rule's own: ``ok``, ``silent``, at most 50 characters.
    firing : bool
        Whether somebody should know.
    message : Message
        What was found, why it matters, what to do.
    value : float or None
        The figure behind it, in the rule's own unit.
    """

    state: str
    firing: bool
    message: Message
    value: float | None = None


class Severity(StrEnum):
    """How a state is to be taken, and so in which colour it is drawn."""

    GOOD = "good"
    PENDING = "pending"
    IDLE = "idle"
    WARNING = "warning"
    ALARM = "alarm"


@dataclass(frozen=True)
class State:
    """How a state is called on the screen.

    Parameters
    ----------
    label : str
        One to three words, marked with ``N_()``.
    severity : Severity
        How it is to be taken.
    """

    label: str
    severity: Severity


IN_ORDER = State(N_("em ordem"), Severity.GOOD)


@dataclass(frozen=True)
class Rule:
    """Something that is looked at again and again.

    Parameters
    ----------
    id : str
        Its name in the log, at most 100 characters; never given to another rule.
    title : Message
        What it watches.
    read : callable
        Returns the present reading; may raise :class:`~src.errors.StorageError`.
    states : mapping of str to State
        Every state that a reading may have.
    """

    id: str
    title: Message
    read: Callable[[], Reading]
    states: Mapping[str, State]

    def state(self, name: str) -> State:
        """Return how a state is called; one that the log holds may be of an older version."""
        return self.states.get(name, State(name, Severity.IDLE))


@dataclass(frozen=True)
class Evaluation(Jsonable):
    """One look at a rule, as the log holds it.

    Parameters
    ----------
    rule : str
        The rule's id.
    kind : Kind
        ``fired`` and ``recovered`` are the turns from one to the other; ``check`` is every look
        between; ``test`` was asked for by a person and changes nothing.
    delivery : str or None
        What became of the call of the webhook: ``pending``, ``delivered``, or ``failed:`` and the
        reason; None if none was to be made.
    actor : str
        Who asked for it; empty for the schedule.
    """

    rule: str
    state: str
    firing: bool
    message: Message
    value: float | None
    at: dt.datetime
    kind: Kind
    delivery: str | None
    actor: str
