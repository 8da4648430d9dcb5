"""Who is on which side, and which examples of a topic stay: decided by hash, so it is stable.

A customer's side depends on the seed and the customer alone. When conversations are added, nobody
changes sides, and no customer is ever on two. Who has two identifiers (see :mod:`people`) counts as
the lesser of them, so only a new link between two customers moves one to the other's side.
"""

from __future__ import annotations

import hashlib
import heapq
from collections import defaultdict
from collections.abc import Iterable
from itertools import accumulate
from typing import Literal, TypeVar

Split = Literal["train", "validation", "test"]

SHARES: dict[Split, float] = {"train": 0.8, "validation": 0.1, "test": 0.1}
SPLITS = tuple(zip(SHARES, accumulate(SHARES.values()), strict=True))
"""Each side, and the point of 0 to 1 up to which customers are on it."""


def digest(seed: int, *parts: str) -> bytes:
    """Return 16 bytes that only the seed and the parts decide."""
    text = "\x1f".join((str(seed), *parts))
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def side(customer: str, seed: int) -> Split:
    """Return the split a customer is in: about 80, 10 and 10 per cent of them."""
    point = int.from_bytes(digest(seed, "customer", customer)[:8], "big") / 2**64
    return next(split for split, end in SPLITS if point < end or end == 1.0)


def pseudonym(customer: str, seed: int) -> str:
    """Return a name for the customer that tells nothing but who is the same."""
    return digest(seed, "pseudonym", customer).hex()


Item = TypeVar("Item")


def capped(items: Iterable[tuple[str, bytes, Item]], per_topic: int | None) -> list[Item]:
    """Return at most ``per_topic`` items of each topic, those with the lowest keys.

    Parameters
    ----------
    items : iterable of (topic, key, item)
        The key is a :func:`digest`, so that what stays is a fair sample, and the same next time.
    """
    topics: dict[str, list[tuple[bytes, Item]]] = defaultdict(list)
    for topic, key, item in items:
        topics[topic].append((key, item))
    kept: list[tuple[bytes, Item]] = []
    for members in topics.values():
        most = len(members) if per_topic is None else per_topic
        kept += heapq.nsmallest(most, members, key=lambda pair: pair[0])
    kept.sort(key=lambda pair: pair[0])
    return [item for _key, item in kept]
