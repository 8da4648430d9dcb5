"""Whose an e-mail or a telephone is, however it is written."""

from __future__ import annotations

import re
from functools import lru_cache

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


@lru_cache(maxsize=1024)
def contact_key(text: str) -> str | None:
    """Return an e-mail or a telephone in its one spelling, None for anything else.

    A telephone without ``+`` or ``00`` before it is Brazilian: country code, trunk zero and carrier
    come and go, and a mobile from before the ninth digit is given it. A number without area code is
    not the one with it. What stands for no number (``99999-9999``) is none.

    Parameters
    ----------
    text : str
        As typed; of a telephone only the digits count, and what comes before the first.

    Examples
    --------
    >>> contact_key("+55 (11) 8765-4321"), contact_key("0 15 11 98765-4321")
    ('phone:11987654321', 'phone:11987654321')
    >>> contact_key("+1 415 555-2671"), contact_key("Ana@X.com "), contact_key("Ana Lima, 32")
    ('phone:+14155552671', 'email:ana@x.com', None)
    """
    import phonenumbers

    text = text.strip()
    if _ADDRESS.fullmatch(text):
        return f"email:{text.casefold()}"
    digits = phonenumbers.normalize_digits_only(text)
    if len(digits) < 8 or "@" in text:
        return None
    # The library would take the carrier of a call abroad out of what is most often 00 55.
    abroad = text.startswith("+") or digits.startswith("00")
    try:
        number = phonenumbers.parse(f"+{digits.lstrip('0')}" if abroad else digits, "BR")
    except phonenumbers.NumberParseException:
        return None
    national = str(number.national_number)
    if number.country_code != 55:
        national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    elif len(national) in (8, 10) and national[-8] in "6789":
        national = f"{national[:-8]}9{national[-8:]}"
    digits = national.removeprefix("+")
    return f"phone:{national}" if len(digits) >= 8 and len(set(digits)) > 2 else None


def former_key(phone: str) -> str:
    """Return a telephone as version 0.1 spelled it: of whom it erased it kept digests of that."""
    digits = "".join(re.findall("[0-9]", phone)).lstrip("0")
    if len(digits) in (12, 13) and digits.startswith("55"):
        digits = digits[2:]
    if len(digits) in (8, 10) and digits[-8] in "6789":
        digits = f"{digits[:-8]}9{digits[-8:]}"
    return f"phone:{digits}"
