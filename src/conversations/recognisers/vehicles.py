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
)

_PLATE = re.compile(
    r"""(?<![0-9A-Za-z])(?<![^\W_])(?<![\-/@.#])(?:placa(?=[A-Z]{3}[\-0-9]))?
    (?P<letters>[A-Z]{3})(?P<gap>\ ?[\-. ]?\ ?)(?P<digits>[0-9][0-9A-J][0-9]{2})
    (?![0-9A-Za-z])(?![^\W_])(?![\-/@][0-9A-Za-z])(?![.,][0-9])""",
    re.VERBOSE | re.IGNORECASE,
)
_NO_PLATE = frozenset(
    """abr abs ago ano ate até aud bmw bom bus cep cer cnh cod com cor cpf crv cvt das del des dez dia dos dpi
    ect ele ema era fev fiz fez fit foi fox gol gnv gps hrv hyu img ipi iva jac jan jet jul jun kia kit kms lei
    mai mar mes mês mil min mod nao não nas nfe nov num oem off old ori ous out par pax ped per pin por pra pro
    qtd ref rua sao são sem set sku som sul sus suv the top ton tsi uma uno van vem ver vou voo zap faz tem usa
    rav doc iso iph mac lcd led usb ram hdd ssd cpu gpu nit ctr ltz
    """.split()
)
"""Three letters that stand before four digits for other reasons: words, cars, months, codes."""

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
    letters, digits = match["letters"], match["digits"]
    told = near(text, match.start(), match.end(), reach=30)
    if told is Near.PLATE:
        return SURE
    if told is Near.OTHER:
        return 0
    if digits[1].isalpha():
        return SURE if not match["gap"] or letters.isupper() else ONLY_IF_ASKED
    if letters.lower() in _NO_PLATE or (_YEAR.fullmatch(digits) and not letters.isupper()):
        return 0
    if match["gap"].strip() == "-":
        return 0 if _YEAR.fullmatch(digits) else SURE
    if _YEAR.fullmatch(digits) or digits.endswith("000"):
        return ONLY_IF_ASKED
    if not match["gap"]:
        return LIKELY
    if letters.isupper() and alone(text, match.start(), match.end()):
        return LIKELY
    return ONLY_IF_ASKED
