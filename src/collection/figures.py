"""What the screen shows of a span of days: days are those of the configured zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from src.collection import store
from src.collection.model import InteractionType
from src.messages import N_, Message


@dataclass(frozen=True)
class Overview:
    """The figures of a span of days.

    Parameters
    ----------
    by_type : dict of InteractionType to int
        Events of every type, impressions included; a type without events has 0.
    interactions, impressions : int
        What people did, and what they were shown.
    sessions : int
        Those whose first interaction lies in the span.
    cars : int
        Distinct ones with an interaction in the span.
    mean_duration : float or None
        Seconds that details were on screen, over the ``timed`` views whose duration is known.
    first_event, last_event : datetime or None
        When the earliest and the latest event of all occurred, impressions included.
    last_received : datetime or None
        When, by this machine's clock, the last new interaction came in from a sender (files that
        were imported do not count).
    rejected : int
        Events refused in the span, by the day they were received.
    error_rate : float
        Refused events among all that were received, 0 to 1; 0 when there were none.
    rejections : dict of str to int
        Refused events by reason, the most frequent first.
    """

    by_type: dict[InteractionType, int]
    interactions: int
    impressions: int
    sessions: int
    cars: int
    mean_duration: float | None
    timed: int
    first_event: dt.datetime | None
    last_event: dt.datetime | None
    last_received: dt.datetime | None
    rejected: int
    error_rate: float
    rejections: dict[str, int]


@dataclass(frozen=True)
class DayCount:
    """How many events of one type a day had."""

    day: dt.date
    kind: InteractionType
    events: int


@dataclass(frozen=True)
class Funnel:
    """Sessions that clicked; of these, that also viewed details; of these, that also contacted."""

    clicked: int
    viewed: int
    contacted: int


@dataclass(frozen=True)
class CarClicks:
    """A car, its clicks, and its details as they were last shown."""

    car_id: str
    clicks: int
    details: dict[str, Any]


@dataclass(frozen=True)
class Target:
    """What a model could learn to predict, and whether what was collected allows it.

    Parameters
    ----------
    kind : InteractionType
        Click, view of details, or contact.
    reason : Message
        Why it is possible, or what is missing.
    positives, negatives : int
        Events of the type, and events that could have led to one and did not. The rows of a
        training table are fewer: one a session and car.
    """

    kind: InteractionType
    possible: bool
    reason: Message
    positives: int
    negatives: int


def overview(since: dt.date | None = None, until: dt.date | None = None) -> Overview:
    """Return the figures of a span of days.

    Parameters
    ----------
    since, until : date, optional
        First and last day, both included, in the configured zone; None leaves that side open.

    Raises
    ------
    StorageError
        If the database does not answer.
    """
    with store.figures() as figures:
        of_type = figures.by_type(since, until)
        totals = figures.totals()
        sessions = figures.session_steps(since, until)[0]
        cars = figures.cars_active(since, until)
        rejections = figures.rejected(since, until)
    by_type = {kind: sums.events for kind, sums in of_type.items()}
    events, rejected = sum(by_type.values()), sum(rejections.values())
    return Overview(
        by_type=by_type,
        interactions=events - by_type[InteractionType.IMPRESSION],
        impressions=by_type[InteractionType.IMPRESSION],
        sessions=sessions,
        cars=cars,
        mean_duration=mean_duration(of_type.values()),
        timed=sum(sums.timed for sums in of_type.values()),
        first_event=totals.first_event,
        last_event=totals.last_event,
        last_received=totals.last_received,
        rejected=rejected,
        error_rate=rejected / (rejected + events) if rejected else 0.0,
        rejections=rejections,
    )


def mean_duration(sums: Iterable[store.OfType]) -> float | None:
    """Return the mean of the known durations in seconds; None if there are none."""
    known = list(sums)
    timed = sum(of_type.timed for of_type in known)
    return sum(of_type.milliseconds for of_type in known) / timed / 1000 if timed else None


def daily(since: dt.date | None = None, until: dt.date | None = None) -> list[DayCount]:
    """Return events by day and type, in order; days and types without events are left out."""
    with store.figures() as figures:
        return [
            DayCount(row.day, InteractionType(row.interaction_type), int(row.events))
            for row in figures.by_day(since, until)
        ]


def funnel(since: dt.date | None = None, until: dt.date | None = None) -> Funnel:
    """Return how far the sessions went whose first interaction lies in the span."""
    with store.figures() as figures:
        return Funnel(*figures.session_steps(since, until)[1:])


def most_clicked(
    since: dt.date | None = None, until: dt.date | None = None, limit: int = 10
) -> list[CarClicks]:
    """Return the cars with most clicks in the span, at most ``limit``."""
    with store.figures() as figures:
        return [CarClicks(*row) for row in figures.most_clicked(since, until, limit)]


def targets() -> tuple[Target, ...]:
    """Return which of click, view of details and contact the collected types allow to learn.

    A click has a negative example only where it is known what was shown and not clicked. A view is
    asked of what was clicked, a contact also of what was shown.
    """
    with store.figures() as figures:
        counted = figures.by_type()
    shown, clicked, viewed, contacted = (counted[kind].events for kind in InteractionType)
    return (
        _target(InteractionType.CLICK, clicked, shown),
        _target(InteractionType.VIEW_DETAILS, viewed, clicked),
        _target(InteractionType.WHATSAPP_CONTACT, contacted, max(shown, clicked, viewed)),
    )


def _target(kind: InteractionType, positives: int, chances: int) -> Target:
    negatives = max(0, chances - positives)
    reason = _WITHOUT_NEGATIVES[kind]
    if not positives:
        reason = N_("Ainda não há eventos deste tipo.")
    elif negatives:
        reason = N_("Há exemplos do que aconteceu e do que não aconteceu.")
    return Target(kind, bool(positives and negatives), Message(reason), positives, negatives)


_WITHOUT_NEGATIVES = {
    InteractionType.CLICK: N_(
        "Faltam exibições (impression): sem saber o que foi mostrado e não clicado, "
        "não há exemplo negativo. Chame trackImpression no site."
    ),
    InteractionType.VIEW_DETAILS: N_(
        "Tudo o que foi clicado levou aos detalhes: não há exemplo negativo. Se no site o "
        "clique já abre os detalhes, preveja o clique ou o contato."
    ),
    InteractionType.WHATSAPP_CONTACT: N_(
        "Tudo o que foi mostrado ou clicado levou a este evento: não há exemplo negativo. "
        "Envie também cliques e exibições."
    ),
}
