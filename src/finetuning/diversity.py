"""How varied a data set is, in figures that do not depend on its size.

- *Evenness of topics*: the entropy of the topics' shares over that of an even distribution
  (Pielou, 1966): 1 if all topics are equally frequent, 0 if there is one only. Needs topics.
- *Distinct-2*: different pairs of words over all pairs, in the customers' first questions (Li et
  al., 2016). It falls with the number of texts, so it is taken over a sample of at most 1,000
  questions, chosen by hash.
- *Different openings*: different first questions over all.
"""

from __future__ import annotations

import hashlib
import heapq
import math
import re
from collections.abc import Mapping
from itertools import pairwise

SAMPLE = 1_000
_WORD = re.compile(r"\w+")


def evenness(counts: Mapping[str, int]) -> float | None:
    """Return the evenness of the topics, 0 to 1; None if there are none.

    Examples
    --------
    >>> evenness({"entrega": 50, "preço": 50}), evenness({"entrega": 100})
    (1.0, 0.0)
    """
    total = sum(counts.values())
    if not total:
        return None
    shares = [count / total for count in counts.values() if count]
    if len(shares) < 2:
        return 0.0
    return -sum(share * math.log(share) for share in shares) / math.log(len(shares))


class Openings:
    """The first questions met so far; keeps a sample of them and a hash of each."""

    def __init__(self) -> None:
        self._sample: list[tuple[int, str]] = []
        self._seen: set[int] = set()
        self.total = 0

    def add(self, text: str) -> None:
        """Take note of one question."""
        plain = " ".join(_WORD.findall(text.casefold()))
        key = int.from_bytes(hashlib.blake2b(plain.encode(), digest_size=8).digest(), "big")
        self.total += 1
        if key in self._seen:
            # Repetitions belong into the sample as well, each at a place of its own.
            key = hash((key, self.total))
        else:
            self._seen.add(key)
        entry = (-(key & (2**63 - 1)), plain)
        if len(self._sample) < SAMPLE:
            heapq.heappush(self._sample, entry)
        else:
            heapq.heappushpop(self._sample, entry)

    @property
    def different(self) -> float:
        """Share of questions that are not a repetition, 0 to 1."""
        return len(self._seen) / self.total if self.total else 0.0

    @property
    def distinct_2(self) -> float:
        """Different pairs of words over all pairs in the sample, 0 to 1."""
        pairs = [pair for _key, text in self._sample for pair in pairwise(text.split())]
        return len(set(pairs)) / len(pairs) if pairs else 0.0
