"""Conversations leave for good, with everything that hangs on them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from src.conversations.model import (
    Erased,
)
from src.conversations.store.tables import (
    BATCH,
    conversations,
    customers,
    erasures,
    insert_new,
    lock,
    turns,
)
from src.errors import ConversationNotFound
from src.messages import N_
from src.persistence import utc_now
from src.persistence.engine import again_if_deadlocked, transaction


@again_if_deadlocked
def erase_customer(identifier: str, *, actor: str) -> Erased:
    """Remove a customer, every conversation of theirs, and everything that hangs on these.

    Their identifiers, which say nothing by themselves, stay: an import of an old file must not
    bring the conversations back.

    Raises
    ------
    ConversationNotFound
        If there is no such customer.
    """
    with transaction() as connection:
        lock(connection, "conversations")
        ids = list(
            connection.execute(
                sa.select(conversations.c.id).where(conversations.c.customer_id == identifier)
            ).scalars()
        )
        erased = _erase(connection, ids, actor)
        gone = connection.execute(customers.delete().where(customers.c.id == identifier)).rowcount
        if not gone:
            raise ConversationNotFound(
                N_("Esse cliente não está mais aqui; pode já ter sido apagado."),
            )
        insert_new(connection, erasures, [{"id": identifier, "at": utc_now(), "actor": actor}])
    return erased


@again_if_deadlocked
def erase_conversation(identifier: str, *, actor: str) -> Erased:
    """Remove one conversation and everything that hangs on it; an import does not bring it back."""
    with transaction() as connection:
        lock(connection, "conversations")
        return _erase(connection, [identifier], actor)


def _erase(connection: sa.Connection, ids: Sequence[str], actor: str) -> Erased:
    done = Erased(0, 0)
    for start in range(0, len(ids), BATCH):
        part = list(ids[start : start + BATCH])
        said = connection.execute(turns.delete().where(turns.c.conversation_id.in_(part))).rowcount
        removed = connection.execute(
            conversations.delete().where(conversations.c.id.in_(part))
        ).rowcount
        insert_new(
            connection, erasures, [{"id": key, "at": utc_now(), "actor": actor} for key in part]
        )
        done = Erased(done.conversations + removed, done.turns + said)
    return done
