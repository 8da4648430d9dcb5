"""The models' folder: its lock, what its files are called, what the file system may refuse."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path

from src.config import get_settings
from src.errors import StorageError
from src.messages import N_
from src.persistence import atomic
from src.registry import names

INDEX = "registry.json"
LOCK = ".registry.lock"
TRASH = ".trash"
PART = ".part"
"""A place in the trash on its way in or out."""

LOCK_SECONDS = 120.0
LOCK_POLL_SECONDS = 0.01
FULL = {errno.ENOSPC, errno.EDQUOT}


def place(folder: Path | None) -> Path:
    """Return the models' folder: the one given, or the configured one."""
    return Path(folder) if folder is not None else get_settings().models_dir


@contextlib.contextmanager
def reporting(folder: Path) -> Iterator[None]:
    """Say in the user's words what the file system refused."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise StorageError(
                N_(
                    "O disco da pasta {folder} está cheio. Nada foi alterado. Libere espaço (a "
                    "lixeira dos modelos pode ser esvaziada) e tente de novo."
                ),
                folder=str(folder),
            ) from error
        raise StorageError(
            N_(
                "A pasta dos modelos {folder} não pôde ser usada ({reason}). Confira se ela existe "
                "e se há permissão de escrita, e tente de novo."
            ),
            folder=str(folder),
            reason=error.strerror or str(error),
        ) from error


@contextlib.contextmanager
def locked(folder: Path, seconds: float = LOCK_SECONDS) -> Iterator[None]:
    """Keep every other thread and process of this machine from changing the folder.

    Raises
    ------
    StorageError
        If another process has not finished within ``seconds``.
    """
    from filelock import FileLock, Timeout  # imports asyncio, which a mere load never needs

    with reporting(folder):
        folder.mkdir(parents=True, exist_ok=True)
        # A new object each time: the system's lock then holds between threads as well.
        lock = FileLock(folder / LOCK)
        try:
            lock.acquire(timeout=seconds, poll_interval=LOCK_POLL_SECONDS)
        except Timeout as error:
            raise StorageError(
                N_(
                    "Outro processo está usando a pasta dos modelos há mais de {seconds} s. Nada "
                    "foi alterado; tente de novo em instantes."
                ),
                seconds=int(seconds),
            ) from error
        try:
            yield
        finally:
            lock.release()


def manifest_name(file: str) -> str:
    """Return the name of the manifest that belongs to an artifact's file."""
    stem = file.removesuffix(".pkl")
    return f"{file}.json" if stem == file or stem.casefold() == "registry" else f"{stem}.json"


def free_file(folder: Path, name: str) -> str:
    """Return a file name for a model's next artifact that no other has."""
    slug = names.slug(name)
    deleted = folder / TRASH
    kept = {
        path.name.partition("-")[2].removesuffix(PART)
        for path in (deleted.iterdir() if deleted.is_dir() else ())
    }
    stem, number = slug, 1
    while (
        stem in kept  # so that a deleted model can come back
        or (folder / f"{stem}.pkl").exists()
        or (folder / f"{stem}.json").exists()
    ):
        number += 1
        stem = f"{slug}.{number}"
    return f"{stem}.pkl"


def is_temporary(file: str) -> bool:
    """Whether a file is one that has not been put in its place."""
    return file.startswith(".") and file.endswith(atomic.TEMPORARY_SUFFIX)


def remove_files(folder: Path, file: str) -> None:
    """Remove an artifact that another has replaced, and its manifest."""
    for name in (file, manifest_name(file)):
        (folder / name).unlink(missing_ok=True)
