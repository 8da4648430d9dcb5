"""How far the collection is from being enough, and whether its quality is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

EXPLORATION, FIRST_TRAINING, ROBUST = GOALS = (500, 1_000, 5_000)
"""Interactions needed to explore, to train a first model, and for a robust one."""

HIGHEST_ERROR_RATE = 0.05
FEWEST_SESSIONS = 100
FEWEST_CARS = 50
SMALLEST_SHARE = 0.05
"""Of each interaction type, for the types to count as balanced."""


@dataclass(frozen=True)
class Goal:
    """One number of interactions to reach.

    Parameters
    ----------
    target, reached : int
        Interactions needed and collected.
    expected : date or None
        When it is reached at the pace given; None if it is reached, or nothing comes in.
    """

    target: int
    reached: int
    expected: dt.date | None

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return min(1.0, self.reached / self.target)

    @property
    def is_met(self) -> bool:
        """Whether enough has been collected."""
        return self.reached >= self.target


def progress(interactions: int, per_day: float, today: dt.date) -> tuple[Goal, ...]:
    """Return every goal, with the day it will be reached.

    Parameters
    ----------
    interactions : int
        Collected so far.
    per_day : float
        Recent pace, at least 0.
    today : date
        From which days are counted.
    """
    return tuple(
        Goal(target, interactions, _expected(target - interactions, per_day, today))
        for target in GOALS
    )


def _expected(missing: int, per_day: float, today: dt.date) -> dt.date | None:
    if missing <= 0 or per_day <= 0:
        return None
    days = -(-missing // per_day)
    try:
        return today + dt.timedelta(days=days)
    except OverflowError:
        return None


@dataclass(frozen=True)
class Quality:
    """One quality target: what was measured, what is asked for, whether it is met."""

    name: str
    measured: float
    target: float
    is_met: bool


def quality(
    *, accepted: int, rejected: int, sessions: int, cars: int, by_type: dict[str, int]
) -> tuple[Quality, ...]:
    """Return the four quality targets.

    Parameters
    ----------
    accepted, rejected : int
        Events; their ratio is the error rate.
    sessions, cars : int
        Distinct ones with at least one interaction.
    by_type : dict of str to int
        Interactions (without impressions) by type. They are balanced when none is rarer than
        5 % of all.
    """
    received = accepted + rejected
    errors = rejected / received if received else 0.0
    interactions = sum(by_type.values())
    rarest = min(by_type.values()) / interactions if interactions else 0.0
    few_errors = received > 0 and errors < HIGHEST_ERROR_RATE
    return (
        Quality("error_rate", errors, HIGHEST_ERROR_RATE, few_errors),
        Quality("sessions", sessions, FEWEST_SESSIONS, sessions > FEWEST_SESSIONS),
        Quality("cars", cars, FEWEST_CARS, cars > FEWEST_CARS),
        Quality("balance", rarest, SMALLEST_SHARE, rarest >= SMALLEST_SHARE),
    )
