"""The turns of one conversation, while the records that tell of it come in one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from src.conversations.model import NewTurn, Role
from src.conversations.store.tables import named


@dataclass(frozen=True, slots=True)
class Kept:
    """A turn of the conversation; ``position`` is where it is stored, or None if it is not yet."""

    id: str
    turn: NewTurn
    position: int | None = None


class Standing:
    """What is known of a conversation's turns: those in the store, and those that it gains.

    Parameters
    ----------
    key : str
        The conversation.
    stored : rows of ``turns``
        In order.
    """

    def __init__(self, key: str, stored: Iterable[sa.Row[Any]] = ()) -> None:
        self.key = key
        self.kept = [
            Kept(
                row.id,
                NewTurn(
                    Role(row.role),
                    row.content,
                    row.sender_type,
                    row.sender_id,
                    row.at,
                    row.origin_id,
                    row.original,
                ),
                row.position,
            )
            for row in stored
        ]
        self._ids = {kept.id for kept in self.kept}

    @property
    def turns(self) -> list[NewTurn]:
        """The turns in order."""
        return [kept.turn for kept in self.kept]

    def take(self, said: Sequence[NewTurn]) -> list[str]:
        """Take in the turns of a record, and return the identifier of each.

        A turn that is known stays as it is: people may have judged it.
        """
        ids = [
            named(self.key, "turn", turn.origin_id or f"#{number}")
            for number, turn in enumerate(said)
        ]
        for key, turn in zip(ids, said, strict=True):
            if key not in self._ids:
                self._ids.add(key)
                self.kept.append(Kept(key, turn))
        return ids

    def gained(self) -> list[dict[str, Any]]:
        """Return the rows that the store has not."""
        return [
            {
                "id": kept.id,
                "conversation_id": self.key,
                "position": position,
                "role": kept.turn.role,
                "content": kept.turn.content,
                "original": kept.turn.original,
                "sender_type": kept.turn.sender_type,
                "sender_id": kept.turn.sender_id,
                "at": kept.turn.at,
                "origin_id": kept.turn.origin_id,
            }
            for position, kept in enumerate(self.kept)
            if kept.position is None
        ]
