"""Payment cards, by Presidio's own recogniser and its Luhn check."""

from __future__ import annotations

from presidio_analyzer import Pattern
from presidio_analyzer.predefined_recognizers import CreditCardRecognizer

from src.conversations.recognisers.base import LANGUAGE

_SEPARATOR = "[-. ]?"
_CARD = Pattern(
    "cards used in Brazil",
    r"(?<![0-9A-Za-z.,\-])(?:"
    rf"(?:[456][0-9]{{3}}|2[2-7][0-9]{{2}}|35[0-9]{{2}})(?:{_SEPARATOR}[0-9]{{4}}){{3}}"
    rf"|3[47][0-9]{{2}}{_SEPARATOR}[0-9]{{6}}{_SEPARATOR}[0-9]{{5}}"  # American Express
    rf"|3[068][0-9]{{2}}{_SEPARATOR}[0-9]{{6}}{_SEPARATOR}[0-9]{{4}}"  # Diners
    r")(?![0-9A-Za-z])(?![.,\-][0-9])",
    0.3,
)


def card_recogniser() -> CreditCardRecognizer:
    """Return the recogniser of cards: 14 to 16 digits of a known brand, also in groups."""
    return CreditCardRecognizer(
        patterns=[_CARD],
        supported_language=LANGUAGE,
        supported_entity="CARTAO",
        replacement_pairs=[("-", ""), (" ", ""), (".", "")],
    )
