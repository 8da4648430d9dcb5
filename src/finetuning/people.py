"""Who is the same person although two sources give them two identifiers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

SHARED = 100
"""What more customers than this give as theirs is nobody's: a shop's number, a made-up e-mail."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NOT_DIGITS = re.compile(r"[^0-9]")


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
            contact = normalised(text)
            if contact is None:
                continue
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


def normalised(contact: str) -> str | None:
    """Return an e-mail or a telephone in its one spelling, None for anything else.

    Country code, trunk zero and a mobile's ninth digit come and go; a number without area code is
    not the one with it.

    Examples
    --------
    >>> normalised("+55 (11) 8765-4321"), normalised("011 98765-4321"), normalised("Ana@X.com ")
    ('11987654321', '11987654321', 'ana@x.com')
    >>> normalised("Ana Lima"), normalised("000000000")
    (None, None)
    """
    contact = contact.strip()
    if _EMAIL.fullmatch(contact):
        return contact.casefold()
    digits = _NOT_DIGITS.sub("", contact)
    if 2 * len(digits) < len(contact) or len(set(digits)) < 2:
        return None
    if contact.startswith("+") and not digits.startswith("55"):
        return "+" + digits
    digits = digits.lstrip("0")
    if len(digits) in (12, 13) and digits.startswith("55"):
        digits = digits[2:]
    if len(digits) == 10 and digits[2] in "6789":
        digits = f"{digits[:2]}9{digits[2:]}"
    return digits if len(digits) >= 8 else None
