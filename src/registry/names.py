"""What a model may be called, and which file name that becomes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from src import files
from src.errors import InvalidModelName
from src.messages import N_

MAX_LENGTH = 120
SEPARATORS = "/\\"
JOINER = "\u200d"
"""Joins emoji into one sign; every other invisible format character is refused."""

RESERVED = frozenset(
    ["registry", "con", "prn", "aux", "nul"]
    + [f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)]
)
"""The index's own name, and names that Windows keeps for devices."""


def clean(name: str) -> str:
    """Return ``name`` in composed Unicode without outer spaces, if a model may be called so.

    Letters of any script, digits, spaces, punctuation and emoji are allowed, up to 120 characters.

    Raises
    ------
    InvalidModelName
        If it is empty, too long, starts with a dot, or holds a path separator, a control or
        invisible character, or a name that the system keeps for itself.
    """
    name = unicodedata.normalize("NFC", name).strip()
    if not name:
        raise InvalidModelName(N_("O modelo precisa de um nome. Escreva um nome e salve de novo."))
    if len(name) > MAX_LENGTH:
        raise InvalidModelName(
            N_("O nome tem {length} caracteres e o limite é {limit}. Escolha um nome mais curto."),
            length=len(name),
            limit=MAX_LENGTH,
        )
    refused = sorted({char for char in name if not _allowed(char)})
    if refused:
        raise InvalidModelName(
            N_(
                "O nome contém caracteres que não podem ser usados ({characters}). Use letras, "
                "números, espaços e pontuação, sem barras nem caracteres invisíveis."
            ),
            characters=", ".join(_visible(char) for char in refused),
        )
    if name.startswith("."):
        raise InvalidModelName(N_("O nome não pode começar com ponto. Tire o ponto do começo."))
    if name.casefold() in RESERVED:
        raise InvalidModelName(
            N_("O nome «{name}» é reservado pelo sistema. Escolha outro nome."), name=name
        )
    return name


def nearest(text: str) -> str:
    """Return ``text`` itself if a model may be called so, or else what comes nearest."""
    plain = unicodedata.normalize("NFC", text)
    plain = "".join(char if _allowed(char) else "_" for char in plain).strip().lstrip(".")
    name = plain[:MAX_LENGTH].strip() or "modelo"
    return f"{name}_" if name.casefold() in RESERVED else name


def _allowed(char: str) -> bool:
    if char in SEPARATORS:
        return False
    return char == JOINER or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _visible(char: str) -> str:
    return char if char in SEPARATORS else f"U+{ord(char):04X}"


def key(name: str) -> str:
    """Return the form in which two names are compared: ``Ação`` and ``ação`` are one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def free(name: str, taken: Collection[str]) -> str:
    """Return ``name``, or the first of ``name 2``, ``name 3``... whose key is not in ``taken``."""
    return files.free_name(name, taken, key=key, joint=" ", longest=MAX_LENGTH)


def slug(name: str) -> str:
    """Return a file stem of ASCII letters, digits, ``-`` and ``_`` that recalls the name.

    Two names may share a slug; the store numbers their files.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^A-Za-z0-9_-]+", "_", plain).strip("_-").lower()[:60] or "modelo"
    return f"{stem}_" if stem in RESERVED else stem
