"""Conversations for the review, put straight into the store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from src import conversations
from src.conversations import NewConversation, NewTurn, Role

Store = Callable[..., list[str]]


@pytest.fixture()
def store(any_database: str) -> Store:
    """Store conversations by their number of turns, and return their identifiers in that order."""

    def made(
        *turns: int,
        text: str = "texto",
        prefix: str = "c",
        start: dt.datetime | None = None,
        channel: str = "",
    ) -> list[str]:
        new = [
            NewConversation(
                origin_id=f"{prefix}{number}",
                turns=tuple(
                    NewTurn(
                        (Role.CUSTOMER, Role.ASSISTANT)[n % 2],
                        f"{text} {n}",
                        at=None if start is None else start + dt.timedelta(seconds=10 * n),
                        origin_id=f"{prefix}{number}.{n}",
                    )
                    for n in range(count)
                ),
                channel=channel,
            )
            for number, count in enumerate(turns)
        ]
        conversations.add(new, "teste", actor="ana")
        by_origin = {it.summary.origin_id: it.summary.id for it in conversations.every()}
        return [by_origin[it.origin_id] for it in new]

    return made
