"""CPF and CNPJ by their check digits, and documents that only the words around them give away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from src.conversations.recognisers.base import (
    LIKELY,
    ONLY_IF_ASKED,
    SURE,
    Found,
    Near,
    Recogniser,
    near,
)
from src.conversations.recognisers.lines import OverLines

_CPF = re.compile(
    r"""(?<![0-9])(?<![0-9][.,/\-])
    [0-9]{3}\ ?[.,\-\ ]?\ ?[0-9]{3}\ ?[.,\-\ ]?\ ?[0-9]{3}\ ?[.,\-/_\ ]{0,2}\ ?[0-9]{2}
    (?![0-9])(?![.,/\-][0-9])""",
    re.VERBOSE,
)
_CNPJ = re.compile(
    r"""(?<![0-9A-Za-z])(?<![0-9][.,/\-])(?:cnpj(?=[0-9]))?(?P<number>
    [0-9A-Z]{2}\ ?[.,\-\ ]?\ ?[0-9A-Z]{3}\ ?[.,\-\ ]?\ ?[0-9A-Z]{3}
    \ ?[./\\\-\ ]?\ ?[0-9A-Z]{4}\ ?[.\-/\ ]{0,2}\ ?[0-9]{2})
    (?![0-9A-Za-z])(?![.,/\-][0-9])""",
    re.VERBOSE | re.IGNORECASE,
)
_CPF_IN_LINE = re.compile(r"(?<![^\W_])c\.?p\.?f(?![^\W\d_])[^0-9\n]*\Z", re.IGNORECASE)
_CNPJ_IN_LINE = re.compile(r"(?<![^\W_])c\.?n\.?p\.?j(?![^\W\d_])[^0-9\n]*\Z", re.IGNORECASE)
_LINE = 80
_COMPANY = re.compile(
    r"(?<![^\W_])(?:empresa|firma|fornecedor|transportadora|mei)(?![^\W_])[^0-9\n]{0,15}\Z",
    re.IGNORECASE,
)
_LETTERS_BEFORE = re.compile(r"[^\W\d_]+\Z")
_DOCUMENT = re.compile(
    r"""(?<![^\W_])(?:(?P<checked>cpf|cnpj)|rg|r\.g\.|cnh|identidade|habilita[çc][ãa]o)
    (?:[ ]*[:=\-]+|[ ](?:(?:é|eh|n[º°o]?\.?|n[úu]mero|do|da|dele|dela|meu|minha|o|a)[ :]+){0,3})[ ]*
    (?P<number>[0-9]{1,3}(?:[ .,\-/]{0,2}[0-9]{2,4}){1,4}(?:[ \-/]?[0-9x])?)
    (?![0-9A-Za-z])(?![.,/\-][0-9])""",
    re.VERBOSE | re.IGNORECASE,
)
_IN_A_ROW = re.compile(r"[0-9] \Z")
"""The end of a payment slip's line of digits."""

_SEPARATORS = re.compile(r"[^0-9A-Za-z]")


def _check_digit(values: list[int], highest: int) -> int:
    """Return the modulo-11 check digit; weights rise from 2 at the right and start over."""
    total = sum(value * (2 + place % (highest - 1)) for place, value in enumerate(reversed(values)))
    remainder = total % 11
    return 0 if remainder < 2 else 11 - remainder


def is_cpf(number: str) -> bool:
    """Whether ``number``, with or without punctuation, is a CPF by its check digits.

    Eleven equal digits satisfy the formula and are nobody's.

    Examples
    --------
    >>> is_cpf("529.982.247-25"), is_cpf("529.982.247-24"), is_cpf("111.111.111-11")
    (True, False, False)
    """
    digits = _SEPARATORS.sub("", number)
    if len(digits) != 11 or not (digits.isascii() and digits.isdigit()) or len(set(digits)) == 1:
        return False
    values = [int(digit) for digit in digits]
    return all(_check_digit(values[:length], 11) == values[length] for length in (9, 10))


def is_cnpj(number: str) -> bool:
    """Whether ``number``, with or without punctuation, is a CNPJ by its check digits.

    Since July 2026 the first twelve places may be letters; a character counts as its ASCII code
    less 48, so that digits count as before (Receita Federal, Nota Técnica conjunta
    COCAD/SUARA/RFB 49/2024). The two check digits stay digits, modulo 11 with weights 2 to 9.

    Examples
    --------
    >>> is_cnpj("12.ABC.345/01DE-35"), is_cnpj("11.222.333/0001-81"), is_cnpj("11.222.333/0001-82")
    (True, True, False)
    """
    characters = _SEPARATORS.sub("", number).upper()
    if len(characters) != 14 or not characters.isascii() or not characters[12:].isdigit():
        return False
    if len(set(characters)) == 1:
        return False
    values = [ord(character) - 48 for character in characters]
    return all(_check_digit(values[:length], 9) == values[length] for length in (12, 13))


