"""Many events from JSON, checked together: parts that repeat are checked once.

A session sends the same preferences with each event, and a car has the same details for everyone.
Checking these again for each event would be half the time of an import.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import orjson
import pydantic

from src.collection.event import CarDetails, Event, Problem, UserPreferences, check

_EVENTS = pydantic.TypeAdapter(list[Event])
_PARTS: dict[str, Callable[[bytes], pydantic.BaseModel]] = {
    "user_preferences": lru_cache(2_000)(UserPreferences.model_validate_json),
    "car_details": lru_cache(2_000)(CarDetails.model_validate_json),
}


def check_all(raws: list[Any]) -> Sequence[Event | tuple[Problem, ...]]:
    """Return each event, or everything that is wrong with it, as ``event.check`` does.

    Parameters
    ----------
    raws : list
        What a JSON parser made. The values are taken over: parts of them are replaced.
    """
    for raw in raws:
        if type(raw) is dict:
            _replace_parts(raw)
    try:
        return _EVENTS.validate_python(raws)
    except pydantic.ValidationError:
        return [check(raw) for raw in raws]


def _replace_parts(raw: dict[str, Any]) -> None:
    for name, checked in _PARTS.items():
        part = raw.get(name)
        if type(part) is dict:
            try:
                raw[name] = checked(orjson.dumps(part))
            except (pydantic.ValidationError, orjson.JSONEncodeError):
                continue  # the event is checked with the part as it came, and says what is wrong
