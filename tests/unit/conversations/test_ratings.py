"""Ratings are read in the forms in which people write them; the others are counted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from src import conversations
from src.conversations.parsing import stars
from tests.unit.conversations.files import GREETING, bring, jsonl, only


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (5, 5),
        (4.0, 4),
        ("5.0", 5),
        ("3,0", 3),
        ("5/5", 5),
        ("4 / 5", 4),
        ("2 de 5", 2),
        ("5 estrelas", 5),
        ("1 star", 1),
        ("★★★★★", 5),
        ("★★★☆☆", 3),
        ("⭐⭐️ ⭐", 3),
        ("ótimo", 5),
        (0, None),
        (6, None),
        (4.5, None),
        ("8/10", None),
        ("★★★★★★", None),
        ("☆☆☆☆☆", None),
        ("10", None),
        (float("nan"), None),
        (True, None),
        ("bem", None),
    ],
)
def test_forms_of_a_rating(value: Any, read: int | None) -> None:
    assert stars(value, {"ótimo": 5}) == read


@pytest.mark.usefixtures("settings")
def test_ratings_that_cannot_be_read_are_counted_and_warned_of(tmp_path: Path) -> None:
    given = [5, "", None, 0, 6, "4.5", "NaN", [1]]
    records = [{"id": str(n), "rating": rating, **GREETING} for n, rating in enumerate(given)]
    path = tmp_path / "c.jsonl"
    path.write_text("\n".join(map(json.dumps, records)))
    warned = [str(it) for it in conversations.inspect_file(path).warnings]
    assert len(warned) == 1
    assert "«0», «6», «4.5», «NaN», «[1]»" in warned[0]
    done = bring(path)
    assert (done.feedback, done.unread_ratings) == (1, 5)
    known = bring(path, stars={"0": 1, "6": 5, "4.5": 4, "NaN": 1})
    assert known.unread_ratings == 1


@pytest.mark.usefixtures("settings")
def test_a_rating_in_stars_is_the_customers(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "c.jsonl", {"id": "1", "nota": "★★☆☆☆", **GREETING})
    found = conversations.inspect_file(path)
    assert (found.warnings, found.ratings) == ((), {})
    assert bring(path).feedback == 1
    (given,) = conversations.feedback_of(only().summary.id)
    assert (given.author, given.stars) == ("customer", 2)
