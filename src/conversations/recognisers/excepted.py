"""Names that are nobody's: of the assistant, of products."""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Callable
from itertools import accumulate

from src.conversations.recognisers.gazetteer import fold
from src.conversations.recognisers.plain import plain


def excepted(text: str, words: tuple[str, ...]) -> Callable[[int, int], bool]:
    """Return what tells whether ``text[start:end]`` is one of the words or part of it.

    Parameters
    ----------
    text : str
        As :func:`plain` gives it.
    words : tuple of str
        Whole words, whatever their case and accents; of several words, all of them in their order.
    """
    flat = _flat(text)
    places = sorted(
        match.span() for pattern in _patterns(words) for match in pattern.finditer(flat)
    )
    starts = [start for start, _end in places]
    reached = list(accumulate((end for _start, end in places), max))

    def within(start: int, end: int) -> bool:
        begun = bisect.bisect_right(starts, start)
        return begun > 0 and reached[begun - 1] >= end

    return within


@functools.lru_cache(maxsize=16)
def _patterns(words: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    split = (_flat(plain(entry).text).split() for entry in words)
    return tuple(
        re.compile(rf"(?<!\w){'[ ]+'.join(map(re.escape, parts))}(?!\w)")
        for parts in split
        if parts
    )


def _flat(text: str) -> str:
    """Return the text folded character by character, so that places stay the same."""
    if text.isascii():
        return text.lower()
    return "".join(fold(char)[:1] or char for char in text)
