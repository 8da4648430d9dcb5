"""Telephone numbers as Brazilians type them; whether an area code exists, libphonenumber knows."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

from src.conversations.recognisers.base import (
    LIKELY,
    ONLY_IF_ASKED,
    SURE,
    Found,
    Near,
    alone,
    near,
)
from src.conversations.recognisers.lines import OverLines

_PHONE = re.compile(
    r"""(?<![0-9A-Za-z@$+])(?<![0-9][.,/\-:])(?<![0-9]\ \()
    (?P<country>\(?(?:\+|00)?\ ?55\)?[ .\-/]{0,3})?
    (?P<trunk>\(?0(?:xx)?[ .\-]{0,2}|0[1-9][0-9][ .\-]{0,2}(?=\(?[1-9]))?
    (?:(?P<area>\(?\ ?0?[1-9][0-9]\ ?\)?)[ .\-/]{0,3})?
    (?P<number>
        9[ .\-]{0,2}[0-9]{4}[ .\-_/]{0,3}[0-9]{4}
      | 9[0-9]{2}[ .\-][0-9]{3}[ .\-][0-9]{3}
      | 9[0-9]{2}[ .\-][0-9]{2}[ .\-][0-9]{2}[ .\-][0-9]{2}
      | 9[0-9]{4}[ .\-][0-9]{2}[ .\-][0-9]{2}
      | [2-9][0-9]{3}[ .\-_/]{0,3}[0-9]{4}
      | [2-9][0-9]{3}[ .\-][0-9]{2}[ .\-][0-9]{2}
    )
    (?![0-9])(?![.,/\-:][0-9])""",
    re.VERBOSE | re.IGNORECASE,
)
_FOREIGN = re.compile(r"(?<![0-9A-Za-z+])\+(?!55)[1-9][0-9 .\-()]{6,18}[0-9](?![0-9])")
_YEARS = re.compile(r"(?:19|20)[0-9]{2}[^0-9]+(?:19|20)[0-9]{2}")
_SERVICES = re.compile(r"(?:4003|4004|4020|4062|3003|3004)[^0-9]?[0-9]{4}")
_NO_PHONE = {Near.OTHER, Near.CPF, Near.CNPJ, Near.CEP, Near.PLATE, Near.CARD}
_MY_NUMBER = re.compile(
    r"(?<![^\W_])(?:meu|nosso|novo|outro|esse|este|teu|seu)\ (?:novo\ )?(?:n[úu]mero|num)\.?"
    r"(?:\ (?:novo|atual|agora|mesmo|é|eh|e))*[ :=\-]*\Z",
    re.IGNORECASE,
)
_MOBILE = re.compile(
    r"(?:55[ .\-]*)?0?[1-9][0-9](?:[ ./\-]{1,3}9[ .]?|9)[0-9]{4}[ .\-_/]{1,3}[0-9]{4}"
)
_CLOSE, _RIGHT_BEFORE = 20, 12
_NOT_DIGITS = re.compile(r"[^0-9]")


def national(area: str, number: str) -> str | None:
    """Return area code and number as they are today, or None when there is no such line.

    Parameters
    ----------
    area : str
        Two digits.
    number : str
        Eight or nine digits; a mobile number from before the ninth digit is given it.
    """
    candidates = [number]
    if len(number) == 8 and number[0] in "6789":
        candidates.append("9" + number)
    for candidate in candidates:
        parsed = phonenumbers.PhoneNumber(country_code=55, national_number=int(area + candidate))
        if phonenumbers.is_valid_number(parsed):
            return area + candidate
    return None


class Phone(OverLines):
    """A Brazilian number with or without country and area code, or a foreign one with ``+``."""

    entity = "TELEFONE"

    def in_line(self, text: str) -> Iterator[Found]:
        """Yield numbers; the less their form says, the more the words around must."""
        for match in _PHONE.finditer(text):
            score = _score(text, match)
            if score:
                yield Found(match.start(), _end(text, match), score)
        for match in _FOREIGN.finditer(text):
            try:
                number = phonenumbers.parse(match[0])
            except phonenumbers.NumberParseException:
                continue
            if phonenumbers.is_valid_number(number):
                yield Found(match.start(), match.end(), SURE)

    def broken(self, text: str, start: int, end: int, score: float, left: str) -> float:
        """Believe an area code with nine digits, a sign of a phone, or a word right before."""
        typed = text[start:end].strip()
        short = len(_NOT_DIGITS.sub("", typed)) <= 8
        told = near(text, start, end, reach=_RIGHT_BEFORE if short else _CLOSE)
        if told in _NO_PHONE:
            return 0
        mobile = _MOBILE.fullmatch(typed) and len(_NOT_DIGITS.sub("", left)) > 2
        if told in (Near.PHONE, Near.PIX) or mobile or "+" in typed or "(" in typed:
            return score
        return ONLY_IF_ASKED


def _end(text: str, match: re.Match[str]) -> int:
    opened = match[0].count("(") > match[0].count(")")
    return match.end() + (opened and text[match.end() : match.end() + 1] == ")")


def _score(text: str, match: re.Match[str]) -> float:
    number = _NOT_DIGITS.sub("", match["number"])
    area = _NOT_DIGITS.sub("", match["area"] or "").lstrip("0")
    country = match["country"] or ""
    if not area and country and "+" not in country:
        area = "55"  # an area code as well (Santa Maria)
    if _SERVICES.fullmatch(match["number"]) or _YEARS.fullmatch(match["number"]):
        return 0
    told = near(text, match.start(), match.end())
    if told is Near.PHONE:
        return SURE if national(area or "11", number) else 0
    if area:
        if national(area, number) is None:
            return 0
        return _with_area(text, match, number, told)
    return _without_area(text, match, number, told)


def _with_area(text: str, match: re.Match[str], number: str, told: Near | None) -> float:
    spaced = any(sign in match["number"] for sign in "-. ")
    if "+" in match[0] or "(" in match[0] or (spaced and len(number) == 9):
        return SURE
    if told in _NO_PHONE:
        return 0
    if spaced or len(number) == 9 or _is_theirs(text, match):
        return LIKELY
    return LIKELY if alone(text, match.start(), match.end()) else ONLY_IF_ASKED


def _without_area(text: str, match: re.Match[str], number: str, told: Near | None) -> float:
    if told in _NO_PHONE or national("11", number) is None:
        return 0
    apart = len(match["number"]) > len(number)
    if len(number) == 9 and "-" in match["number"]:
        return LIKELY
    if (len(number) == 9 or apart) and _is_theirs(text, match):
        return LIKELY
    return LIKELY if alone(text, match.start(), match.end()) else ONLY_IF_ASKED


def _is_theirs(text: str, match: re.Match[str]) -> bool:
    return _MY_NUMBER.search(text, max(0, match.start() - 40), match.start()) is not None
