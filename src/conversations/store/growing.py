"""The turns of one conversation, while the records that tell of it come in one after the other."""

from __future__ import annotations

import itertools
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

    Attributes
    ----------
    repeated : int
        Turns taken in under a name of their own, because another has their identifier.
    """

    def __init__(self, key: str, stored: Iterable[sa.Row[Any]] = ()) -> None:
        self.key, self.repeated = key, 0
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
        self._occurrences: dict[str, itertools.count[int]] = {}
        self._ids = {kept.id for kept in self.kept}

    @property
    def turns(self) -> list[NewTurn]:
        """The turns in order."""
        return [kept.turn for kept in self.kept]

    def take(self, said: Sequence[NewTurn], *, follows: bool = False) -> list[str]:
        """Take in the turns of a record, and return the identifier of each.

        A turn that is known stays as it is: people may have judged it.

        Parameters
        ----------
        follows : bool
            The conversation has had another record in the same import. What shares an identifier
            with a known turn and says something else is another turn then, not its correction.
        """
        known = self._known(said, follows)
        ids: list[str] = []
        met: dict[Any, str] = {}
        for number, turn in enumerate(said):
            # What repeats identifier, words and moment is one message that was exported twice.
            same = (turn.origin_id, turn.sender_type, _written(turn), turn.at)
            key = known.get(number) or met.get(same) or self._add(turn, number)
            if turn.origin_id and turn.at is not None:
                met[same] = key
            ids.append(key)
        return ids

    def _known(self, said: Sequence[NewTurn], follows: bool) -> dict[int, str]:
        """Return the identifiers of the turns that are here already, by their numbers."""
        if not self.kept:
            return {}
        found: dict[int, str] = {}
        waiting: dict[str, list[Kept]] = {}
        for kept in self.kept:
            if kept.turn.origin_id:
                waiting.setdefault(kept.turn.origin_id, []).append(kept)
        for number, turn in enumerate(said):
            if not turn.origin_id:
                if (key := named(self.key, "turn", f"#{number}")) in self._ids:
                    found[number] = key
                continue
            there = waiting.get(turn.origin_id, [])
            match = next((it for it in there if _written(it.turn) == _written(turn)), None)
            if match is not None:
                there.remove(match)
                found[number] = match.id
        if not follows:
            for number, turn in enumerate(said):
                if number not in found and waiting.get(turn.origin_id):
                    found[number] = waiting[turn.origin_id].pop(0).id
        return found

    def _add(self, turn: NewTurn, number: int) -> str:
        key = named(self.key, "turn", turn.origin_id or f"#{number}")
        if key in self._ids:
            self.repeated += 1
            occurrences = self._occurrences.setdefault(turn.origin_id, itertools.count(2))
            while key in self._ids:
                key = named(self.key, "turn", turn.origin_id, f"#{next(occurrences)}")
        self._ids.add(key)
        self.kept.append(Kept(key, turn))
        return key

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


def _written(turn: NewTurn) -> str:
    """Return the text as the source has it, whether or not it was repaired."""
    return turn.content if turn.original is None else turn.original
