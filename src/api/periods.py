"""Days and moments in an address."""

from __future__ import annotations

import datetime as dt
import re
from http import HTTPStatus

from src import days
from src.api.problems import Refusal
from src.collection import Fault
from src.messages import N_, Message

_DAY_LENGTH = len("2024-11-01")
_NOT_OF_A_DAY = re.compile("[^0-9W-]")


def moment(text: str | None, field: str, *, whole_day: bool = False) -> dt.datetime | None:
    """Return the moment that a parameter names, or None if it was not given.

    Parameters
    ----------
    text : str or None
        A day in the configured zone, ``2024-11-01``, or a moment with its own zone.
    field : str
        The parameter's name, for the refusal.
    whole_day : bool
        Whether a day stands for its end rather than its beginning.

    Raises
    ------
    Refusal
        422 if it is neither.
    """
    if text is None:
        return None
    try:
        if len(text) <= _DAY_LENGTH:
            day = dt.date.fromisoformat(text) + dt.timedelta(days=whole_day)
            return days.beginning(day).astimezone(dt.UTC)
        found = dt.datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found.astimezone(dt.UTC)
        kind = "timezone_aware"
    except (ValueError, OverflowError):
        kind = "datetime_parsing"
    template = N_(
        "«{field}» não é uma data nem um momento com fuso. Use 2024-11-01 ou "
        "2024-11-01T12:00:00Z; o sinal + de um fuso se escreve %2B no endereço."
    )
    raise _refusal(Message(template, {"field": field}), Fault(field, kind))


def check_order(since: dt.datetime | None, until: dt.datetime | None) -> None:
    """Refuse a span that ends before it begins: an empty file would look like an answer.

    Raises
    ------
    Refusal
        422 if it does.
    """
    if since is not None and until is not None and since > until:
        detail = Message(N_("O período termina antes de começar. Troque «since» e «until»."))
        raise _refusal(detail, Fault("until", "before_since"))


def _refusal(detail: Message, fault: Fault) -> Refusal:
    return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-request", detail, errors=(fault,))


def day_in_name(text: str) -> str:
    """Return the day of a text that :func:`moment` takes, as a part of a file's name.

    Between day and hour any character is allowed, quotes and line ends too: these stay out of the
    header that holds the name.
    """
    return _NOT_OF_A_DAY.sub("", text[:_DAY_LENGTH])
