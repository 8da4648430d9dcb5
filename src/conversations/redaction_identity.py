"""When two values are the same, however they are typed, and what stands for them."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator

_SEPARATORS = re.compile(r"[\W_]+")
_WORD = re.compile(r"[^\W\d_]{3,}(?:['\-][^\W\d_]+)*")
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


class Identities:
    """Placeholders by value, with the values as keyed digests only."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._placeholders: dict[bytes, str] = {}
        self._people: dict[bytes, list[tuple[frozenset[bytes], str]]] = {}
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

    def known_names(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield words that were part of a name before and are no ordinary words."""
        if not self._name_words:
            return
        from src.conversations.recognisers import fold, look_up

        for match in _WORD.finditer(text):
            if self._digest(fold(match[0])) in self._name_words and look_up(match[0]).common <= 300:
                yield match.span()

    def _person(self, name: str) -> str:
        """Return the placeholder of a person: "João" is the João Silva met before, or after."""
        words = [word for word in name.split() if word not in _PARTICLES] or [name]
        digests = [self._digest(word) for word in words]
        parts = frozenset(digests)
        self._name_words.update(d for d, word in zip(digests, words, strict=True) if len(word) > 2)
        known = self._people.setdefault(digests[0], [])
        for place, (others, placeholder) in enumerate(known):
            if parts <= others or others <= parts:
                known[place] = (parts | others, placeholder)
                return placeholder
        placeholder = self._next("NOME")
        known.append((parts, placeholder))
        return placeholder

    def _next(self, kind: str) -> str:
        while True:
            self._numbers[kind] += 1
            placeholder = f"[{kind}_{self._numbers[kind]}]"
            if placeholder not in self._reserved:
                return placeholder

    def _digest(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode("utf-8", "replace"), key=self._key, digest_size=16).digest()
