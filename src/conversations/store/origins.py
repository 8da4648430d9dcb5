"""Conversations that are here already, be it under the name of another system."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import sqlalchemy as sa

from src.conversations.model import NewConversation
from src.conversations.store.tables import BATCH, conversations, turns
from src.conversations.store.writing import conversation_id
from src.persistence.engine import transaction


def origins_of(found: Sequence[NewConversation]) -> dict[str, int]:
    """Return under which origins these conversations are here, and how many, the most first.

    An identifier alone names nothing, since many systems count from 1: the stored conversation
    begins with a message that this one has too.

    Raises
    ------
    StorageError
        If the database does not answer.
    """
    with transaction() as connection:
        origins = connection.execute(sa.select(conversations.c.origin).distinct()).scalars().all()
    sought = [(conversation_id(origin, new), origin, new) for origin in origins for new in found]
    known: Counter[str] = Counter()
    for start in range(0, len(sought), BATCH):
        some = sought[start : start + BATCH]
        first = sa.select(turns.c.conversation_id, turns.c.content, turns.c.original).where(
            turns.c.conversation_id.in_([key for key, _origin, _new in some]),
            turns.c.position == 0,
        )
        with transaction() as connection:
            begins = {
                row.conversation_id: row.original or row.content
                for row in connection.execute(first)
            }
        for key, origin, new in some:
            said = {turn.original or turn.content for turn in new.turns}
            known[origin] += begins.get(key) in said
    return {origin: count for origin, count in known.most_common() if count}
