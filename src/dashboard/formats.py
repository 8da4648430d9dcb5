"""How numbers, moments, shares and sizes are written, in the person's language if in no other."""

from __future__ import annotations

import datetime as dt
import math

from babel import dates

from src import days, translations
from src.dashboard import i18n
from src.translations import MISSING as MISSING

_DAY = {"pt_BR": "dd/MM/yyyy", "en": "yyyy-MM-dd"}
_DAY_OF_YEAR = {"pt_BR": "dd/MM", "en": "MM-dd"}


def number(value: float | None, language: str | None = None, *, decimals: int | None = None) -> str:
    """Write a number: ``1.234,56`` or ``1,234.56``."""
    return translations.number(value, language or i18n.language(), decimals=decimals)


def percent(value: float | None, language: str | None = None, *, decimals: int = 1) -> str:
    """Write a share between 0 and 1: ``12,3 %`` or ``12.3%``."""
    if value is None or math.isnan(value):
        return MISSING
    language = language or i18n.language()
    space = "\u00a0" if language == "pt_BR" else ""
    return number(value * 100, language, decimals=decimals) + space + "%"


def moment(value: dt.datetime | None, language: str | None = None, *, seconds: bool = False) -> str:
    """Write a moment in the configured zone: ``21/11/2026 14:03`` or ``2026-11-21 14:03``."""
    if value is None:
        return MISSING
    language = language or i18n.language()
    pattern = _DAY[language] + (" HH:mm:ss" if seconds else " HH:mm")
    return dates.format_datetime(days.local(value), pattern, locale=language)


def clock(value: dt.datetime) -> str:
    """Write the time of day in the configured zone: ``14:03:09``, as both languages do."""
    return f"{days.local(value):%H:%M:%S}"


def day(value: dt.date | None, language: str | None = None, *, year: bool = True) -> str:
    """Write a day: ``21/11/2026`` or ``2026-11-21``; without the year ``21/11`` or ``11-21``."""
    if value is None:
        return MISSING
    language = language or i18n.language()
    pattern = _DAY[language] if year else _DAY_OF_YEAR[language]
    return dates.format_date(value, pattern, locale=language)


def unzoned(value: dt.datetime, language: str | None = None, *, clock: bool = True) -> str:
    """Write a moment as it stands in a table, which has no zone, as :func:`moment` does."""
    language = language or i18n.language()
    pattern = _DAY[language] + (" HH:mm" if clock else "")
    return dates.format_datetime(value, pattern, locale=language)


def day_pattern(language: str | None = None) -> str:
    """Return how a day is written, in the letters that Streamlit's fields and columns know."""
    return _DAY[language or i18n.language()].upper()


def age(value: dt.datetime | None, now: dt.datetime, language: str | None = None) -> str:
    """Write how long ago a moment was, in its largest unit alone: ``3 min``, ``12 dias``.

    One that is still to come, by another machine's clock, was a second ago.
    """
    if value is None:
        return MISSING
    seconds = max(1.0, (now - value).total_seconds())
    text = dates.format_timedelta(
        dt.timedelta(seconds=seconds), format="short", locale=language or i18n.language()
    )
    return text.replace(".", "")


def duration(seconds: float | None, language: str | None = None) -> str:
    """Write a length of time: ``850 ms``, ``4,2 s``, ``3 min 20 s``, ``2 h 05 min``."""
    if seconds is None or not math.isfinite(seconds):
        return number(seconds, language)
    if seconds < 0.9995:  # what would be rounded to a full second is written as one
        return f"{round(seconds * 1000)} ms"
    if seconds < 59.5:
        return f"{number(float(seconds), language, decimals=1 if seconds < 10 else 0)} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min"


def size(n_bytes: float | None, language: str | None = None) -> str:
    """Write a size with binary prefixes: ``12,3 MiB``."""
    if n_bytes is None or math.isnan(n_bytes):
        return MISSING
    value = float(n_bytes)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if value < 1024 or unit == "GiB":
            break
        value /= 1024
    return f"{number(value, language, decimals=0 if unit == 'B' else 1)} {unit}"
