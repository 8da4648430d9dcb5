"""Files that are written whole or not at all.

A reader sees the old file or the new one, never half of one, whatever kills the writer: the bytes
go to a temporary file in the same folder, reach the disk (fsync), and take the name by a rename,
which POSIX makes atomic. The folder is synced too, so that the rename itself survives a power cut.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

TEMPORARY_SUFFIX = ".tmp"


def write_bytes(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path``, replacing what was there in one step.

    Raises
    ------
    OSError
        As the file system gives it (disk full, no permission); the old file is then untouched.
    """
    write_pieces(path, [data])


def write_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """Do what :func:`write_bytes` does with a file that is made piece by piece.

    Raises
    ------
    OSError
        As the file system gives it. The old file is then untouched, as when making the pieces
        raises anything else.
    """
    with _written(path, pieces) as temporary:
        temporary.replace(path)
    sync_folder(path.parent)


@contextlib.contextmanager
def _written(path: Path, pieces: Iterable[bytes]) -> Iterator[Path]:
    """Write a temporary file beside ``path``, for its owner alone; it goes if it is not renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(
        dir=path.parent, prefix=f".{path.name[:40]}-", suffix=TEMPORARY_SUFFIX
    )
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def create_secret(path: Path, data: bytes) -> bool:
    """Write a new file that only its owner may read; of several callers the first one wins.

    Returns
    -------
    bool
        Whether this call made it. If the file was there, it is left as it is.

    Raises
    ------
    OSError
        As the file system gives it; there is no file of that name then, or the one before.
    """
    with _written(path, [data]) as temporary:
        try:
            os.link(temporary, path)  # fails when the name is taken, unlike a rename
        except FileExistsError:
            return False
        sync_folder(path.parent)
    return True


def write_json(path: Path, value: Any) -> None:
    """Write ``value`` as indented UTF-8 JSON, whole or not at all."""
    write_bytes(path, orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY))


def read_json(path: Path) -> Any:
    """Read a JSON file.

    Raises
    ------
    FileNotFoundError
        If it does not exist.
    ValueError
        If it is not JSON (``orjson.JSONDecodeError``).
    """
    return orjson.loads(path.read_bytes())


def sync_folder(folder: Path) -> None:
    """Make renames and removals in ``folder`` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
