"""Names of files, tables, columns and models: one spelling, safe signs, a free number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from pathlib import PurePath

from src.files.contents import without_compression
from src.messages import N_, Message

MAX_COLUMN_NAME = 120
FORBIDDEN = re.compile(r'[/\\:*?"<>|]')
"""Signs that some system refuses in a file's name."""


def name_key(name: str) -> str:
    """Return what two names share when they differ only by case or composition."""
    return unicodedata.normalize("NFKC", name).casefold()


def free_name(
    name: str,
    taken: Collection[str],
    *,
    key: Callable[[str], str] = name_key,
    joint: str = "_",
    longest: int = 1000,
) -> str:
    """Return ``name``, or the first of ``name_2``, ``name_3``... whose key is not in ``taken``.

    It is cut before the number where it would be longer than ``longest`` characters.
    """
    candidate, number = name, 1
    while key(candidate) in taken:
        number += 1
        ending = f"{joint}{number}"
        candidate = name[: longest - len(ending)].rstrip() + ending
    return candidate


def file_stem(file_name: str) -> str:
    """Return a file's name without folder and endings, forbidden and control signs replaced."""
    stem = unicodedata.normalize("NFC", PurePath(file_name.replace("\\", "/")).name)
    stem = without_compression(stem)
    stem = stem.rsplit(".", 1)[0] if "." in stem.strip(".") else stem
    stem = "".join(
        "_" if unicodedata.category(character) in ("Cc", "Cs") else character for character in stem
    )
    return FORBIDDEN.sub("_", stem).strip(" .")


def tidy_column_names(raw: Sequence[str]) -> tuple[list[str], list[Message]]:
    """Return usable, distinct column names, and what had to be changed.

    Blank names become ``coluna_3`` (their position), repeated ones get ``_2``; SQLite does not tell
    upper from lower case in names, so a repetition is one that differs only by case, too.
    """
    names: list[str] = []
    taken: set[str] = set()
    blank, repeated, cut = [], [], []
    for position, text in enumerate(raw, start=1):
        name = " ".join(
            unicodedata.normalize("NFC", text).replace("\x00", "").replace("\ufeff", "").split()
        )
        if len(name) > MAX_COLUMN_NAME:
            name = name[: MAX_COLUMN_NAME - 1] + "…"
            cut.append(name)
        if not name or re.fullmatch(r"Unnamed: \d+", name):
            name = free_name(f"coluna_{position}", taken)
            blank.append(name)
        elif name_key(name) in taken:
            name = free_name(name, taken)
            repeated.append(name)
        taken.add(name_key(name))
        names.append(name)
    changes = {
        N_("Havia colunas sem nome no arquivo; receberam os nomes: {columns}."): blank,
        N_("Havia nomes de coluna repetidos; os seguintes foram renomeados: {columns}."): repeated,
        N_("Nomes de coluna com mais de {limit} caracteres foram encurtados: {columns}."): cut,
    }
    return names, [
        Message(template, {"limit": MAX_COLUMN_NAME, "columns": ", ".join(changed)})
        for template, changed in changes.items()
        if changed
    ]
