"""A file whose conversations are here already, under the name of another system."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from src import conversations
from tests.unit.conversations.files import GREETING, chat, jsonl

pytestmark = pytest.mark.usefixtures("any_database")


def known(path: Path, origin: str | None = None) -> dict[str, int]:
    """Return what is known of a file, after it was imported under a name if there is one."""
    mapping = conversations.inspect_file(path).mapping
    if origin is not None:
        given = dataclasses.replace(mapping, origin=origin, repair=True)
        conversations.import_file(path, given, actor="ana")
    return conversations.known_origins(path, mapping)


def test_they_are_found_by_identifier_and_by_content(tmp_path: Path) -> None:
    other = {"id": "7", **chat(("user", "nÃ£o chegou"), ("assistant", "Quando?"))}
    path = jsonl(tmp_path / "c.jsonl", GREETING, other)
    assert known(path) == {}
    assert known(path, "loja") == {"loja": 2}


def test_the_origin_that_has_the_most_comes_first(tmp_path: Path) -> None:
    assert known(jsonl(tmp_path / "a.jsonl", GREETING), "a") == {"a": 1}
    other = chat(("user", "Oi"), ("assistant", "Olá"))
    assert list(known(jsonl(tmp_path / "b.jsonl", GREETING, other), "b").items()) == [
        ("b", 2),
        ("a", 1),
    ]


def test_the_same_number_in_another_system_is_another_conversation(tmp_path: Path) -> None:
    known(jsonl(tmp_path / "a.jsonl", {"id": "1", **GREETING}), "loja")
    other = {"id": "1", **chat(("user", "Oi"), ("assistant", "Olá"))}
    assert known(jsonl(tmp_path / "b.jsonl", other)) == {}
