"""Every model of the folder, for a reader and for a writer."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from src.errors import StorageError
from src.registry import names, signature
from src.registry.records import IndexLine
from src.registry.store.folder import is_temporary, locked, manifest_name, reporting
from src.registry.store.index import Index, read_index, unlisted
from src.registry.store.manifests import is_signed, read_manifest
from src.registry.store.trash import sweep

SUFFIXES = (".pkl", ".joblib")


def lines(folder: Path) -> Index:
    """Return every model in the folder: those of the index, then files nobody has registered."""
    if not folder.is_dir():
        return {}
    with reporting(folder):
        index = read_index(folder)
        strays = unlisted(folder, index)
        if any(is_temporary(file) or file.endswith(".json") for file in strays):
            with contextlib.suppress(StorageError), locked(folder, seconds=0):
                index = sweep(folder)
                strays = unlisted(folder, index)
        return _complete(folder, index, strays)


@contextlib.contextmanager
def changing(folder: Path) -> Iterator[Index]:
    """Take the lock, mend and sweep what a killed writer left, and yield the models' lines.

    They are changed in place and handed to :func:`write_index`, which leaves out the files that
    nobody has registered.
    """
    with locked(folder):
        index = sweep(folder)
        yield _complete(folder, index, unlisted(folder, index))


def taken_names(index: Index) -> dict[str, str]:
    """Return the models' names and aliases by the form in which they are compared."""
    aliases = {names.key(alias): alias for line in index.values() for alias in line.aliases}
    return aliases | {names.key(name): name for name in index}


def _complete(folder: Path, index: Index, strays: set[str]) -> Index:
    key_id = signature.key_id(signature.load_key()) if index else None
    for line in index.values():
        if line.key != key_id:
            line.quarantined = True
    artifacts = [
        file
        for file in sorted(strays)
        if file.casefold().endswith(SUFFIXES) and not file.startswith(".")
    ]
    taken = {names.key(name) for name in index} if artifacts else set()
    for file in artifacts:
        if manifest_name(file) in strays and is_signed(read_manifest(folder, file)):
            continue  # a save that is under way, or one that the next sweep removes
        with contextlib.suppress(FileNotFoundError):
            name = names.free(names.nearest(Path(file).stem), taken)
            taken.add(names.key(name))
            index[name] = _foreign(folder, file)
    return index


def _foreign(folder: Path, file: str) -> IndexLine:
    status = (folder / file).stat()
    return IndexLine(
        path=f"{folder.name}/{file}",
        saved_at=dt.datetime.fromtimestamp(status.st_mtime, dt.UTC).isoformat(),
        size=status.st_size,
        quarantined=True,
        registered=False,
    )
