"""Which names a table and its columns may have."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from pathlib import PurePath

from src.errors import ImportFailed
from src.messages import N_, Message

MAX_TABLE_NAME = 80
MAX_COLUMN_NAME = 120
_FORBIDDEN = re.compile(r'[/\\:*?"<>|]')


def key(name: str) -> str:
    """Return what two names share when they differ only by case or composition."""
    return unicodedata.normalize("NFKC", name).casefold()


def check_table_name(name: str) -> str:
    """Return ``name`` without outer spaces, in composed form.

    Letters, digits, spaces, emoji and most punctuation are fine: the name is a table's name in
    SQLite. What cannot also be a downloaded file's name is refused.

    Raises
    ------
    ImportFailed
        If the name is empty, too long, reserved, or has a character that file names cannot have.
    """
    tidy = unicodedata.normalize("NFC", name).strip()
    if not tidy:
        raise ImportFailed(N_("A tabela precisa de um nome. Escreva um e importe de novo."))
    if len(tidy) > MAX_TABLE_NAME:
        raise ImportFailed(
            N_("O nome tem {length} caracteres; o limite é {limit}. Escolha um mais curto."),
            length=len(tidy),
            limit=MAX_TABLE_NAME,
        )
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in tidy):
        raise ImportFailed(
            N_("O nome tem um caractere de controle, que não se vê. Escreva o nome de novo.")
        )
    found = _FORBIDDEN.search(tidy)
    if found or tidy.startswith("."):
        raise ImportFailed(
            N_("O nome não pode ter «{character}», que arquivos não aceitam. Troque por outro."),
            character=found.group() if found else ".",
        )
    if key(tidy).startswith(("sqlite_", "_bancada")):
        raise ImportFailed(
            N_("«{name}» é um nome reservado do banco de dados. Escolha outro."), name=tidy
        )
    return tidy


def derived_table_name(file_name: str, taken: Collection[str] = ()) -> str:
    """Return an acceptable, free table name close to a file's name.

    Parameters
    ----------
    file_name : str
        With or without folder and extension.
    taken : collection of str
        Keys (:func:`key`) of the names in use.
    """
    stem = unicodedata.normalize("NFC", PurePath(file_name.replace("\\", "/")).name)
    stem = stem.rsplit(".", 1)[0] if "." in stem.strip(".") else stem
    stem = "".join(
        "_" if unicodedata.category(character) in ("Cc", "Cs") else character for character in stem
    )
    stem = _FORBIDDEN.sub("_", stem).strip(" .")[: MAX_TABLE_NAME - 5].strip() or "tabela"
    if key(stem).startswith(("sqlite_", "_bancada")):
        stem = "tabela_" + stem.lstrip("_")
    return _free(stem, taken)


def _free(stem: str, taken: Collection[str]) -> str:
    name, number = stem, 1
    while key(name) in taken:
        number += 1
        name = f"{stem}_{number}"
    return name


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
            name = _free(f"coluna_{position}", taken)
            blank.append(name)
        elif key(name) in taken:
            name = _free(name, taken)
            repeated.append(name)
        taken.add(key(name))
        names.append(name)
    notes = []
    if blank:
        notes.append(
            Message(
                N_("Havia colunas sem nome no arquivo; receberam os nomes: {columns}."),
                {"columns": ", ".join(blank)},
            )
        )
    if repeated:
        notes.append(
            Message(
                N_("Havia nomes de coluna repetidos; os seguintes foram renomeados: {columns}."),
                {"columns": ", ".join(repeated)},
            )
        )
    if cut:
        notes.append(
            Message(
                N_("Nomes de coluna com mais de {limit} caracteres foram encurtados: {columns}."),
                {"limit": MAX_COLUMN_NAME, "columns": ", ".join(cut)},
            )
        )
    return names, notes
