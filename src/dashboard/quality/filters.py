"""What the quality screen looks at: period, channel and topic from the address, read once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import streamlit as st

from src import conversations, days, review
from src.dashboard.i18n import _
from src.dashboard.parts import periods
from src.dashboard.parts.periods import ALL, USUAL, Period

CHANNEL, TOPIC = "canal", "tema"
"""Widget keys, and names in the address."""

CACHE_SECONDS = 60
MOST_DAYS, MOST_WEEKS = 31, 60
"""Longer periods are drawn by week, and still longer ones by month."""


@dataclass(frozen=True)
class Choice:
    """What was chosen; a channel or topic of None is any."""

    period: Period
    channel: str | None
    topic: str | None


def is_empty() -> bool:
    """Whether no conversation was ever imported."""
    return not conversations.list_conversations(limit=1).total


def choose() -> Choice:
    """Draw the choice of period, channel and topic.

    Where the last 30 days have nothing to show, as after an import of old conversations, the usual
    period is everything.
    """
    last = review.quality_span().last
    first_day = periods.chosen(USUAL, days.today()).since
    recent = last is not None and first_day is not None and days.day_of(last) >= first_day
    period = periods.choose(USUAL if recent else ALL)
    with st.container(horizontal=True, key="quality_filters"):
        channel = _one_of(_("Canal"), "channel", CHANNEL)
        topic = _one_of(_("Tema"), "topic", TOPIC)
    return Choice(period, channel, topic)


def _one_of(label: str, field: str, key: str) -> str | None:
    values = conversations.values_of(field)
    if not values:
        return None
    chosen: str | None = st.selectbox(
        label,
        values,
        index=None,
        placeholder=_("Todos"),
        key=key,
        bind="query-params",
        width=200,
    )
    return chosen


def look(choice: Choice) -> review.Survey:
    """Return everything about the choice, read again when something changed."""
    today = days.today()
    period = choice.period
    if period.since is not None and period.until is None:
        period = Period(period.since, max(today, period.since))
    since, until = periods.moments(period)
    return _survey(
        since, until, choice.channel, choice.topic, step(period, today), review.quality_state()
    )


@st.cache_data(ttl=CACHE_SECONDS, max_entries=20, show_spinner=False)
def _survey(
    since: dt.datetime | None,
    until: dt.datetime | None,
    channel: str | None,
    topic: str | None,
    by: str,
    state: str,  # only a part of the key: in another state it is read again
) -> review.Survey:
    return review.survey(since, until, channel=channel, topic=topic, by=by)


def step(period: Period, today: dt.date) -> str:
    """Return what a point over time stands for: a day, a week or a month."""
    if period.since is None:
        return "week"
    days = ((period.until or today) - period.since).days + 1
    if days <= MOST_DAYS:
        return "day"
    return "week" if days <= MOST_WEEKS * 7 else "month"
