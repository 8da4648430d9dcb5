"""What is stored, counted once for both questions: what a data set could hold, and whether to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from src.finetuning import sources
from src.finetuning.candidate import Candidate
from src.finetuning.measuring import Measured, measure
from src.finetuning.stock import Stock, group
from src.persistence import utc_now

EVERY = 200


@dataclass(frozen=True)
class Survey:
    """What was found.

    Attributes
    ----------
    at : datetime
        When it was counted.
    """

    stock: Stock
    measured: Measured
    at: dt.datetime

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "stock": self.stock.to_dict(),
            "measured": vars(self.measured),
            "at": self.at.isoformat(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Survey:
        """Rebuild from :meth:`to_dict`."""
        return cls(
            Stock.from_dict(data["stock"]),
            Measured(**data["measured"]),
            dt.datetime.fromisoformat(data["at"]),
        )


def survey(*, tick: Callable[[int, float], None] | None = None) -> Survey:
    """Count the stored conversations; some milliseconds each.

    Parameters
    ----------
    tick : callable, optional
        Told how many were read and how far along it is, 0 to 1; may stop the work by raising.
    """
    at = utc_now()

    def read() -> Iterator[Candidate]:
        for number, (candidate, fraction) in enumerate(sources.candidates(), 1):
            if tick is not None and number % EVERY == 1:
                tick(number, fraction)
            yield candidate

    return Survey(group(read()), measure(), at)
