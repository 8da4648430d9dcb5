"""What the decision needs and the stored conversations can tell."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from src import conversations, review
from src.conversations import Filters, Role
from src.finetuning import store, tokens
from src.persistence import utc_now

MONTH = dt.timedelta(days=30)
SPEAKING = (Role.CUSTOMER, Role.ASSISTANT, Role.HUMAN)


@dataclass(frozen=True)
class Measured:
    """The last 30 days.

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


def measure(*, system_prompt: str = "") -> Measured:
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
    sets = store.list_datasets()
    return Measured(
        conversations=count,
        answers=answers,
        input_tokens=sent / answers if answers else 0.0,
        output_tokens=written / answers if answers else 0.0,
        satisfaction=satisfaction.value,
        rated=satisfaction.conversations,
        usable=sum(sets[0].examples.values()) if sets else None,
    )
