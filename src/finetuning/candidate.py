"""A conversation that may become an example, with what people said about it."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any, Literal

Speaker = Literal["user", "assistant", "system", "unknown"]


@dataclass(frozen=True)
class Said:
    """One turn, with the reviewer's answer in place of the assistant's where there is one."""

    speaker: Speaker
    text: str
    corrected: bool = False


@dataclass(frozen=True)
class Candidate:
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
        values = asdict(self)
        del values["timed"]
        moment = self.started_at.astimezone(dt.UTC).isoformat() if self.timed else ""
        return values | {"started_at": moment}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Candidate:
        """Rebuild from :meth:`to_dict`; without times, it started at the beginning of all times."""
        moment = data["started_at"]
        start = (
            dt.datetime.fromisoformat(moment) if moment else dt.datetime.min.replace(tzinfo=dt.UTC)
        )
        return cls(
            **{
                **data,
                "started_at": start,
                "timed": bool(moment),
                "turns": tuple(Said(**turn) for turn in data["turns"]),
                "flags": tuple(data["flags"]),
                "known": tuple(data["known"]),
            }
        )
