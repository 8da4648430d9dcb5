"""The features of one case: what is known of a person and a car before anything happens."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

from src import days

PRIORITIES = ("economia", "espaco", "performance", "conforto", "seguranca")


def row(
    preferences: Mapping[str, Any],
    car: Mapping[str, Any],
    score: float,
    at: dt.datetime,
    *,
    cars_seen: int = 0,
    cars_clicked: int = 0,
) -> dict[str, Any]:
    """Return the features of one person and one car; tables and predictions are made of these.

    Parameters
    ----------
    preferences, car : mapping
        ``user_preferences`` and ``car_details`` as an event has them.
    score : float
        What the rules say of the pair, 0 to 1.
    at : datetime
        With zone: when the car is shown. Its hour, weekday (0 is Monday) and year are taken in the
        configured zone.
    cars_seen, cars_clicked : int
        Other cars the session had seen, and gone on to click, before this moment. For a list that
        is being ranked, the same for all its cars: what came before the list.

    Returns
    -------
    dict
        By column, in the table's order. ``price_to_budget`` is the price over the highest budget;
        ``budget_position`` is 0 at the lowest budget and 1 at the highest. NaN where the budget has
        no height.
    """
    low, high, price = preferences["budget_min"], preferences["budget_max"], car["preco"]
    local = days.local(at)
    return {
        "budget_min": float(low),
        "budget_max": float(high),
        "usage": preferences["usage"],
        **{name: int(preferences["priorities"][name]) for name in PRIORITIES},
        "marca": car["marca"],
        "modelo": car["modelo"],
        "ano": int(car["ano"]),
        "preco": float(price),
        "categoria": car["categoria"],
        "match_score": float(score),
        "price_to_budget": price / high if high > 0 else math.nan,
        "budget_position": (price - low) / (high - low) if high > low else math.nan,
        "car_age": local.year - int(car["ano"]),
        "hour": local.hour,
        "weekday": local.weekday(),
        "cars_seen": int(cars_seen),
        "cars_clicked": int(cars_clicked),
    }
