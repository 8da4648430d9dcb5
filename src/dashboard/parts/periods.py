"""The period that a screen looks at: chosen from the address, compared with the one before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from src import days
from src.dashboard import formats
from src.dashboard.i18n import _, ngettext

DAYS = {"7": 7, "30": 30, "90": 90}
ALL, OWN = "all", "own"
USUAL = "30"

CHOICE = "periodo"
FIRST, LAST = "de", "ate"
"""Widget keys, and names in the address."""


@dataclass(frozen=True)
class Period:
    """Local days, both included; None where it is open."""

    since: dt.date | None = None
    until: dt.date | None = None

    def goes_on(self, today: dt.date) -> bool:
        """Whether events that come in now belong to it."""
        return (self.until is None or self.until >= today) and (
            self.since is None or self.since <= today
        )


def chosen(choice: str, today: dt.date, own: Sequence[dt.date | None] = ()) -> Period:
    """Return the days of a choice.

    Parameters
    ----------
    choice : str
        A key of ``DAYS``, ``ALL`` or ``OWN``.
    today : date
        The last of the days that end now.
    own : (date or None, date or None)
        For ``OWN``: first and last day; in the wrong order they are exchanged.

    Examples
    --------
    >>> chosen("7", dt.date(2026, 11, 21)).since
    datetime.date(2026, 11, 15)
    """
    if choice in DAYS:
        return Period(today - dt.timedelta(days=DAYS[choice] - 1), today)
    if choice == ALL or not own:
        return Period()
    first, last = own
    if first is not None and last is not None and first > last:
        first, last = last, first
    return Period(first, last)


def compared(period: Period, today: dt.date) -> tuple[Period, Period] | None:
    """Return two spans of whole days of the same length, the later one first.

    Today is left out, because it is not over; None when a period has no beginning to go back from.
    """
    if period.since is None:
        return None
    length = dt.timedelta(days=((period.until or today) - period.since).days + 1)
    last = min(period.until or today, today - dt.timedelta(days=1))
    first = last - length + dt.timedelta(days=1)
    if last < first:
        return None
    return Period(first, last), Period(first - length, last - length)


def moments(period: Period) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Return the period's first moment and the first one after it, in the configured zone."""
    return days.between(period.since, period.until)


def choose(usual: str = USUAL) -> Period:
    """Draw the choice of the period, which is in the address.

    Parameters
    ----------
    usual : str
        What is chosen where the address says nothing.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", key="collection_period"):
        choice = pick([*DAYS, ALL, OWN], key=CHOICE, usual=usual)
        own = _own_days() if choice == OWN else ()
    return chosen(choice, days.today(), own)


def pick(choices: Sequence[str], *, key: str, usual: str = USUAL) -> str:
    """Draw some of the choices of a period, and return the one made, which is in the address."""
    choice = st.segmented_control(
        _("Período"),
        choices,
        default=usual,
        required=True,
        format_func=_name,
        key=key,
        bind="query-params",
    )
    return choice or usual


def _name(choice: str) -> str:
    if choice == ALL:
        return _("Tudo")
    if choice == OWN:
        return _("Outro")
    return ngettext("{count} dia", "{count} dias", DAYS[choice])


def _own_days() -> tuple[dt.date | None, dt.date | None]:
    pattern = formats.day_pattern()
    first, last = (
        st.date_input(label, value=None, format=pattern, key=key, width=180, bind="query-params")
        for label, key in ((_("De"), FIRST), (_("Até"), LAST))
    )
    return first, last
