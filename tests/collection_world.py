"""A small market: people with preferences are shown cars, and what they do follows known rules.

What a person wants of a car depends on its price against the budget, on how its qualities meet
the person's priorities, and on a taste of brands that goes with the use. The rules' match score
knows the first two, with noise, and nothing of the third: that is what a model can add.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

START = dt.datetime(2024, 9, 2, 9, 0, tzinfo=dt.UTC)
STAGES = ("impression", "click", "view_details", "whatsapp_contact")
PRIORITIES = ("economia", "espaco", "performance", "conforto", "seguranca")
USAGES = ("trabalho", "familia", "lazer")
BRANDS = ("Chevrolet", "Fiat", "Volkswagen", "Toyota", "Honda", "Hyundai", "Renault", "Ford")
CATEGORIES = ("Hatch", "Sedan", "SUV", "Picape")
LIKED = {
    "trabalho": ("Fiat", "Renault", "Picape"),
    "familia": ("Toyota", "Honda", "SUV"),
    "lazer": ("Volkswagen", "Hyundai", "Hatch"),
}


@dataclass(frozen=True)
class Showing:
    """One car shown to one person, and how far it went: 0 shown, 1 clicked, 2 read, 3 asked."""

    session: int
    at: dt.datetime
    preferences: dict[str, Any]
    car_id: str
    car: dict[str, Any]
    score: float
    stage: int


def showings(
    sessions: int = 200, *, cars: int = 60, shown: int = 10, days: int = 60, seed: int = 0
) -> list[Showing]:
    """Return what was shown to whom and what came of it, session by session."""
    rng = np.random.default_rng(seed)
    catalogue = [_car(rng, number) for number in range(cars)]
    starts = np.sort(rng.uniform(0, days * 24 * 60, sessions))
    made = []
    for session, minutes in enumerate(starts):
        preferences = _preferences(rng)
        picked = rng.choice(cars, min(shown, cars), replace=False)
        for place, number in enumerate(picked):
            car_id, car, qualities = catalogue[number]
            fit, taste = _wish(preferences, car, qualities)
            wish = fit + taste + rng.normal(0, 0.4)
            stage = 0
            for hurdle in (0.9, 0.7, 0.9):  # to click, to read, to ask
                if rng.random() >= 1 / (1 + np.exp(-3.2 * (wish - hurdle))):
                    break
                stage += 1
            made.append(
                Showing(
                    session=session,
                    at=START + dt.timedelta(minutes=float(minutes), seconds=20 * place),
                    preferences=preferences,
                    car_id=car_id,
                    car=car,
                    score=float(np.clip(0.35 + 0.3 * fit + rng.normal(0, 0.12), 0, 1)),
                    stage=stage,
                )
            )
    return made


def shuffled(shown: Sequence[Showing], seed: int = 0) -> list[Showing]:
    """Return the same with the outcomes dealt out anew: nothing tells them any more."""
    stages = np.random.default_rng(seed).permutation([each.stage for each in shown])
    return [replace(each, stage=int(stage)) for each, stage in zip(shown, stages, strict=True)]


def decided_by_use(shown: Sequence[Showing], use: str = "trabalho") -> list[Showing]:
    """Return the same with outcomes that only the use tells: all for one use, none for others."""
    return [replace(each, stage=3 if each.preferences["usage"] == use else 0) for each in shown]


def events(shown: Sequence[Showing], *, impressions: bool = True) -> list[dict[str, Any]]:
    """Return the events of what was shown, in the documented shape and in order of time."""
    made = []
    for each in shown:
        for stage in range(0 if impressions else 1, each.stage + 1):
            at = each.at + dt.timedelta(seconds=7 * stage)
            made.append(
                {
                    "id": f"int_{len(made):07d}",
                    "session_id": session_id(each.session),
                    "interaction_type": STAGES[stage],
                    "car_id": each.car_id,
                    "timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                    "user_preferences": each.preferences,
                    "car_details": each.car,
                    "match_score": each.score,
                    "duration_seconds": 30.0 if STAGES[stage] == "view_details" else None,
                }
            )
    return sorted(made, key=lambda event: (event["timestamp"], event["id"]))


def session_id(number: int) -> str:
    """Return a session's documented name."""
    return f"sess_{1_725_000_000_000 + number}_w{number:05d}"


def _car(rng: np.random.Generator, number: int) -> tuple[str, dict[str, Any], dict[str, float]]:
    brand = str(rng.choice(BRANDS))
    category = str(rng.choice(CATEGORIES))
    year = int(rng.integers(2012, 2024))
    base = {"Hatch": 45_000, "Sedan": 60_000, "SUV": 85_000, "Picape": 80_000}[category]
    price = float(round(base * rng.uniform(0.7, 1.3) * 0.95 ** (2024 - year), -2))
    qualities = {
        "economia": {"Hatch": 1.0, "Sedan": 0.6, "SUV": 0.2, "Picape": 0.1}[category],
        "espaco": {"Hatch": 0.2, "Sedan": 0.5, "SUV": 0.9, "Picape": 0.8}[category],
        "performance": float(rng.uniform(0, 1)),
        "conforto": min(1.0, max(0.0, (year - 2012) / 12)),
        "seguranca": min(1.0, max(0.0, (year - 2012) / 12)),
    }
    car = {
        "marca": brand,
        "modelo": f"{brand[:3]} {category} {number % 20}",
        "ano": year,
        "preco": price,
        "categoria": category,
    }
    return f"car_{number:03d}", car, qualities


def _preferences(rng: np.random.Generator) -> dict[str, Any]:
    low = int(rng.integers(2, 6)) * 10_000
    return {
        "budget_min": low,
        "budget_max": low + int(rng.integers(2, 6)) * 10_000,
        "usage": str(rng.choice(USAGES)),
        "priorities": {name: int(rng.integers(1, 6)) for name in PRIORITIES},
    }


def _wish(
    preferences: dict[str, Any], car: dict[str, Any], qualities: dict[str, float]
) -> tuple[float, float]:
    """Return how well the car fits, as the rules see it, and how well it suits the taste."""
    over = max(0.0, car["preco"] - preferences["budget_max"]) / preferences["budget_max"]
    under = max(0.0, preferences["budget_min"] - car["preco"]) / preferences["budget_min"]
    weights = preferences["priorities"]
    met = sum(weights[name] * qualities[name] for name in PRIORITIES) / sum(weights.values())
    liked = LIKED[preferences["usage"]]
    taste = 0.8 * (car["marca"] in liked) + 0.6 * (car["categoria"] in liked) - 0.5
    return float(2 * met - 4 * over - 2 * under), float(taste)
