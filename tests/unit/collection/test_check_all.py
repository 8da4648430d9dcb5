"""Checking many events of a file together says what checking each of them says."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

from src.collection import Event, check
from src.collection.model import check_all
from tests.unit.collection.events import EVENT, event

VALUES: list[Any] = [
    *(None, True, False, 0, 1, 1.0, -1, 5, 6, 1e300, 10**30, "", "x", "1", [], {}, [{}], {"a": 1}),
    *("2024-11-11T10:30:00Z", "view_details", "click", "a\x00b", "=1+1", float("nan")),
    *("9999-12-31T23:59:59-23:59", 12.5, 30000, 30000.5),
]


def paths(value: dict[str, Any]) -> list[list[str]]:
    found = []
    for name, inner in value.items():
        found.append([name])
        if isinstance(inner, dict):
            found += [[name, *rest] for rest in paths(inner)]
    return found


def changed(rng: random.Random) -> Any:
    """Return a valid event with a value or two replaced, taken out, or put in."""
    made: Any = event(rng.randrange(10**6))
    for _ in range(rng.choice([0, 1, 1, 2])):
        *path, last = rng.choice(paths(EVENT))
        place = made
        for name in path:
            place = place[name] if isinstance(place, dict) and name in place else None
        if not isinstance(place, dict):
            continue
        action = rng.random()
        if action < 0.7:
            place[last] = copy.deepcopy(rng.choice(VALUES))
        elif action < 0.85 and last != "id":  # without one, each event gets another
            place.pop(last, None)
        else:
            place["joao"] = 1
    return made if rng.random() < 0.97 else rng.choice(VALUES)


def test_together_or_alone_the_same_is_said_of_every_event() -> None:
    rng = random.Random(3)
    some_valid = 0
    for _ in range(150):
        sent = json.loads(json.dumps([changed(rng) for _ in range(12)]))
        alone = [check(copy.deepcopy(one)) for one in sent]
        together = check_all(copy.deepcopy(sent))
        assert list(together) == alone
        some_valid += sum(isinstance(one, Event) for one in alone)
    assert 300 < some_valid < 1500


def test_a_part_seen_before_as_another_type_is_checked_by_itself() -> None:
    good, bad = event(1), event(2)
    bad["user_preferences"]["priorities"]["economia"] = True  # Python takes True for 1
    good["user_preferences"]["priorities"]["economia"] = 1
    first, second = check_all([good, bad])
    assert isinstance(first, Event)
    assert isinstance(second, tuple)
