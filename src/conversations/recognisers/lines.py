"""Numbers broken over a line: people send them in pieces, and pieces are joined by line feeds."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from src.conversations.recognisers.base import Found, Recogniser
from src.conversations.recognisers.plain import Plain

_BREAK = re.compile(r"[^\S\n]*\n[^\S\n]*")
_DIGIT = re.compile("[0-9]")
_NEAR, _FAR = 8, 18
"""A line may end within a number if so close before and after its end there are digits."""

_SAME_NUMBER = 20
_BEFORE, _AFTER = 100, 60
"""Characters around, for the words that tell what the number is."""


@dataclass(frozen=True)
class Joined:
    """A part of a text with a space for each line feed that may be within a number.

    Parameters
    ----------
    plain : Plain
        The part, and where its characters are in the text.
    cuts : tuple of int
        Where the spaces are in the part.
    """

    plain: Plain
    cuts: tuple[int, ...]

    def left(self, start: int, end: int) -> str | None:
        """Return what of the span is before the first line feed; None if it is within a line."""
        return next((self.plain.text[start:cut] for cut in self.cuts if start < cut < end), None)


def over_lines(text: str, *, letters: bool = False) -> Iterator[Joined]:
    """Yield the parts of a text where a number may go on in the next line.

    Parameters
    ----------
    letters : bool
        Whether only its last two places are digits for certain.
    """
    if "\n" not in text:
        return
    breaks = [
        found.span()
        for found in _BREAK.finditer(text)
        if _DIGIT.search(text, found.end(), found.end() + (_FAR if letters else _NEAR))
        and (letters or _DIGIT.search(text, max(0, found.start() - _NEAR), found.start()))
    ]
    if not breaks:
        return
    group = breaks[:1]
    for before, after in pairwise(breaks):
        if after[0] - before[1] > _SAME_NUMBER:
            yield _joined(text, group)
            group = []
        group.append(after)
    yield _joined(text, group)


def _joined(text: str, breaks: list[tuple[int, int]]) -> Joined:
    chars: list[str] = []
    places: list[int] = []
    cuts: list[int] = []
    place = max(0, breaks[0][0] - _BEFORE)
    for start, end in breaks:
        chars.append(text[place:start] + " ")
        places += [*range(place, start), start]
        cuts.append(len(places) - 1)
        place = end
    last = min(len(text), place + _AFTER)
    chars.append(text[place:last])
    places += range(place, last + 1)
    return Joined(Plain("".join(chars), places), tuple(cuts))


class OverLines(Recogniser):
    """A recogniser that also reads on in the next line, where it is surer than within one."""

    letters = False
    """Whether the numbers have letters, too."""

    def find(self, text: str) -> Iterator[Found]:
        """Yield every find in readable text."""
        yield from self.in_line(text)
        for joined in over_lines(text, letters=self.letters):
            whole = joined.plain.text
            for start, end, score in self.in_line(whole):
                left = joined.left(start, end)
                if left is not None and (sure := self.broken(whole, start, end, score, left)):
                    yield Found(*joined.plain.original(start, end), sure)

    @abstractmethod
    def in_line(self, text: str) -> Iterator[Found]:
        """Yield every find that no line feed breaks."""

    @abstractmethod
    def broken(self, text: str, start: int, end: int, score: float, left: str) -> float:
        """Return how sure a find is that line feeds break, 0 for not at all.

        Parameters
        ----------
        text : str
            With spaces for the line feeds.
        score : float
            As if they were spaces.
        left : str
            What stands before the first one.
        """
