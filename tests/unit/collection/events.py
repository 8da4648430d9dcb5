"""Events for the tests, in the documented shape."""

from __future__ import annotations

import copy
import datetime as dt
import random
from typing import Any

EVENT: dict[str, Any] = {
    "id": "int_000001",
    "session_id": "sess_1699999999999_abc123",
    "interaction_type": "click",
    "car_id": "car_robust_001",
    "timestamp": "2024-11-11T10:30:00.000Z",
    "user_preferences": {
        "budget_min": 30000,
        "budget_max": 60000,
        "usage": "trabalho",
        "priorities": {
            "economia": 5,
            "espaco": 3,
            "performance": 2,
            "conforto": 3,
            "seguranca": 4,
        },
    },
    "car_details": {
        "marca": "Chevrolet",
        "modelo": "Onix",
        "ano": 2017,
        "preco": 45900,
        "categoria": "Hatch",
    },
    "match_score": 0.85,
    "duration_seconds": None,
}


def event(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Return the documented event with another id, and with dotted fields changed."""
    made = copy.deepcopy(EVENT)
    made["id"] = f"int_{number:06d}"
    for name, value in changes.items():
        place = made
        *path, last = name.split("__")
        for part in path:
            place = place[part]
        place[last] = value
    return made


def at(day: int, hour: int = 12) -> str:
    """Return a moment in November 2024."""
    return dt.datetime(2024, 11, day, hour, tzinfo=dt.UTC).isoformat()


KINDS = ("impression", "click", "view_details", "whatsapp_contact")


def some(count: int, seed: int = 0, *, first: int = 0) -> list[dict[str, Any]]:
    """Return events of few sessions and cars, so that they meet in the counters."""
    rng = random.Random(seed)
    made = []
    for number in range(first, first + count):
        kind = rng.choice(KINDS)
        made.append(
            event(
                number,
                interaction_type=kind,
                session_id=f"sess_1699999999999_s{rng.randrange(12)}",
                car_id=f"car_{rng.randrange(9)}",
                timestamp=at(rng.randrange(1, 8), rng.randrange(24)),
                duration_seconds=rng.choice([None, 4.5, 10.0]) if kind == "view_details" else None,
            )
        )
    return made
