"""Conversations are listed: the newest first, those without times last, each by how it begins."""

from __future__ import annotations

import datetime as dt

import pytest

from src import conversations
from src.conversations import Filters, NewConversation, NewTurn, Role

pytestmark = pytest.mark.usefixtures("any_database")


def store(name: str, *said: tuple[Role, str], day: int | None = None) -> str:
    """Store a conversation of a day of March, or without times, and return its identifier."""
    at = None if day is None else dt.datetime(2026, 3, day, tzinfo=dt.UTC)
    turns = tuple(NewTurn(role, text, at=at) for role, text in said)
    conversations.add([NewConversation(name, turns, channel="x")], "teste", actor="ana")
    return next(it.summary.id for it in conversations.every() if it.summary.origin_id == name)


def test_those_without_times_come_last_on_whatever_page() -> None:
    for name, day in (("b", 2), ("?", None), ("c", 3), ("!", None), ("a", 1)):
        store(name, (Role.CUSTOMER, "oi"), day=day)
    listed: list[str] = []
    for offset in range(0, 6, 2):
        page = conversations.list_conversations(Filters(channel="x"), offset=offset, limit=2)
        assert page.total == 5
        listed += [it.origin_id for it in page.items]
    assert listed == ["c", "b", "a", "!", "?"]
    assert not conversations.list_conversations(offset=6).items


def test_a_conversation_begins_with_the_customer_else_with_anyone_but_the_system() -> None:
    system, answer = (Role.SYSTEM, "Você é vendedor."), (Role.ASSISTANT, "Olá!")
    both = store("1", system, answer, (Role.CUSTOMER, "Quanto custa?"), (Role.CUSTOMER, "E?"))
    told, alone = store("2", system, answer), store("3", system)
    assert conversations.beginnings([both, told, alone, "nenhuma"], length=6) == {
        both: "Quanto",
        told: "Olá!",
        alone: "Você é",
    }
