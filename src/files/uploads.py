"""Files that a person sent and that wait to be imported."""

from __future__ import annotations

import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from src.config import get_settings
from src.errors import StorageError
from src.files.names import file_stem
from src.messages import N_
from src.persistence import write_pieces

KEEP_SECONDS = 24 * 3600
"""How long a file that was never imported stays."""


def store_upload(data: BinaryIO, file_name: str) -> Path:
    """Write a sent file to the uploads folder, whole or not at all, and return its path.

    Files left there for a day are removed on the way.

    Raises
    ------
    StorageError
        If the disk does not take it.
    """
    folder = get_settings().data_dir / "uploads"
    ending = file_stem(file_name.rsplit(".", 1)[-1])[:10] or "txt"
    path = folder / f"{uuid.uuid4().hex}.{ending}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        remove_old(folder, KEEP_SECONDS)
        write_pieces(path, iter(lambda: data.read(2**20), b""))
    except OSError as error:
        raise StorageError(
            N_(
                "{file} não pôde ser gravado ({reason}). Nada foi importado. Libere espaço no "
                "disco e envie de novo."
            ),
            file=file_name,
            reason=error.strerror or str(error),
        ) from error
    return path


def remove_old(folder: Path, seconds: float) -> None:
    """Remove the files of a folder that were written longer ago than that."""
    limit = time.time() - seconds
    for path in folder.glob("*"):
        with suppress(FileNotFoundError):  # renamed or removed meanwhile
            if path.stat().st_mtime < limit:
                path.unlink()
