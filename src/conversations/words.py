"""Which words a searched word stands for: itself, what begins with it, its singular or plural."""

from __future__ import annotations

import re
import unicodedata

MOST = 50
"""Words of a query; further ones are passed over."""

SHORTEST = {"is": 5, "s": 4}
"""Shorter words are no plurals: `mais` is not that of `mal`, nor `mas` of `ma`."""

_WORD = re.compile(r"[^\W_]+")
_ACCENTED = "áàâãäåéèêëíìîïóòôõöúùûüçñýÁÀÂÃÄÅÉÈÊËÍÌÎÏÓÒÔÕÖÚÙÛÜÇÑÝ"
_PLAIN = "aaaaaaeeeeiiiiooooouuuucnyAAAAAAEEEEIIIIOOOOOUUUUCNY"
_TO_PLAIN = str.maketrans(_ACCENTED, _PLAIN)
_OTHER_NUMBER: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("oes", ("ao",)),
    ("aes", ("ao",)),
    ("ais", ("al",)),
    ("eis", ("el", "il")),
    ("ois", ("ol",)),
    ("uis", ("ul",)),
    ("is", ("il",)),
    ("ns", ("m",)),
    ("res", ("r", "re")),
    ("zes", ("z", "ze")),
    ("ses", ("s", "se")),
    ("s", ("",)),
    ("ao", ("oes", "aes")),
    ("al", ("ais",)),
    ("el", ("eis",)),
    ("ol", ("ois",)),
    ("ul", ("uis",)),
    ("il", ("is", "eis")),
    ("m", ("ns",)),
)
"""Endings and what stands in their place in the other number; the first that fits counts.

Plurals that only add something (`entregas`, `cores`) begin with their singular, and need no rule.
"""


def words(query: str) -> list[str]:
    """Return the words of a query, without case and accents.

    Examples
    --------
    >>> words("Preço da ENTREGA, 2.500?")
    ['preco', 'da', 'entrega', '2', '500']
    """
    composed = unicodedata.normalize("NFC", query)
    return [word.translate(_TO_PLAIN).lower() for word in _WORD.findall(composed)[:MOST]]


def other_numbers(word: str) -> tuple[str, ...]:
    """Return the singular or the plural of a plain word, as far as its ending tells.

    Some of what it returns is no word; then it finds nothing.

    Examples
    --------
    >>> other_numbers("colchoes"), other_numbers("animal"), other_numbers("entregas")
    (('colchao',), ('animais',), ('entrega',))
    """
    if any(word.endswith(ending) and len(word) < least for ending, least in SHORTEST.items()):
        return ()
    for ending, others in _OTHER_NUMBER:
        if word.endswith(ending) and len(word) > len(ending):
            return tuple(word.removesuffix(ending) + other for other in others)
    return ()
