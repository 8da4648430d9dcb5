"""The strings of the code in other languages than Portuguese, as the catalogues have them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from src.config import PROJECT_ROOT

LOCALE_DIR = PROJECT_ROOT / "locale"


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
    found: dict[str, Any] = {}
    for message in catalogue:
        if not message.id or not message.string:
            continue
        found[message.id if isinstance(message.id, str) else message.id[0]] = message.string
    return found
