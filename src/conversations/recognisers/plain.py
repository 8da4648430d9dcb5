"""The text as recognisers read it, and the way back to where that was in the original."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
    "\u20e3"
)
"""Marks that WhatsApp, keyboards and copied pages leave inside numbers; \u20e3 makes 1 a keycap."""

_HIDDEN = re.compile(f"[{_INVISIBLE}]")
_SHIFTING = re.compile(f"[{_INVISIBLE}\u0300-\u036f]")
"""What makes the readable text shorter than the original: invisible marks, loose accents."""


class _Table(dict[int, str]):
    """A table for ``str.translate`` that works out each character when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        category = unicodedata.category(char)
        if code < 0x80:
            plain_char = char
        elif category == "Nd":
            plain_char = str(unicodedata.decimal(char))
        elif category == "Pd" or code == 0x2212:
            plain_char = "-"
        elif category == "Zs":
            plain_char = " "
        elif 0xFF01 <= code <= 0xFF5E:  # full-width forms of ASCII
            plain_char = chr(code - 0xFEE0)
        else:
            plain_char = {0x2019: "'", 0x00B4: "'", 0x2044: "/", 0x2215: "/"}.get(code, char)
        self[code] = plain_char
        return plain_char


_TABLE = _Table()


@dataclass(frozen=True)
class Plain:
    """Readable text: digits are 0-9, dashes ``-``, spaces plain, accents joined, marks gone.

    Parameters
    ----------
    text : str
        What recognisers search.
    places : list of int or None
        Where each character of ``text`` begins in the original, and the original's length last;
        None when the two have the same positions.
    """

    text: str
    places: list[int] | None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that ``text[start:end]`` stands for."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end]


def plain(text: str) -> Plain:
    """Return the text as recognisers read it."""
    if text.isascii():
        return Plain(text, None)
    if _SHIFTING.search(text) is None:
        return Plain(text.translate(_TABLE), None)
    chars: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        if _HIDDEN.match(char):
            continue
        if chars and "\u0300" <= char <= "\u036f":
            joined = unicodedata.normalize("NFC", chars[-1] + char)
            if len(joined) == 1:
                chars[-1] = joined
            continue
        chars.append(_TABLE[ord(char)])
        places.append(place)
    places.append(len(text))
    return Plain("".join(chars), places)
