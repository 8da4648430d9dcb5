"""Deleted models' places in the trash, and the sweep of what interrupted writers left."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import orjson

from src.errors import StorageError
from src.persistence import atomic, utc_now
from src.registry.records import DeletedLine, IndexLine, R, sound_part
from src.registry.store.folder import PART, TRASH, is_temporary, locked, manifest_name
from src.registry.store.index import Index, line_of, open_index, unlisted, write_index
from src.registry.store.manifests import is_signed, load_manifest, read_manifest

LINE = "entry.json"
"""In each place: what the index said of the model."""


def sweep(folder: Path) -> Index:
    """Mend the index, remove what interrupted saves and deletes left. Needs the lock.

    Half-written files go; a whole signed pair that the index does not know (a save that was
    killed before its last step, or an index put back from an older copy) goes to the trash,
    whence it can be restored. Unsigned artifacts are someone's and stay.
    """
    index = open_index(folder)
    strays = unlisted(folder, index)
    for file in filter(is_temporary, strays):
        (folder / file).unlink(missing_ok=True)
    _finish_moves(folder, index)
    for file in strays:
        manifest = load_manifest(folder / file) if file.endswith(".json") else None
        if manifest is None or not is_signed(manifest):
            continue
        if (folder / manifest.file).exists():
            line = line_of(folder, manifest)
            _move(folder, _bin_for(folder, manifest.name, line, actor=""), line.file)
        else:
            (folder / file).unlink(missing_ok=True)
    return index


def _finish_moves(folder: Path, index: Index) -> None:
    """Complete each delete that had reached the index, undo the others; restores likewise."""
    indexed = {line.file for line in index.values()}
    for path in (folder / TRASH).glob(f"*{PART}"):
        line = _read_line(path, IndexLine)
        if line is None or line.file in indexed:
            shutil.rmtree(path, ignore_errors=True)
            continue
        file = line.file
        manifest = read_manifest(folder, file)
        if not (path / file).exists() or (
            not (folder / file).exists() and manifest is not None and manifest.sha256 == line.sha256
        ):
            _move(folder, path, file)
        elif (path / file).exists():
            path.rename(path.with_suffix(""))


def _bin_for(folder: Path, name: str, line: IndexLine, *, actor: str) -> Path:
    """Prepare the place in the trash where a model goes, with what is needed to restore it."""
    now = utc_now()
    path = folder / TRASH / f"{now:%Y%m%dT%H%M%S%f}-{Path(line.file).stem[:100]}{PART}"
    path.mkdir(parents=True)
    deleted = {"name": name, "deleted_at": now.isoformat(), "deleted_by": actor}
    # What nobody had registered comes back as somebody's file.
    atomic.write_json(path / LINE, line.model_dump() | deleted | {"registered": line.registered})
    return path


def _move(folder: Path, path: Path, file: str) -> None:
    """Move a model's files to its place in the trash, which then loses its `.part`."""
    # The artifact first: alone in the folder it would be taken for someone's unsigned file.
    for name in (file, manifest_name(file)):
        with contextlib.suppress(FileNotFoundError):
            (folder / name).replace(path / name)
    if (path / file).exists():
        path.rename(path.with_suffix(""))
    else:
        shutil.rmtree(path, ignore_errors=True)  # the file had been removed by hand
    atomic.sync_folder(folder / TRASH)
    atomic.sync_folder(folder)


def discard(folder: Path, index: Index, name: str, *, actor: str) -> None:
    """Take a model out of the index, then move its files to the trash. Needs the lock."""
    line = index.pop(name)
    path = _bin_for(folder, name, line, actor=actor)
    write_index(folder, index)
    _move(folder, path, line.file)


def deleted_lines(folder: Path) -> dict[str, DeletedLine]:
    """Return what lies in the trash, by its identifier, last deleted first."""
    if not (folder / TRASH).is_dir():
        return {}
    if any((folder / TRASH).glob(f"*{PART}")):
        with contextlib.suppress(StorageError), locked(folder, seconds=0):
            sweep(folder)
    places = sorted((folder / TRASH).iterdir(), reverse=True)
    lines = {path.name: _read_line(path, DeletedLine) for path in places if path.suffix != PART}
    return {identifier: line for identifier, line in lines.items() if line}


def _read_line(path: Path, kind: type[R]) -> R | None:
    try:
        return sound_part(kind, orjson.loads((path / LINE).read_bytes()))
    except (OSError, orjson.JSONDecodeError):
        return None


def put_back(folder: Path, index: Index, identifier: str, file: str) -> None:
    """Move a deleted model's files back to the folder, and the index last. Needs the lock."""
    place = (folder / TRASH / identifier).rename(folder / TRASH / f"{identifier}{PART}")
    for name in (manifest_name(file), file):
        with contextlib.suppress(FileNotFoundError):
            (place / name).replace(folder / name)
    atomic.sync_folder(folder)
    write_index(folder, index)
    shutil.rmtree(place, ignore_errors=True)
