"""Whose conversations they are: customers by the source's identifier, or by e-mail or telephone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from src.conversations.contacts import contact_key, former_key
from src.conversations.model import NewConversation
from src.conversations.store.tables import conversations, customers, insert_new, named

FIELDS = ("name", "email", "phone", "source", "status")


def told(records: Iterable[NewConversation]) -> dict[str, str]:
    """Return what the records of a conversation say of its customer; a later one has precedence."""
    return {name: said for new in records for name, said in new.customer.items() if said}


def names_of(customer: Mapping[str, str], key: str = "") -> list[str]:
    """Return what names a customer within a source, the surest first.

    The source's own identifier, the e-mail, the telephone; and last the conversation, for whom
    nothing tells apart from others of the same name. None, if nothing is said of the customer.

    Parameters
    ----------
    key : str
        The conversation.

    Examples
    --------
    >>> names_of({"name": "Ana", "email": "Ana@X.com", "phone": "+55 (11) 8765-4321"}, "k")
    ['email:ana@x.com', 'phone:11987654321', 'conversation:k']
    """
    names = [
        customer.get("id"),
        _key("email:", customer.get("email", "")),
        _key("phone:", customer.get("phone", "")),
        f"conversation:{key}" if key and any(map(customer.get, FIELDS[:3])) else None,
    ]
    return [name[:300] for name in names if name]


def _key(kind: str, text: str) -> str | None:
    key = contact_key(text)
    return key if key is not None and key.startswith(kind) else None


class Owners:
    """The customers of a batch of conversations.

    Attributes
    ----------
    by_key : dict
        Conversation → customer, ours; those that have one.
    """

    def __init__(self, origin: str, records: Mapping[str, Sequence[NewConversation]]) -> None:
        self.origin = origin
        self._told = {key: told(several) for key, several in records.items()}
        self._names = {key: names_of(said, key) for key, said in self._told.items()}
        self.by_key = {
            key: named(origin, "customer", names[0]) for key, names in self._names.items() if names
        }
        self._replaced: set[str] = set()

    def aliases(self, key: str) -> set[str]:
        """Return by which identifiers whose a conversation is may be in the list of the erased."""
        names = set(self._names[key][:1])
        phone = self._told[key].get("phone", "")
        if _key("phone:", phone) in names:
            names.add(former_key(phone))
        return {named(self.origin, "customer", name) for name in names}

    def of(self, key: str, current: str | None) -> str | None:
        """Return whose a conversation is: ``current``, unless its records name one surer."""
        weaker = [named(self.origin, "customer", name) for name in self._names[key][1:]]
        if current is not None and current != self.by_key.get(key):
            if current in weaker or self._told[key].get("id"):
                self._replaced.add(current)
            else:
                self.by_key[key] = current
        return self.by_key.get(key)

    def store(self, connection: sa.Connection) -> None:
        """Store the customers that are new, and of the known ones what was empty."""
        owned = list(self.by_key)
        people: dict[str, dict[str, str]] = {}
        for key in owned:
            said = {name: self._told[key].get(name, "") for name in FIELDS}
            person = people.setdefault(self.by_key[key], said)
            person.update({name: said[name] for name in FIELDS if not person[name]})
        names = {self.by_key[key]: self._names[key][0] for key in owned if self._names[key]}
        known = {
            row.id: row
            for row in connection.execute(
                sa.select(customers).where(customers.c.id.in_(list(people)))
            )
        }
        insert_new(
            connection,
            customers,
            [
                {"id": owner, "origin": self.origin, "origin_id": names[owner], **said}
                for owner, said in people.items()
                if owner not in known
            ],
        )
        for owner, row in known.items():
            learnt = {name: people[owner][name] for name in FIELDS if not getattr(row, name)}
            if any(learnt.values()):
                connection.execute(
                    customers.update().where(customers.c.id == owner).values(**learnt)
                )

    def forget_replaced(self, connection: sa.Connection) -> None:
        """Remove customers whose last conversation has found a surer one."""
        if self._replaced:
            left = sa.select(conversations.c.customer_id).where(
                conversations.c.customer_id == customers.c.id
            )
            connection.execute(
                customers.delete().where(
                    customers.c.id.in_(self._replaced), sa.not_(sa.exists(left))
                )
            )
