"""The strings of the code in other languages than Portuguese, and the numbers in them."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path
from typing import Any

from src.config import PROJECT_ROOT
from src.messages import Message

LOCALE_DIR = PROJECT_ROOT / "locale"
MISSING = "—"
LANGUAGES = {"pt_BR": "Português", "en": "English"}


@lru_cache(maxsize=4)
def texts(language: str) -> dict[str, Any]:
    """Return the translations into a language: a text, or the forms that a plural has.

    Parameters
    ----------
    language : str
        ``en``; a language without a catalogue, such as ``pt_BR``, has no translations.
    """
    path: Path = LOCALE_DIR / language / "LC_MESSAGES" / "bancada.po"
    if not path.exists():
        return {}
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    return {
        message.id if isinstance(message.id, str) else message.id[0]: message.string
        for message in catalogue
        if message.id and message.string
    }


def translate(message: Message, language: str) -> str:
    """Return a message in a language, numbers written as that language does."""
    values = {key: _value(value, language) for key, value in message.params.items()}
    found = texts(language).get(message.template, message.template)
    return (found if isinstance(found, str) else found[0]).format(**values)


def _value(value: Any, language: str) -> Any:
    if isinstance(value, Message):
        return translate(value, language)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(value, language)
    return value


def number(value: float | None, language: str, *, decimals: int | None = None) -> str:
    """Write a number: ``1.234,56`` or ``1,234.56``.

    Parameters
    ----------
    value : float or None
        None and NaN are written as a dash.
    language : {"pt_BR", "en"}
        Whose conventions to follow.
    decimals : int, optional
        Exactly so many decimals; by default none for integers and up to four otherwise.
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return MISSING
    if isinstance(value, float) and math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if decimals is None:
        pattern = "#,##0" if isinstance(value, int) else "#,##0.####"
    else:
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    from babel import numbers

    return numbers.format_decimal(value, format=pattern, locale=language)
