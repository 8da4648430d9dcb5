"""Text files of any usual encoding: which one it is, and the text decoded."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from src.files.contents import Content, Origin, content

MAX_CELL = 16 * 2**20
"""Characters of one cell or line; a quote that is never closed would swallow the file otherwise."""

_BLOCK = 2**20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1b\x1a")) + b"\x7f"


class Text(io.TextIOWrapper):
    """A file's text, read forward.

    Attributes
    ----------
    source : Content
        What it is read from.
    raw : file
        Its bytes, of which some more have been read than are decoded.
    """

    source: Content
    raw: BinaryIO

    @property
    def fraction(self) -> float:
        """How far into the file the reading is, from 0 to 1."""
        return min(1.0, self.raw.tell() / max(1, self.source.size))


@contextmanager
def open_text(
    origin: Origin | Content, name: str | None = None, *, encoding: str | None = None
) -> Iterator[Text]:
    """Open a file as text, whatever its encoding, compressed or not.

    Line ends are left as they are; what does not decode becomes U+FFFD.

    Parameters
    ----------
    origin : path, bytes or Content
        The file.
    name : str, optional
        What it is called, for people.
    encoding : str, optional
        If it is known already.

    Raises
    ------
    FileUnreadable
        If it is missing or empty.

    Examples
    --------
    >>> with open_text("preço\\n1,5\\n".encode("cp1252")) as text:
    ...     text.read()
    'preço\\n1,5\\n'
    """
    source = origin if isinstance(origin, Content) else content(origin, name)
    encoding = encoding or detect_encoding(source)
    with source.open() as raw, Text(raw, encoding, errors="replace", newline="") as text:
        text.source, text.raw = source, raw
        yield text


def looks_binary(head: bytes) -> bool:
    """Whether the beginning of a file is not text in any usual encoding."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _utf16(head):
        return False
    if b"\x00" in head:
        return True
    return len(head) - len(head.translate(None, _CONTROL)) > len(head) * 0.02


def _utf16(head: bytes) -> str | None:
    """Return the UTF-16 flavour of text without a byte-order mark, mostly Latin letters."""
    even, odd = head[0:4000:2], head[1:4000:2]
    if not odd:
        return None
    if odd.count(0) > len(odd) * 0.7 and even.count(0) < len(even) * 0.1:
        return "utf-16-le"
    if even.count(0) > len(even) * 0.7 and odd.count(0) < len(odd) * 0.1:
        return "utf-16-be"
    return None


def detect_encoding(source: Content) -> str:
    """Return the encoding of a text file: by its mark, else UTF-8 if all of it is, else by look."""
    with source.open() as file:
        block = file.read(_BLOCK)
        for mark, name in _BOMS:
            if block.startswith(mark):
                return name
        if wide := _utf16(block):
            return wide
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while block:
                decoder.decode(block)
                block = file.read(_BLOCK)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return _eight_bit(block)
    return "utf-8"


def _eight_bit(block: bytes) -> str:
    from charset_normalizer import from_bytes  # needed by few files

    lines = [line for line in block.splitlines() if any(byte > 127 for byte in line)]
    best = from_bytes(b"\n".join(lines)[:65_536], cp_isolation=["cp1252", "cp850", "mac_roman"])
    match = best.best()
    encoding = match.encoding if match is not None else "cp1252"
    if encoding == "cp1252":
        try:
            block.decode(encoding)
        except UnicodeDecodeError:
            return "latin-1"  # takes every byte
    return encoding
