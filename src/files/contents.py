"""The bytes of a file: on the disk, in memory, or inside a gzip or a zip of one member."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO

from src.errors import FileUnreadable
from src.messages import N_

Origin = Path | bytes
"""Where a file is: a path, or its bytes."""

LARGEST_INFLATED = 2 * 2**30
"""Bytes that a compressed file may have inside, as an upload may: a few KiB can hold far more."""

HEAD = 65_536
GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"


@dataclass(frozen=True)
class Content:
    """A file that can be read from the beginning as often as needed.

    Attributes
    ----------
    name : str
        For people, and for its ending; of a compressed file what is inside.
    size : int
        In bytes, inflated; of a compressed file only what it claims.
    open : callable
        Returns it opened at the beginning.
    compressed : bool
        Whether it can only be read forward.
    """

    name: str
    size: int
    open: Callable[[], BinaryIO]
    compressed: bool = False

    def head(self) -> bytes:
        """Return the first 64 KiB."""
        with self.open() as file:
            return file.read(HEAD)

    @property
    def ending(self) -> str:
        """What stands after the last dot of the name, in small letters."""
        return self.name.lower().rsplit(".", 1)[-1]


def content(origin: Origin, name: str | None = None) -> Content:
    """Look at a file and return how to open it; a compressed one opens inflated.

    Parameters
    ----------
    origin : path or bytes
        The file.
    name : str, optional
        What it is called, for people; by default the path's name.

    Raises
    ------
    FileUnreadable
        If it is missing, empty, or a zip of several files.
    """
    name = name or (origin.name if isinstance(origin, Path) else "")
    try:
        if isinstance(origin, bytes):
            plain = Content(name, len(origin), lambda: io.BytesIO(origin))
        else:
            plain = Content(name, origin.stat().st_size, lambda: origin.open("rb"))
        head = plain.head()
    except OSError as error:
        raise FileUnreadable(
            N_("Não foi possível abrir {file}: {reason}. Envie o arquivo de novo."),
            file=name,
            reason=error.strerror or str(error),
        ) from error
    if head.startswith(GZIP):
        plain = _gzip(plain)
    elif head.startswith(ZIP):
        plain = _zip(plain)
    if not plain.head().strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise FileUnreadable(
            N_("{file} está vazio. Confira se a exportação terminou e envie o arquivo de novo."),
            file=plain.name,
        )
    return plain


def without_compression(name: str) -> str:
    """Return a file's name without ``.gz`` or ``.zip`` at its end."""
    return name[: name.rindex(".")] if name.lower().endswith((".gz", ".zip")) else name


def _gzip(outer: Content) -> Content:
    with outer.open() as file:
        file.seek(max(0, outer.size - 4))
        size = int.from_bytes(file.read(), "little")
    name = without_compression(outer.name)
    return _inside(outer, name, size, lambda file: gzip.GzipFile(fileobj=file))


def _zip(outer: Content) -> Content:
    """Return what a zip of one file holds; what is no such zip, as it is."""
    try:
        with outer.open() as file, zipfile.ZipFile(file) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            # A Mac puts beside each file what its folder says of it.
            members = [one for one in members if not one.filename.startswith("__MACOSX/")]
    except zipfile.BadZipFile:
        return outer
    if not members or any(one.filename == "[Content_Types].xml" for one in members):
        return outer  # a workbook, or another document of Office
    if len(members) > 1:
        raise FileUnreadable(
            N_("{file} tem {count} arquivos dentro. Envie um de cada vez, ou um ZIP com um só."),
            file=outer.name,
            count=len(members),
        )
    (member,) = members
    name = PurePath(member.filename).name
    return _inside(outer, name, member.file_size, lambda file: zipfile.ZipFile(file).open(member))


def _inside(outer: Content, name: str, size: int, inflate: Callable[[BinaryIO], object]) -> Content:
    def opened() -> BinaryIO:
        file = outer.open()
        try:
            raw = _Inflated(inflate(file), file, outer.name)
        except (RuntimeError, zipfile.BadZipFile) as error:  # encrypted, of an unknown method
            raise _damaged(outer.name, error) from error
        return io.BufferedReader(raw, HEAD)  # type: ignore[return-value]

    return Content(name, size, opened, compressed=True)


class _Inflated(io.RawIOBase):
    """What is inside a compressed file, up to a limit."""

    def __init__(self, inner: object, outer: BinaryIO, name: str) -> None:
        self._inner, self._outer, self._name, self._position = inner, outer, name, 0

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data: bytes = self._inner.read(len(buffer))  # type: ignore[attr-defined]
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
            raise _damaged(self._name, error) from error
        self._position += len(data)
        if self._position > LARGEST_INFLATED:
            raise FileUnreadable(
                N_("{file} tem mais de {limit} GiB descomprimido. Divida-o e envie as partes."),
                file=self._name,
                limit=LARGEST_INFLATED // 2**30,
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._outer.close()
        super().close()


def _damaged(name: str, error: Exception) -> FileUnreadable:
    return FileUnreadable(
        N_("{file} não pôde ser descomprimido ({reason}). Comprima e envie de novo."),
        file=name,
        reason=str(error)[:200],
    )
