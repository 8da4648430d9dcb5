"""Which names a table may have."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

from src import files
from src.errors import ImportFailed
from src.messages import N_

MAX_TABLE_NAME = 80
_RESERVED = ("sqlite_", "_bancada")


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
    sign = files.FORBIDDEN.search(tidy)
    if sign or tidy.startswith("."):
        raise ImportFailed(
            N_("O nome não pode ter «{character}», que arquivos não aceitam. Troque por outro."),
            character=sign.group() if sign else ".",
        )
    if files.name_key(tidy).startswith(_RESERVED):
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
        Keys of the names in use.
    """
    stem = files.file_stem(file_name)[: MAX_TABLE_NAME - 5].strip() or "tabela"
    if files.name_key(stem).startswith(_RESERVED):
        stem = "tabela_" + stem.lstrip("_")
    return files.free_name(stem, taken)
