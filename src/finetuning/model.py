"""What goes in and what comes out: candidates, where examples are from, what was found of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

from src.jsonable import Jsonable
from src.messages import Message

Speaker = Literal["user", "assistant", "system", "unknown"]
Result = Literal["ok", "warning", "error"]


@dataclass(frozen=True)
class Said:
    """One turn, with the reviewer's answer in place of the assistant's where there is one."""

    speaker: Speaker
    text: str
    corrected: bool = False


@dataclass(frozen=True)
class Candidate(Jsonable):
    """One conversation.

    Attributes
    ----------
    customer : str
        Decides the split: all conversations of one customer are on one side. Where nobody is
        known, the conversation's own identifier.
    ended : bool
        Whether it came to its end rather than being open or abandoned.
    stars : float, optional
        Mean rating, 1 to 5; None if nobody rated it.
    verdict : {"approved", "rejected"}, optional
        What the reviewers decided.
    flags : tuple of str
        Problems that were reported of its messages.
    known : tuple of str
        The customer's own name, e-mail and telephone, so that they are replaced for certain.
    timed : bool
        Whether the source has times; else ``started_at`` is when the conversation was stored.
    """

    id: str
    customer: str
    channel: str
    topic: str
    started_at: dt.datetime
    ended: bool
    turns: tuple[Said, ...]
    stars: float | None = None
    verdict: Literal["approved", "rejected"] | None = None
    flags: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    timed: bool = True

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values, always in the same form; when it was stored is left out."""
        values = super().to_dict()
        del values["timed"]
        moment = self.started_at.astimezone(dt.UTC).isoformat() if self.timed else ""
        return values | {"started_at": moment}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Rebuild from :meth:`to_dict`; without times, it started at the beginning of all times."""
        moment = data["started_at"]
        start = moment or dt.datetime.min.replace(tzinfo=dt.UTC)
        return super().from_dict({**data, "started_at": start, "timed": bool(moment)})


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, from 1, and what it was made of if the set was built here."""

    file: str
    line: int
    conversation: str | None = None
    customer: str | None = None
    channel: str = ""
    topic: str = ""


@dataclass(frozen=True)
class Replaced:
    """What was replaced in one conversation.

    Attributes
    ----------
    found : tuple of (int, str, str)
        Turn of the example, from 0, kind and placeholder, in the order of the talk.
    """

    conversation: str
    found: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True)
class LeftOut:
    """A conversation that is not in the set.

    Attributes
    ----------
    reason : str
        A key of :data:`filters.STEPS`.
    like : str, optional
        The one that it nearly repeats.
    approved : bool
        Whether reviewers had approved it.
    """

    conversation: str
    reason: str
    like: str | None = None
    approved: bool = False


@dataclass(frozen=True)
class Check:
    """One question about the whole.

    Attributes
    ----------
    result : {"ok", "warning", "error"}
        With an error the set should not be trained on.
    measured : Message
        The figure, and what it is held against.
    """

    id: str
    title: Message
    result: Result
    measured: Message


@dataclass(frozen=True)
class Offence:
    """One example that should be looked at.

    Attributes
    ----------
    check : str
        The check it counts for.
    file, line : str, int
        Where it is; lines count from 1.
    conversation : str, optional
        Where the set was built here: the conversation it was made of.
    """

    check: str
    file: str
    line: int
    conversation: str | None
    reason: Message


@dataclass(frozen=True)
class Report(Jsonable):
    """All checks, every example that offends one, and figures.

    Attributes
    ----------
    figures : dict
        ``examples``, ``tokens`` and ``turns`` by file (the latter two as least, median, p95, most
        and total), ``topics``, ``channels``, ``training_tokens``, ``epochs``, ``training_cost``
        (US$; None if no price was given).
    """

    checks: tuple[Check, ...]
    offences: tuple[Offence, ...]
    figures: dict[str, Any]

    @property
    def result(self) -> Result:
        """The worst result of any check."""
        results = {check.result for check in self.checks}
        return "error" if "error" in results else "warning" if "warning" in results else "ok"

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {"result": self.result} | super().to_dict()
