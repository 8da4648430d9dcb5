"""Payment cards, by Presidio's own recogniser and its Luhn check."""

from __future__ import annotations

from typing import Any

from presidio_analyzer import Pattern, RecognizerResult
from presidio_analyzer.predefined_recognizers import CreditCardRecognizer

from src.conversations.recognisers.base import LANGUAGE, Near, near
from src.conversations.recognisers.lines import over_lines

_SEPARATOR = "(?: ?[-.] ?| )?"
_CARD = Pattern(
    "cards used in Brazil",
    r"(?<![0-9A-Za-z.,\-])(?:"
    rf"(?:[456][0-9]{{3}}|2[2-7][0-9]{{2}}|35[0-9]{{2}})(?:{_SEPARATOR}[0-9]{{4}}){{3}}"
    rf"|3[47][0-9]{{2}}{_SEPARATOR}[0-9]{{6}}{_SEPARATOR}[0-9]{{5}}"  # American Express
    rf"|3[068][0-9]{{2}}{_SEPARATOR}[0-9]{{6}}{_SEPARATOR}[0-9]{{4}}"  # Diners
    r")(?![0-9A-Za-z])(?![.,\-][0-9])",
    0.3,
)


class Card(CreditCardRecognizer):
    """Presidio's recogniser, which here reads on in the next line."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: Any = None, regex_flags: Any = None
    ) -> list[RecognizerResult]:
        """Return the cards; over a line those that are called so or have hyphens or dots."""
        found = super().analyze(text, entities, nlp_artifacts, regex_flags)
        for joined in over_lines(text):
            whole = joined.plain.text
            for result in super().analyze(whole, entities, nlp_artifacts, regex_flags):
                start, end = result.start, result.end
                called = near(whole, start, end) is Near.CARD
                grouped = any(sign in "-." for sign in whole[start:end])
                if joined.left(start, end) is not None and (called or grouped):
                    result.start, result.end = joined.plain.original(start, end)
                    found.append(result)
        return found


def card_recogniser() -> CreditCardRecognizer:
    """Return the recogniser of cards: 14 to 16 digits of a known brand, also in groups."""
    return Card(
        patterns=[_CARD],
        supported_language=LANGUAGE,
        supported_entity="CARTAO",
        replacement_pairs=[("-", ""), (" ", ""), (".", "")],
    )
