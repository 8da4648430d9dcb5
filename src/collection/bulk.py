"""Many events from JSON, checked together: parts that repeat are checked once.

A session sends the same preferences with each event, and a car has the same details for everyone.
Checking these again for each event would be half the time of an import.
"""

from __future__ import annotations

from typing import Any

import orjson
import pydantic

from src.collection.event import (
    CarDetails,
    Event,
    Problem,
    UserPreferences,
    check,
)

PARTS_KEPT = 20_000
_PARTS: tuple[tuple[str, type[pydantic.BaseModel]], ...] = (
    ("user_preferences", UserPreferences),
    ("car_details", CarDetails),
)
_EVENTS = pydantic.TypeAdapter(list[Event])


class Checker:
    """Checks events that were read from JSON, and remembers parts of them.

    Only for what a JSON parser made: two Python values of other types may be the same JSON.
    """

    def __init__(self) -> None:
        self._known: dict[bytes, pydantic.BaseModel] = {}

    def check(self, raws: list[Any]) -> list[Event] | list[Event | tuple[Problem, ...]]:
        """Return each event, or everything that is wrong with it, as ``event.check`` does."""
        if len(self._known) > PARTS_KEPT:
            self._known.clear()
        prepared = [self._with_known_parts(raw) if type(raw) is dict else raw for raw in raws]
        try:
            return _EVENTS.validate_python(prepared)
        except pydantic.ValidationError:
            return [check(raw) for raw in prepared]

    def _with_known_parts(self, raw: dict[str, Any]) -> dict[str, Any]:
        for name, model in _PARTS:
            part = raw.get(name)
            if type(part) is dict:
                key = orjson.dumps(part)
                known = self._known.get(key)
                if known is None:
                    try:
                        known = self._known[key] = model.model_validate(part)
                    except pydantic.ValidationError:
                        continue  # the event is checked with the part as it came, and says so
                raw[name] = known
        return raw
