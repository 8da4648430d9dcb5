"""Conversations leave for good, with everything that hangs on them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from src.conversations.model import Erased
from src.conversations.store.feedback import forget
from src.conversations.store.owners import names_of
from src.conversations.store.tables import (
    BATCH,
    conversations,
    customers,
    erasures,
    insert_new,
    named,
    turns,
)
from src.errors import ConversationNotFound
from src.messages import N_
from src.persistence import utc_now
from src.persistence.engine import again_if_deadlocked, take_turn, transaction


@again_if_deadlocked
def erase_customer(identifier: str, *, actor: str) -> Erased:
    """Remove a customer, every conversation of theirs, and everything that hangs on these.

    Their identifiers, which say nothing by themselves, stay: an import of an old file must not
    bring the conversations back, nor feedback that comes late be kept.

    Raises
    ------
    ConversationNotFound
        If there is no such customer.
    """
    with transaction() as connection:
        take_turn(connection, "conversations")
        ids = list(
            connection.execute(
                sa.select(conversations.c.id).where(conversations.c.customer_id == identifier)
            ).scalars()
        )
        erased = _erase(connection, ids, actor)
        mine = customers.c.id == identifier
        person = connection.execute(sa.select(customers).where(mine)).mappings().one_or_none()
        if person is None:
            raise ConversationNotFound(
                N_("Esse cliente não está mais aqui; pode já ter sido apagado."),
            )
        connection.execute(customers.delete().where(mine))
        # A file that knows them by e-mail or telephone alone must not bring them back either.
        names = names_of({name: person[name] for name in ("name", "email", "phone")})
        aliases = {identifier, *(named(person["origin"], "customer", name) for name in names)}
        insert_new(
            connection,
            erasures,
            [{"id": alias, "at": utc_now(), "actor": actor} for alias in sorted(aliases)],
        )
    return erased


@again_if_deadlocked
def erase_conversation(identifier: str, *, actor: str) -> Erased:
    """Remove one conversation and everything that hangs on it; an import does not bring it back."""
    with transaction() as connection:
        take_turn(connection, "conversations")
        return _erase(connection, [identifier], actor)


def _erase(connection: sa.Connection, ids: Sequence[str], actor: str) -> Erased:
    done = Erased(0, 0)
    for start in range(0, len(ids), BATCH):
        part = list(ids[start : start + BATCH])
        gone = [*part, *sorted(forget(connection, part))]
        said = connection.execute(turns.delete().where(turns.c.conversation_id.in_(part))).rowcount
        removed = connection.execute(
            conversations.delete().where(conversations.c.id.in_(part))
        ).rowcount
        insert_new(
            connection, erasures, [{"id": key, "at": utc_now(), "actor": actor} for key in gone]
        )
        done = Erased(done.conversations + removed, done.turns + said)
    return done
