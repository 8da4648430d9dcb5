"""What the screen shows of a span of days: days are those of the configured zone."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from src.collection import store
from src.collection.event import InteractionType
from src.config import get_settings
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


def _day(event: dict[str, Any]) -> dt.date:
    moment = dt.datetime.fromisoformat(event["timestamp"])
    return moment.astimezone(ZoneInfo(get_settings().timezone)).date()


def _within(day: dt.date, since: dt.date | None, until: dt.date | None) -> bool:
    return (since is None or day >= since) and (until is None or day <= until)


def _events(since: dt.date | None, until: dt.date | None) -> list[dict[str, Any]]:
    return [event for event in store.every() if _within(_day(event), since, until)]


def _is_interaction(event: dict[str, Any]) -> bool:
    return InteractionType(event["interaction_type"]).is_interaction


def _sessions(since: dt.date | None, until: dt.date | None) -> dict[str, set[str]]:
    first: dict[str, dt.date] = {}
    did: dict[str, set[str]] = defaultdict(set)
    for event in filter(_is_interaction, store.every()):
        first.setdefault(event["session_id"], _day(event))
        did[event["session_id"]].add(event["interaction_type"])
    return {session: did[session] for session, day in first.items() if _within(day, since, until)}


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
    events = _events(since, until)
    by_type = Counter(InteractionType(event["interaction_type"]) for event in events)
    seconds = [e["duration_seconds"] for e in events if e["duration_seconds"] is not None]
    moments = [dt.datetime.fromisoformat(event["timestamp"]) for event in store.every()]
    rejections = store.rejected(since)
    rejected = sum(rejections.values())
    return Overview(
        by_type={kind: by_type[kind] for kind in InteractionType},
        interactions=sum(by_type[kind] for kind in InteractionType if kind.is_interaction),
        impressions=by_type[InteractionType.IMPRESSION],
        sessions=len(_sessions(since, until)),
        cars=len({event["car_id"] for event in events if _is_interaction(event)}),
        mean_duration=sum(seconds) / len(seconds) if seconds else None,
        timed=len(seconds),
        first_event=min(moments, default=None),
        last_event=max(moments, default=None),
        last_received=max(moments, default=None),
        rejected=rejected,
        error_rate=rejected / (rejected + len(events)) if rejected else 0.0,
        rejections=rejections,
    )


def daily(since: dt.date | None = None, until: dt.date | None = None) -> list[DayCount]:
    """Return events by day and type, in order; days and types without events are left out."""
    counted = Counter((_day(e), e["interaction_type"]) for e in _events(since, until))
    return [
        DayCount(day, InteractionType(kind), events)
        for (day, kind), events in sorted(counted.items())
    ]


def funnel(since: dt.date | None = None, until: dt.date | None = None) -> Funnel:
    """Return how far the sessions went whose first interaction lies in the span."""
    kinds = _sessions(since, until).values()
    return Funnel(
        sum({"click"} <= did for did in kinds),
        sum({"click", "view_details"} <= did for did in kinds),
        sum({"click", "view_details", "whatsapp_contact"} <= did for did in kinds),
    )


def most_clicked(
    since: dt.date | None = None, until: dt.date | None = None, limit: int = 10
) -> list[CarClicks]:
    """Return the cars with most clicks in the span, at most ``limit``."""
    details: dict[str, dict[str, Any]] = {}
    clicks: Counter[str] = Counter()
    for event in store.every():
        details[event["car_id"]] = event["car_details"]
    for event in _events(since, until):
        clicks[event["car_id"]] += event["interaction_type"] == InteractionType.CLICK
    ranked = sorted((-count, car) for car, count in clicks.items() if count)
    return [CarClicks(car, -count, details[car]) for count, car in ranked[:limit]]


def targets() -> tuple[Target, ...]:
    """Return which of click, view of details and contact the collected types allow to learn.

    A click has a negative example only where it is known what was shown and not clicked; a view
    or a contact also has one in what was clicked and went no further.
    """
    by_type = overview().by_type
    shown = by_type[InteractionType.IMPRESSION]
    clicked = by_type[InteractionType.CLICK]
    viewed = by_type[InteractionType.VIEW_DETAILS]
    return (
        _target(InteractionType.CLICK, clicked, shown),
        _target(InteractionType.VIEW_DETAILS, viewed, max(shown, clicked)),
        _target(
            InteractionType.WHATSAPP_CONTACT,
            by_type[InteractionType.WHATSAPP_CONTACT],
            max(shown, clicked, viewed),
        ),
    )


def _target(kind: InteractionType, positives: int, chances: int) -> Target:
    negatives = max(0, chances - positives)
    if not positives:
        reason = Message(N_("Ainda não há eventos deste tipo."))
    elif negatives:
        reason = Message(N_("Há exemplos do que aconteceu e do que não aconteceu."))
    elif kind is InteractionType.CLICK:
        reason = Message(
            N_(
                "Faltam exibições (impression): sem saber o que foi mostrado e não clicado, "
                "não há exemplo negativo. Chame trackImpression no site."
            )
        )
    else:
        reason = Message(
            N_(
                "Tudo o que foi mostrado ou clicado levou a este evento: não há exemplo negativo. "
                "Envie também cliques e exibições."
            )
        )
    return Target(kind, bool(positives and negatives), reason, positives, negatives)
