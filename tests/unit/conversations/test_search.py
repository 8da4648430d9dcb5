"""Words are found whatever their case and accents, and no query breaks the search."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from src import conversations
from src.conversations import Filters
from tests.unit.conversations.files import chat, jsonl

TEXTS = ("A garantia do COLCHÃO é de 5 anos", "Quanto custa a entrega?", "100% 👍 C:\\x_y")


@pytest.fixture(autouse=True)
def _stored(any_database: str, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "c.jsonl", *[chat(("user", t), ("assistant", "ok")) for t in TEXTS])
    conversations.import_file(path, conversations.inspect_file(path).mapping, actor="ana")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("colchão", 0),
        ("colchao", 0),
        ("COLCHÃO garantia", 0),
        ("garantias", None),
        ("entrega", 1),
        ("entrega colchão", None),
        ("👍", 2),
        ("x_y", 2),
        ("%", 2),
        ("_", 2),
        ("", None),
    ],
)
def test_the_turn_with_the_words_is_found(query: str, found: int | None, any_database: str) -> None:
    hits = [hit.content for hit in conversations.search(query)]
    if query == "garantias" and any_database == "postgres":
        assert hits == [TEXTS[0]]  # stems are compared there
        return
    assert hits == ([] if found is None else [TEXTS[found]])


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(strategies.text(max_size=30))
def test_no_query_breaks_the_search(query: str) -> None:
    conversations.search(query)
    conversations.list_conversations(Filters(query=query))


@pytest.mark.parametrize(
    "query", ['"', "a AND", "NEAR(", "*", "col:x", "a OR -b", "' ; --", "\ud83d"]
)
def test_the_engines_own_signs_are_plain_text(query: str) -> None:
    conversations.search(query)
