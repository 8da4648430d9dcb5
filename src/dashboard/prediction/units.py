"""Icon and unit of quantities that sensors commonly give, by the name of their column."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple


class Quantity(NamedTuple):
    """What a column measures."""

    icon: str
    unit: str


QUANTITIES: dict[Quantity, frozenset[str]] = {
    Quantity("💡", "lx"): frozenset({"lux", "light", "luz", "luminosidade", "iluminancia"}),
    Quantity("🌡️", "°C"): frozenset({"temperature", "temperatura", "temp"}),
    Quantity("📳", "mm/s"): frozenset({"vibration", "vibracao"}),
    Quantity("💧", "%"): frozenset({"humidity", "umidade"}),
    Quantity("🌫️", "ppm"): frozenset({"co2"}),
    Quantity("⏲️", "hPa"): frozenset({"pressure", "pressao"}),
    Quantity("🔊", "dB"): frozenset({"noise", "ruido"}),
    Quantity("🔌", "V"): frozenset({"voltage", "tensao"}),
    Quantity("⚡", "A"): frozenset({"corrente"}),
}
"""Only words with one usual meaning; the unit is the usual one, since a column does not tell."""


def quantity(column: str) -> Quantity | None:
    """Return what a column measures, or None when its name does not tell.

    Examples
    --------
    >>> quantity("Temperatura_sala").unit, quantity("vibração").icon, quantity("idade")
    ('°C', '📳', None)
    """
    plain = unicodedata.normalize("NFKD", column).encode("ascii", "ignore").decode().casefold()
    words = set(re.split(r"[^a-z0-9]+", plain))
    for found, names in QUANTITIES.items():
        if words & names:
            return found
    return None
