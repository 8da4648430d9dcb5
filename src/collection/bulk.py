"""Many events from JSON, checked together: parts that repeat are checked once.

A session sends the same preferences with each event, and a car has the same details for everyone.
Checking these again for each event would be half the time of an import.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import orjson
import pydantic

from src.collection.event import CarDetails, Event, Problem, UserPreferences, check

_EVENTS = pydantic.TypeAdapter(list[Event])
_preferences = lru_cache(2_000)(UserPreferences.model_validate_json)
_details = lru_cache(2_000)(CarDetails.model_validate_json)


def check_all(raws: list[Any]) -> Sequence[Event | tuple[Problem, ...]]:
    """Return each event, or everything that is wrong with it, as ``event.check`` does.

    Parameters
    ----------
    raws : list
        What a JSON parser made. The values are taken over: parts of them are replaced.
    """
    for raw in raws:
        try:
            raw["user_preferences"] = _preferences(orjson.dumps(raw["user_preferences"]))
            raw["car_details"] = _details(orjson.dumps(raw["car_details"]))
        except (pydantic.ValidationError, LookupError, TypeError):
            pass  # the event is checked with what came, and what is wrong with it is said
    try:
        return _EVENTS.validate_python(raws)
    except pydantic.ValidationError:
        return [check(raw) for raw in raws]