class Cpf(OverLines):
    """Eleven digits with the check digits of a CPF, however they are grouped."""

    entity = "CPF"

    def in_line(self, text: str) -> Iterator[Found]:
        """Yield numbers that are CPFs; bare ones not where the text calls them something else."""
        for match in _CPF.finditer(text):
            if not is_cpf(match[0]):
                continue
            letters = _LETTERS_BEFORE.search(text[max(0, match.start() - 12) : match.start()])
            if letters is not None and not letters[0].lower().endswith(("cpf", "cpfs", "cpfn")):
                continue
            if match[0].isdigit():
                told = near(text, match.start(), match.end())
                if told is Near.OTHER and _said_before(_CPF_IN_LINE, text, match.start()):
                    told = Near.CPF  # "o cpf do cliente no pedido: …"
                if told in (Near.OTHER, Near.PHONE):
                    continue
                yield Found(match.start(), match.end(), SURE if told is Near.CPF else 0.75)
            else:
                yield Found(match.start(), match.end(), SURE)

    def broken(self, text: str, start: int, end: int, score: float, left: str) -> float:
        """Believe what is punctuated or called a CPF: two bare numbers may pass by chance."""
        return _broken(text, start, end, score, Near.CPF)


class Cnpj(OverLines):
    """Fourteen digits or letters with the check digits of a CNPJ."""

    entity = "CNPJ"
    letters = True

    def in_line(self, text: str) -> Iterator[Found]:
        """Yield numbers that are CNPJs; without punctuation not where they are called other."""
        for match in _CNPJ.finditer(text):
            number, start, end = match["number"], match.start("number"), match.end("number")
            if not is_cnpj(number):
                continue
            told = near(text, start, end)
            if _said_before(_CNPJ_IN_LINE, text, start) or (
                _in_groups(number) and _said_before(_COMPANY, text, start)
            ):
                told = Near.CNPJ
            if told not in (Near.CNPJ, Near.PIX) and not _written_as_cnpj(number):
                compact = number.isalnum()
                in_a_row = _IN_A_ROW.search(text, max(0, start - 2), start) is not None
                if told is Near.OTHER or not compact or number[:12].isalpha() or in_a_row:
                    continue
            yield Found(start, end, 1.0)  # above a card of as many digits

    def broken(self, text: str, start: int, end: int, score: float, left: str) -> float:
        """Believe what is punctuated or called a CNPJ."""
        return _broken(text, start, end, score, Near.CNPJ)


def _said_before(words: re.Pattern[str], text: str, start: int) -> bool:
    return words.search(text, max(0, start - _LINE), start) is not None


def _in_groups(number: str) -> bool:
    """Whether it is 12 ABC 345 01DE 35, with digits in two of the first four groups at least."""
    groups = number.split(" ")
    return [len(group) for group in groups] == [2, 3, 3, 4, 2] and (
        sum(any(map(str.isdigit, group)) for group in groups[:4]) > 1
    )


def _broken(text: str, start: int, end: int, score: float, kind: Near) -> float:
    punctuated = any(sign in ".-/" for sign in text[start:end])
    called = near(text, start, end) in (kind, Near.PIX)
    return score if punctuated or called else ONLY_IF_ASKED


def _written_as_cnpj(number: str) -> bool:
    # Words side by side can pass by chance ("os 120 carros …"): letters need a CNPJ's punctuation.
    has_letters = any(character.isalpha() for character in number)
    return not number.isalnum() and (not has_letters or "/" in number or "." in number)


class Document(Recogniser):
    """A number that the text itself calls an identity document, or a mistyped CPF or CNPJ.

    There is nothing to check it by, so it is a type of its own and does not dilute the others.
    """

    entity = "DOCUMENTO"

    def find(self, text: str) -> Iterator[Found]:
        """Yield numbers of 5 to 14 digits right after the name of a document."""
        for match in _DOCUMENT.finditer(text):
            digits = sum(character.isdigit() for character in match["number"])
            if match["checked"] and not 9 <= digits <= 15:
                continue
            if 5 <= digits <= 15:
                yield Found(match.start("number"), match.end("number"), LIKELY - 0.1)
