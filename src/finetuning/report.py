"""What an examination of a data set found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from src.messages import Message

Result = Literal["ok", "warning", "error"]


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
class Report:
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
        return {
            "result": self.result,
            "checks": [
                vars(check) | {"title": check.title.to_dict(), "measured": check.measured.to_dict()}
                for check in self.checks
            ],
            "offences": [
                vars(offence) | {"reason": offence.reason.to_dict()} for offence in self.offences
            ],
            "figures": self.figures,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Report:
        """Rebuild from :meth:`to_dict`."""
        return cls(
            tuple(
                Check(
                    check["id"],
                    Message.from_dict(check["title"]),
                    check["result"],
                    Message.from_dict(check["measured"]),
                )
                for check in data["checks"]
            ),
            tuple(
                Offence(**{**offence, "reason": Message.from_dict(offence["reason"])})
                for offence in data["offences"]
            ),
            data["figures"],
        )
