"""Who is the same person although two sources give them two identifiers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from src.conversations import contact_key

SHARED = 100
"""What more customers than this give as theirs is nobody's: a shop's number, a made-up e-mail."""


class People:
    """Customers that share a telephone or an e-mail, directly or through others.

    Keeps digests of the contacts, some 0.4 KB a customer.
    """

    def __init__(self) -> None:
        self._holders: dict[bytes, str | set[str]] = {}

    def add(self, customer: str, known: Iterable[str]) -> None:
        """Take note of a customer's contacts.

        Parameters
        ----------
        known : iterable of str
            See :class:`Candidate`; what is neither an e-mail nor a telephone does not count.
        """
        for text in known:
            contact = contact_key(text)
            if contact is None or 2 * len(contact.partition(":")[2]) < len(text):
                continue  # a number in a name, as of a branch, is no telephone
            key = hashlib.blake2b(contact.encode("utf-8", "replace"), digest_size=16).digest()
            holders = self._holders.setdefault(key, customer)
            if isinstance(holders, set):
                holders.add(customer)
            elif holders != customer:
                self._holders[key] = {holders, customer}

    def same(self) -> dict[str, str]:
        """Return, for who is somebody else as well, the least of that person's identifiers.

        It does not depend on the order in which they came.
        """
        parents: dict[str, str] = {}

        def root(customer: str) -> str:
            while (parent := parents.get(customer, customer)) != customer:
                parents[customer] = parents.get(parent, parent)
                customer = parent
            return customer

        for holders in self._holders.values():
            if isinstance(holders, set) and len(holders) <= SHARED:
                roots = sorted({root(customer) for customer in holders})
                parents.update(dict.fromkeys(roots[1:], roots[0]))
        return {customer: root(customer) for customer in sorted(parents)}
