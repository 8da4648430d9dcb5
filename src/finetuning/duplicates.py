"""Conversations that say nearly the same, found without comparing each with each.

Two texts are near-duplicates if they share so much of their three-word sequences (Jaccard; 0.8
unless said otherwise), estimated by MinHash over 128 permutations (Broder, 1997; datasketch): the
standard error is 0.035 at 0.8, 0.043 at 0.6. Only those are compared that agree in one band of
values (locality-sensitive hashing). With 16 bands of 8 a pair of exactly 0.8 does with a chance of
0.95, one of 0.9 of 0.9999, an equal one for certain; below 0.8 there are 32 bands of 4, where one
of exactly 0.6 does with a chance of 0.99.

The bands are sorted once at the end instead of kept in tables: 0.7 KB a conversation rather than
several. A band's value that very many conversations share (one sentence of courtesy repeated in
all) is looked up among its first 64 only, so that the cost stays linear.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from datasketch import MinHash

THRESHOLD = 0.8
LEAST_SIMILARITY = 0.6
"""Below it, pairs would have to be looked for in ways that are no longer fast."""
PERMUTATIONS = 128
WORDS = 3
PER_BUCKET = 64
_WORD = re.compile(r"\w+")
_ACCENT = re.compile("[\u0300-\u036f]")
_BLOCK = 4096


def shingles(texts: Sequence[str]) -> set[bytes]:
    """Return the sequences of three words, without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", " ".join(texts)).casefold()
    words = _WORD.findall(_ACCENT.sub("", plain))
    if len(words) < WORDS:
        return {(" ".join(words) or plain).encode()}
    return {" ".join(words[i : i + WORDS]).encode() for i in range(len(words) - WORDS + 1)}


class NearDuplicates:
    """Conversations in the order in which the earlier one is to be kept.

    Parameters
    ----------
    similarity : float
        From which on two are nearly equal, 0.6 to 1.
    """

    def __init__(self, similarity: float = THRESHOLD) -> None:
        self.similarity = similarity
        self._blocks: list[npt.NDArray[np.uint32]] = []
        self._count = 0
        # Computed once: making permutations costs as much as a short conversation.
        self._empty = MinHash(num_perm=PERMUTATIONS)

    def add(self, texts: Sequence[str]) -> None:
        """Take note of the next conversation."""
        sketch = self._empty.copy()
        sketch.update_batch(sorted(shingles(texts)))
        block, row = divmod(self._count, _BLOCK)
        if block == len(self._blocks):
            self._blocks.append(np.empty((_BLOCK, PERMUTATIONS), dtype=np.uint32))
        self._blocks[block][row] = sketch.hashvalues
        self._count += 1

    def likenesses(self, *, of_kept: bool = True) -> list[int | None]:
        """Return, for each conversation, the number of the first that it nearly equals, or None.

        Parameters
        ----------
        of_kept : bool
            Compare with those only that are themselves like none before; else with all before.
        """
        if not self._count:
            return []
        rows = np.concatenate(self._blocks)[: self._count]
        buckets = _buckets(rows, bands=16 if self.similarity >= THRESHOLD else 32)
        kept: dict[int, list[int]] = defaultdict(list)
        found: list[int | None] = []
        for number in range(self._count):
            mine = buckets[number][buckets[number] >= 0].tolist()
            others = sorted({other for name in mine for other in kept[name]})
            like = _like(rows, number, others, self.similarity)
            found.append(like)
            if like is None or not of_kept:
                for name in mine:
                    if len(kept[name]) < PER_BUCKET:
                        kept[name].append(number)
        return found


def _like(
    rows: npt.NDArray[np.uint32], number: int, others: list[int], similarity: float
) -> int | None:
    if not others:
        return None
    alike = (rows[others] == rows[number]).mean(axis=1) >= similarity
    return others[int(alike.argmax())] if alike.any() else None


def _buckets(rows: npt.NDArray[np.uint32], *, bands: int) -> npt.NDArray[np.int64]:
    """Name, for each conversation and band, the bucket it shares with others, or -1 if none."""
    names = np.full((len(rows), bands), -1, dtype=np.int64)
    width = PERMUTATIONS // bands
    for band in range(bands):
        part = np.ascontiguousarray(rows[:, band * width : (band + 1) * width])
        keys = part.view(np.dtype((np.void, part.dtype.itemsize * width))).ravel()
        _values, inverse, sizes = np.unique(keys, return_inverse=True, return_counts=True)
        shared = sizes[inverse] > 1
        names[shared, band] = inverse[shared] + band * len(rows)
    return names
