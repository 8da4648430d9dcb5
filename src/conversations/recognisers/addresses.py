"""Postal codes (CEP) and street addresses."""

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

_CEP = re.compile(
    r"""(?<![0-9A-Za-z$])(?<![0-9][.,/\-])(?:cep(?=[0-9]))?
    (?P<number>[0-9]{2}\.?[0-9]{3}(?P<gap>\ ?-\ ?|\ |\.)?[0-9]{3})
    (?![0-9A-Za-z])(?![.,/\-][0-9])""",
    re.VERBOSE | re.IGNORECASE,
)
_KINDS = (
    r"(?:rua|avenida|av\.?|travessa|trav\.|tv\.|alameda|al\.|pra[çc]a|p[çc]a\.|rodovia|rod\."
    r"|estrada|estr\.|largo|viela|beco|ladeira|servid[ãa]o|passagem|via|ch[áa]cara|s[íi]tio|condom[íi]nio|cond\.)"
)
_WORD = r"(?:[^\W\d_]+\.?|[0-9]{1,2}º?|[A-Z0-9]{1,3}-[0-9]{1,3})"
_CAPITAL = r"(?:(?:d[aeo]s?|e)\ )?[A-ZÀ-Ý][^\W\d_]*"
_HOUSE = r"[0-9]{1,5}(?![0-9])(?!-[0-9]{3})"
_STREET = re.compile(
    rf"""(?<![^\W_])(?:
      {_KINDS}\ (?:{_WORD}\ ){{0,5}}?{_WORD}(?:\ ?,)?\ ?
      (?:n\ ?[º°o.]*\ ?|n[úu]mero\ |num\.?\ |km\ )?
      [0-9]{{1,5}}(?:\.[0-9]{{3}})?(?:-?[a-f](?![^\W_]))?(?![0-9])(?!-[0-9]{{3}})(?!\ \(?[0-9])
      (?!\s?(?:reais|anos?|km|mil|horas?|h(?![^\W_])|%|dias|minutos|vezes))
    | r\.\ (?:{_WORD}\ ){{0,4}}?{_WORD}(?:\ ?,\ ?(?:n[º°o.]*\ ?)?|\ n[º°.]+\ ?){_HOUSE}
    | (?-i:R\.\ (?:{_CAPITAL}\ ){{1,5}})(?:n[º°o.]*\ ?|n[úu]mero\ )?{_HOUSE}
    | (?:{_KINDS}|r\.)\ (?:{_WORD}\ ){{0,5}}?{_WORD}(?:\ ?,\ ?sem\ n[úu]mero|\ ?,?\ ?s/n[º°o]?)
      (?![^\W_])
    | (?:quadra|qd\.?|q\.)\ ?[0-9A-Z]{{1,4}}\ ?,?\ ?
      (?:lote|lt\.?|l\.|bloco|bl\.?|conjunto|cj\.?|casa)\ ?[0-9A-Z]{{1,4}}
    | S(?:QN|QS|HIS|HIN|GAN|GAS|CLN|CLS)\ ?[0-9]{{1,3}}\ ?,?\ ?
      (?:bloco|bl\.?|conjunto|cj\.?|quadra)\ ?[0-9A-Z]{{1,3}}
    )
    (?:\ ?[,\-]?\ ?(?:apto?\.?|apartamento|ap\.?|bloco|bl\.?|casa|cs\.?|sala|sl\.?|lote|lt\.?
        |quadra|qd\.?|conjunto|cj\.?|torre|andar|fundos|km)
        (?:\ ?[0-9]{{1,5}}[A-Z]?|\ [A-Z])?(?![^\W_]))*""",
    re.VERBOSE | re.IGNORECASE,
)
_STREET_ALONE = re.compile(
    rf"""(?:mor[oa]|resid[oe]|fic[oa]|vivo|endere[çc]o|entreg(?:a|ar|ue))
    (?:\ [^\W\d_]{{1,8}}){{0,3}}:?[ ]
    (?P<street>(?i:{_KINDS})\ {_CAPITAL}(?:\ {_CAPITAL}){{0,4}})""",
    re.VERBOSE,
)


_ADDRESS = 0.93
"""Above the name that a street may be called by."""


class Cep(OverLines):
    """Eight digits, with their hyphen or the word beside them."""

    entity = "CEP"

    def in_line(self, text: str) -> Iterator[Found]:
        """Yield postal codes."""
        for match in _CEP.finditer(text):
            score = _score(text, match)
            if score:
                yield Found(match.start("number"), match.end(), score)

    def broken(self, text: str, start: int, end: int, score: float, left: str) -> float:
        """Believe the hyphen or the word."""
        told = near(text, start, end) is Near.CEP
        return score if told or "-" in text[start:end] else ONLY_IF_ASKED


def _score(text: str, match: re.Match[str]) -> float:
    if match["number"].startswith("00"):
        return 0
    told = near(text, match.start("number"), match.end())
    if told is Near.CEP:
        return SURE
    if told not in (None, Near.ADDRESS, Near.NAME, Near.PHONE):
        return 0
    hyphen = "-" in (match["gap"] or "")
    if told is Near.ADDRESS or (hyphen and told is not Near.PHONE):
        return LIKELY
    return ONLY_IF_ASKED


class Address(Recogniser):
    """A street with its number, or the street someone says to live in."""

    entity = "ENDERECO"
    needs_digits = False

    def find(self, text: str) -> Iterator[Found]:
        """Yield streets with what follows: number, flat, block."""
        for match in _STREET.finditer(text):
            yield Found(match.start(), match.end(), _ADDRESS)
        for match in _STREET_ALONE.finditer(text):
            yield Found(match.start("street"), match.end("street"), _ADDRESS)
