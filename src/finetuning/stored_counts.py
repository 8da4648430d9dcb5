"""What is stored, counted once for both questions: what a data set could hold, and whether to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from src import conversations, review
from src.conversations import Filters, Role
from src.finetuning import sources, store, tokens
from src.finetuning.filter_counts import FilterCounts, group
from src.finetuning.model import Candidate
from src.persistence import utc_now

EVERY = 200
MONTH = dt.timedelta(days=30)
SPEAKING = (Role.CUSTOMER, Role.ASSISTANT, Role.HUMAN)


@dataclass(frozen=True)
class Usage:
    """What the decision needs of the last 30 days.

    Attributes
    ----------
    conversations, answers : int
        That began; that the assistant wrote in them.
    input_tokens, output_tokens : float
        Of one answer on the average: the system prompt with all that was said before, and the
        answer itself. 0 without answers.
    satisfaction : float, optional
        Share of positive judgements by customers, 0 to 1.
    rated : int
        Conversations that the share comes from.
    usable : int, optional
        Examples of the newest data set; None if none was built.
    """

    conversations: int
    answers: int
    input_tokens: float
    output_tokens: float
    satisfaction: float | None
    rated: int
    usable: int | None


@dataclass(frozen=True)
class StoredCounts:
    """What was counted, and when.

    Attributes
    ----------
    by_filter : FilterCounts
        What the filters may leave.
    usage : Usage
        What the decision needs.
    """

    by_filter: FilterCounts
    usage: Usage
    at: dt.datetime

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "stock": self.by_filter.to_dict(),
            "measured": vars(self.usage),
            "at": self.at.isoformat(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> StoredCounts:
        """Rebuild from :meth:`to_dict`."""
        return cls(
            FilterCounts.from_dict(data["stock"]),
            Usage(**data["measured"]),
            dt.datetime.fromisoformat(data["at"]),
        )


def count_stored(*, tick: Callable[[int, float], None] | None = None) -> StoredCounts:
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

    return StoredCounts(group(read()), measure_usage(), at)


def measure_usage(*, system_prompt: str = "") -> Usage:
    """Read the conversations of the last 30 days; a second or so for some thousand.

    Parameters
    ----------
    system_prompt : str
        What is sent before every conversation today.
    """
    since = utc_now() - MONTH
    prompt = tokens.PER_CHAT + tokens.lengths([system_prompt])[0] if system_prompt else 0
    count = answers = sent = written = 0
    for one in conversations.every(Filters(since=since)):
        count += 1
        said = [turn for turn in one.turns if turn.role in SPEAKING]
        before = prompt
        for turn, length in zip(said, tokens.lengths([t.content for t in said]), strict=True):
            if turn.role == Role.ASSISTANT:
                answers += 1
                sent += before
                written += length
            before += length
    satisfaction = review.measure(since)[0].satisfaction
    sets = store.list_sets()
    return Usage(
        conversations=count,
        answers=answers,
        input_tokens=sent / answers if answers else 0.0,
        output_tokens=written / answers if answers else 0.0,
        satisfaction=satisfaction.value,
        rated=satisfaction.conversations,
        usable=sum(sets[0].examples.values()) if sets else None,
    )
