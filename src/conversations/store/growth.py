"""The turns of one conversation, while the records that tell of it come in one after the other."""

from __future__ import annotations

import itertools
from collections import deque
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
        self._further: dict[str, itertools.count[int]] = {}
        self._ids = {kept.id for kept in self.kept}

    @property
    def turns(self) -> list[NewTurn]:
        """The turns in order."""
        return [kept.turn for kept in self.kept]

    def take(self, said: Sequence[NewTurn], *, follows: bool = False) -> list[str] | None:
        """Take in the turns of a record, and return the identifier of each.

        A turn that is known stays as it is: people may have judged it. Nothing is taken in, and
        None returned, if turns without identifiers contradict those that are here.

        Parameters
        ----------
        follows : bool
            The conversation has had another record in the same import. What shares an identifier
            with a known turn and says something else is another turn then, not its correction.
        """
        known = self._known(said, follows)
        if known is None:
            return None
        before = list(self.kept)
        ids: list[str] = []
        met: dict[Any, str] = {}
        for number, turn in enumerate(said):
            # What repeats identifier, words and moment is one message that was exported twice.
            same = (turn.origin_id, turn.sender_type, _written(turn), turn.at)
            key = known.get(number) or met.get(same) or self._add(turn, number)
            if turn.origin_id and turn.at is not None:
                met[same] = key
            ids.append(key)
        if len(self.kept) > len(before):
            self.kept = _in_order(before, self.kept[len(before) :], ids)
        return ids

    def _known(self, said: Sequence[NewTurn], follows: bool) -> dict[int, str] | None:
        """Return the identifiers of the turns that are here already, by their numbers."""
        if not self.kept:
            return {}
        found: dict[int, str] = {}
        waiting: dict[str, list[Kept]] = {}
        for kept in self.kept:
            waiting.setdefault(kept.turn.origin_id, []).append(kept)
        nameless = waiting.pop("", [])
        for number, turn in enumerate(said):
            candidates = waiting.get(turn.origin_id, [])
            match = next((it for it in candidates if _written(it.turn) == _written(turn)), None)
            if match is not None:
                candidates.remove(match)
                found[number] = match.id
        if not follows:
            for number, turn in enumerate(said):
                if number not in found and waiting.get(turn.origin_id):
                    found[number] = waiting[turn.origin_id].pop(0).id
        left = [number for number in range(len(said)) if number not in found]
        numbers = [number for number in left if not said[number].origin_id]
        contradicts = bool(numbers) or not waiting
        if not numbers:
            numbers = left  # identifiers that an earlier export may not have had
        elif len(numbers) == len(said) and not nameless:
            nameless = self.kept  # or that this one has not
        places = _aligned(
            [kept.turn for kept in nameless], [said[number] for number in numbers], follows
        )
        if places is None:
            return None if contradicts else found
        return found | {numbers[number]: nameless[place].id for number, place in places.items()}

    def _add(self, turn: NewTurn, number: int) -> str:
        key = named(self.key, "turn", turn.origin_id or f"#{number}")
        if key in self._ids:
            self.repeated += turn.origin_id != ""
            more = self._further.setdefault(
                turn.origin_id, itertools.count(2 if turn.origin_id else len(self.kept))
            )
            while key in self._ids:
                parts = [turn.origin_id, f"#{next(more)}"]
                key = named(self.key, "turn", *filter(None, parts))
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

    def moved(self) -> list[dict[str, Any]]:
        """Return the stored turns that are at another place now: ``key`` and ``place``."""
        return [
            {"key": kept.id, "place": place}
            for place, kept in enumerate(self.kept)
            if kept.position not in (None, place)
        ]


def _aligned(
    there: Sequence[NewTurn], said: Sequence[NewTurn], follows: bool
) -> dict[int, int] | None:
    """Say which turns of a record are which of those that are here, where none has an identifier.

    They are the same if they begin alike, or by moment and text. What is later than all that is
    here continues it, and so does, within one import, what has no text in common with it.

    Returns
    -------
    dict or None
        Numbers in ``said`` → numbers in ``there``; None if the two contradict each other.
    """
    texts, told = [_written(turn) for turn in there], [_written(turn) for turn in said]
    if not texts or not told or texts == told:
        return dict(enumerate(range(len(told)))) if texts else {}
    moments = [turn.at for turn in there if turn.at is not None]
    new = [turn.at for turn in said if turn.at is not None]
    timed = len(moments) == len(there) and len(new) == len(said)
    if timed and min(new) > max(moments):
        return {}
    both = min(len(texts), len(told))
    if texts[:both] == told[:both]:
        return {number: number for number in range(both)}
    if timed:
        places: dict[Any, list[int]] = {}
        for place, turn in enumerate(there):
            places.setdefault((turn.at, texts[place]), []).append(place)
        found = {
            number: same.pop(0)
            for number, turn in enumerate(said)
            if (same := places.get((turn.at, told[number])))
        }
        others = {there[place].at for same in places.values() for place in same}
        further = [turn.at for number, turn in enumerate(said) if number not in found]
        if found and others.isdisjoint(further):
            return found
    for start in range(len(texts) - len(told) + 1):
        if texts[start] == told[0] and texts[start : start + len(told)] == told:
            return {number: start + number for number in range(len(told))}
    return {} if follows and set(texts).isdisjoint(told) else None


def _in_order(before: Sequence[Kept], gained: Sequence[Kept], told: Sequence[str]) -> list[Kept]:
    """Return all turns in order: as the record tells them, if it tells all; else by their times.

    Without times, what is new follows what it follows in the record.

    Parameters
    ----------
    told : list of str
        Identifiers of the record's turns, in its order.
    """
    by_id = {kept.id: kept for kept in (*before, *gained)}
    order = list(dict.fromkeys(told))
    if len(order) == len(by_id):
        return [by_id[key] for key in order]
    moments = {kept.id: kept.turn.at for kept in by_id.values() if kept.turn.at is not None}
    if len(moments) == len(by_id):
        rest, merged = deque(gained), list[Kept]()
        for kept in before:
            while rest and moments[rest[0].id] < moments[kept.id]:
                merged.append(rest.popleft())
            merged.append(kept)
        return [*merged, *rest]
    known = {kept.id for kept in before}
    first = next((key for key in order if key in known), None)
    # What comes before all that is known is put before it; without any such, at the end.
    after: dict[str | None, list[Kept]] = {}
    last = None
    for key in order:
        if key in known:
            last = key
        else:
            after.setdefault(last, []).append(by_id[key])
    merged = []
    for kept in before:
        if kept.id == first:
            merged += after.pop(None, [])
        merged += [kept, *after.pop(kept.id, [])]
    return merged + after.pop(None, [])


def _written(turn: NewTurn) -> str:
    """Return the text as the source has it, whether or not it was repaired."""
    return turn.content if turn.original is None else turn.original
