"""When two values are the same, however they are typed, and what stands for them."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

_SEPARATORS = re.compile(r"[\W_]+")
_PARTICLES = {"de", "da", "do", "das", "dos", "e", "di", "del", "von", "van"}
_SPELT = ((" arroba ", "@"), (" ponto ", "."), ("(at)", "@"), ("[at]", "@"), (" at ", "@"))


def canonical(kind: str, value: str) -> tuple[str, str]:
    """Return a value as it is compared: its kind, and its one spelling.

    Parameters
    ----------
    kind : str
        As in ``EntityType``; a Pix key becomes the kind of value that serves as one.
    value : str
        As typed.
    """
    from src.conversations.recognisers import fold, is_cnpj, is_cpf, plain

    text = plain(value).text
    compact = _SEPARATORS.sub("", text).upper()
    if kind == "PIX":
        if "@" in text or "arroba" in text.lower():
            kind = "EMAIL"
        elif is_cpf(compact):
            kind = "CPF"
        elif is_cnpj(compact):
            kind = "CNPJ"
        elif compact.isdigit() and len(compact) < 15:
            kind = "TELEFONE"
    if kind == "TELEFONE":
        # Country and area code and the ninth digit come and go; the last eight digits stay.
        return kind, compact[-8:]
    if kind == "PLACA" and len(compact) == 7 and compact[4].isdigit():
        # The new format of the same plate has a letter for the second digit: 0 is A, 9 is J.
        return kind, f"{compact[:4]}{'ABCDEFGHIJ'[int(compact[4])]}{compact[5:]}"
    if kind == "EMAIL":
        spelt = text.lower()
        for written, sign in _SPELT:
            spelt = spelt.replace(written, sign)
        return kind, spelt.replace(" ", "").replace(",", ".")
    if kind in ("NOME", "ENDERECO"):
        return kind, fold(_SEPARATORS.sub(" ", text).strip())
    return kind, compact


@dataclass
class _Person:
    """Somebody: digests of the words of the name, the first one apart."""

    first: bytes
    parts: set[bytes]
    placeholder: str


class Identities:
    """Placeholders by value, with the values as keyed digests only."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._placeholders: dict[bytes, str] = {}
        self._by_word: dict[bytes, list[_Person]] = {}
        self._name_words: set[bytes] = set()
        self._numbers: Counter[str] = Counter()
        self._reserved: set[str] = set()

    def reserve(self, typed: Iterable[str]) -> None:
        """Give none of these placeholders to a value met from now on."""
        self._reserved.update(typed)

    def placeholder(self, kind: str, value: str) -> str:
        """Return what stands for a value, the same each time."""
        kind_of_value, text = canonical(kind, value)
        if kind_of_value == "NOME":
            return self._person(text)
        digest = self._digest(f"{kind_of_value}:{text}")
        if digest not in self._placeholders:
            self._placeholders[digest] = self._next(kind)
        return self._placeholders[digest]

    def knows_name(self) -> Callable[[str], bool] | None:
        """Return what tells whether a folded word was part of a name; None before the first."""
        if not self._name_words:
            return None
        return lambda word: self._digest(word) in self._name_words

    def is_persons(self, name: str) -> bool:
        """Whether a word of this name was part of somebody's name before."""
        known = self.knows_name()
        return known is not None and any(map(known, canonical("NOME", name)[1].split()))

    def _person(self, name: str) -> str:
        """Return the placeholder of a person.

        "João" is the João Silva met before or after, and "Silva" is, too, while there is but one.
        """
        words = [word for word in name.split() if word not in _PARTICLES] or [name]
        digests = [self._digest(word) for word in words]
        first, parts = digests[0], frozenset(digests)
        self._name_words.update(
            digest for digest, word in zip(digests, words, strict=True) if len(word) > 2
        )
        for person in self._by_word.get(first, ()):
            if person.first == first and (parts <= person.parts or person.parts <= parts):
                return self._seen(person, parts)
        if len(parts) == 1 and len(self._by_word.get(first, ())) == 1:
            return self._seen(self._by_word[first][0], parts)
        return self._seen(_Person(first, set(), self._next("NOME")), parts)

    def _seen(self, person: _Person, parts: frozenset[bytes]) -> str:
        for part in parts - person.parts:
            self._by_word.setdefault(part, []).append(person)
        person.parts |= parts
        return person.placeholder

    def _next(self, kind: str) -> str:
        while True:
            self._numbers[kind] += 1
            placeholder = f"[{kind}_{self._numbers[kind]}]"
            if placeholder not in self._reserved:
                return placeholder

    def _digest(self, text: str) -> bytes:
        return hashlib.blake2b(
            text.encode("utf-8", "replace"), key=self._key, digest_size=16
        ).digest()
