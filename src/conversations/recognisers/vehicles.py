"""Licence plates, both formats. Car names and years look like them."""

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
    alone,
    near,
    words,
)

_PLATE = re.compile(
    r"""(?<![0-9A-Za-z])(?<![^\W_])(?<![\-/@.#])(?:placa(?=[A-Z]{3}[\-0-9]))?
    (?P<letters>[A-Z]{3})(?P<gap>\ ?[\-. ]?\ ?)(?P<digits>[0-9][0-9A-J][0-9]{2})
    (?![0-9A-Za-z])(?![^\W_])(?![\-/@][0-9A-Za-z])(?![.,][0-9])""",
    re.VERBOSE | re.IGNORECASE,
)
_NO_PLATE = words(
    """
    abr abs ago ano ate até aud bmw bom bus cep cer cnh cod com cor cpf crv cvt das del des dez
    dia dos dpi ect ele ema era fev fiz fez fit foi fox gol gnv gps hrv hyu img ipi iva jac jan
    jet jul jun kia kit kms lei mai mar mes mês mil min mod nao não nas nfe nov num oem off old
    ori ous out par pax ped per pin por pra pro qtd ref rua sao são sem set sku som sul sus suv
    the top ton tsi uma uno van vem ver vou voo zap faz tem usa rav doc iso iph mac lcd led usb
    ram hdd ssd cpu gpu nit ctr ltz asx xre cbr hyb
    """
)
"""Three letters that stand before four digits for other reasons: words, cars, months, codes."""

_CODES = words("ref cod sku ped nfe num pec ean nsu oem")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


class Plate(Recogniser):
    """``ABC-1234`` as it was and ``ABC1D23`` as it is since 2018."""

    entity = "PLACA"

    def find(self, text: str) -> Iterator[Found]:
        """Yield plates; the old format needs its hyphen, capitals or the word beside it."""
        for match in _PLATE.finditer(text):
            score = _score(text, match)
            if score:
                yield Found(match.start("letters"), match.end(), score)


def _score(text: str, match: re.Match[str]) -> float:
    start, end = match.start("letters"), match.end()
    letters, digits, gap = match["letters"], match["digits"], match["gap"].strip()
    capitals, other_word = letters.isupper(), letters.lower() in _NO_PLATE
    is_year = _YEAR.fullmatch(digits) is not None
    if is_year and other_word:
        return 0
    if near(text, start, end, reach=30) is Near.PLATE:
        return SURE
    if near(text, start, end, reach=14) is Near.OTHER:
        return 0
    if digits[1].isalpha():
        return SURE if not match["gap"] or capitals else ONLY_IF_ASKED
    if letters.lower() in _CODES:
        return 0
    if gap == "-" and (capitals or not other_word):
        return SURE
    if not match["gap"] and not other_word and (capitals or not is_year):
        return LIKELY
    if capitals and not is_year and not other_word and alone(text, start, end):
        return LIKELY
    return ONLY_IF_ASKED
