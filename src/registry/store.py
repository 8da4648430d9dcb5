"""The models' folder: artifacts, their signed manifests, and ``registry.json``, the index.

A save puts the manifest, then the artifact, then the index in place, each by a rename after an
fsync. The index decides what exists; so whatever kills a writer, at any moment, leaves the model
as it was before or as it was to be, and files nobody points at, which the next writer sweeps.
All of it happens under one file lock a folder.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from src.errors import StorageError
from src.messages import N_, Message
from src.persistence import atomic, utc_now
from src.registry import entry, names, signature

INDEX = "registry.json"
LOCK = ".registry.lock"
TRASH = ".trash"
RECORD = "entry.json"
PART = ".part"
"""A place in the trash on its way in or out."""

DAMAGED = INDEX + ".damaged-"
SUFFIXES = (".pkl", ".joblib")
LOCK_SECONDS = 120.0
LOCK_POLL_SECONDS = 0.01
FULL = {errno.ENOSPC, errno.EDQUOT}

Record = dict[str, Any]
Index = dict[str, Record]

MANIFEST: dict[str, Any] = {
    "name": str,
    "file": str,
    "saved_at": str,
    "actor": str,
    "metadata": dict,
    "aliases": dict,  # alias -> since when
    "schema": list | None,
    "sample": dict | None,
    "target": str | None,
    "task": str | None,
    "classes": list | None,
    "metrics": dict,
    "libraries": dict,
    "python": str | None,
    "data_fingerprint": str | None,
    "size": int,
    "sha256": str,
    "trusted": dict | None,
    "key": str,  # which key signed it
}
"""What a manifest says, beside its signature."""


INDEXED: dict[str, Any] = {
    "path": str,
    "metadata": dict,
    "saved_at": str,
    "aliases": list,
    "actor": str,
    "task": str | None,
    "size": int,
    "sha256": str,
    "key": str,
}
"""What the index's line of a model says; older ones have the first three."""

NEVER = "1970-01-01T00:00:00"


class _Damaged(Exception):
    """The index is not the JSON object it should be, or some of its ``lines`` are not."""

    def __init__(self, lines: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self.lines = lines or {}


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


def file_of(record: Mapping[str, Any]) -> str:
    """Return the artifact's file name; whatever folder the index may name, it is in ours."""
    return record["path"].replace("\\", "/").rpartition("/")[2]


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


# The index


def catalogue(folder: Path) -> Index:
    """Return every model in the folder: those of the index, then files nobody has registered.

    Each record has the index's keys and ``quarantined``.
    """
    if not folder.is_dir():
        return {}
    with reporting(folder):
        index, files = _read(folder), _files(folder)
        if _leftovers(index, files):
            with contextlib.suppress(StorageError), locked(folder, seconds=0):
                index = open_index(folder)
                sweep(folder, index)
                files = _files(folder)
        return _complete(folder, index, files)


@contextlib.contextmanager
def changing(folder: Path) -> Iterator[Index]:
    """Take the lock, mend and sweep what a killed writer left, and yield the catalogue.

    It is changed in place and handed to :func:`write_index`, which leaves out the files that
    nobody has registered.
    """
    with locked(folder):
        index = open_index(folder)
        sweep(folder, index)
        yield _complete(folder, index, _files(folder))


def _complete(folder: Path, index: Index, files: set[str]) -> Index:
    key_id = signature.key_id(signature.load_key()) if index else None
    for record in index.values():
        record |= {"quarantined": record.get("key") != key_id, "registered": True}
    taken = {names.key(name) for name in index}
    indexed = {file_of(record) for record in index.values()}
    for file in sorted(files - indexed):
        if not file.casefold().endswith(SUFFIXES) or file.startswith("."):
            continue
        if manifest_name(file) in files and _signed(read_manifest(folder, file)):
            continue  # a save that is under way, or one that the next sweep removes
        with contextlib.suppress(FileNotFoundError):
            name = names.free(names.nearest(Path(file).stem), taken)
            taken.add(names.key(name))
            index[name] = _foreign(folder, file)
    return index


def _signed(manifest: Record | None) -> bool:
    return manifest is not None and signature.verifies(manifest, signature.load_key())


def _foreign(folder: Path, file: str) -> Record:
    status = (folder / file).stat()
    return {
        "path": f"{folder.name}/{file}",
        "metadata": {},
        "saved_at": dt.datetime.fromtimestamp(status.st_mtime, dt.UTC).isoformat(),
        "size": status.st_size,
        "aliases": [],
        "quarantined": True,
        "registered": False,
    }


def _read(folder: Path) -> Index:
    try:
        return _parse(folder)
    except FileNotFoundError:
        if not any(folder.glob("*.json")):
            return {}
    except _Damaged:
        pass
    with locked(folder):
        return open_index(folder)


def open_index(folder: Path) -> Index:
    """Return the index for a change; what is missing or damaged is rebuilt. Needs the lock."""
    try:
        return _parse(folder)
    except FileNotFoundError:
        index = _rebuild(folder)
    except _Damaged as damage:
        stamp = f"{utc_now():%Y%m%dT%H%M%S%f}"
        index = _rebuild(folder)
        files = {file_of(record) for record in index.values()}
        for name, line in damage.lines.items():  # the unsigned have no manifest to be made from
            record = _sound_part(line)
            if record and name not in index and file_of(record) not in files:
                index[name] = record
        (folder / INDEX).replace(folder / f"{DAMAGED}{stamp}")
    write_index(folder, index)
    return index


def _parse(folder: Path) -> Index:
    try:
        lines = orjson.loads((folder / INDEX).read_bytes())
    except orjson.JSONDecodeError as error:
        raise _Damaged from error
    if not isinstance(lines, dict):
        raise _Damaged
    index = {}
    for name, line in lines.items():
        record = _sound_part(line)
        if record is None or not line.items() <= record.items():
            raise _Damaged(lines)
        index[name] = record
    return index


def _sound_part(line: Any) -> Record | None:
    """Return a line of the index without what cannot be read in it; None if it names no file."""
    if not isinstance(line, dict) or not isinstance(line.get("path"), str):
        return None
    record = {
        key: value for key, value in line.items() if isinstance(value, INDEXED.get(key, object))
    }
    if not _is_moment(record.get("saved_at")):
        record["saved_at"] = NEVER
    record.setdefault("metadata", {})
    record["aliases"] = [item for item in record.get("aliases", ()) if isinstance(item, str)]
    return record


def _is_moment(value: Any) -> bool:
    try:
        entry.moment(value)
    except (TypeError, ValueError):
        return False
    return True


def _rebuild(folder: Path) -> Index:
    """Make the index anew from the manifests, the latest where two have one name or alias."""
    index: Index = {}
    claims: dict[str, tuple[str, str]] = {}
    manifests = []
    for path in folder.glob("*.json"):
        manifest = _load_manifest(path)
        if manifest and (folder / manifest["file"]).is_file():
            manifests.append(manifest)
    for manifest in sorted(manifests, key=lambda manifest: manifest["saved_at"]):
        name = manifest["name"]
        index[name] = indexed(folder, manifest)
        for alias, since in manifest["aliases"].items():
            claims[alias] = max(claims.get(alias, ("", "")), (since, name))
    for alias, (_since, name) in claims.items():
        index[name]["aliases"].append(alias)
    return index


def indexed(folder: Path, manifest: Mapping[str, Any], aliases: tuple[str, ...] = ()) -> Record:
    """Return the index's line for a model: the documented keys, then what a list shows."""
    return {
        "path": f"{folder.name}/{manifest['file']}",
        "metadata": manifest["metadata"],
        "saved_at": manifest["saved_at"],
        "actor": manifest["actor"],
        "task": manifest["task"],
        "size": manifest["size"],
        "sha256": manifest["sha256"],
        "aliases": list(aliases),
        "key": manifest["key"],
    }


def write_index(folder: Path, index: Index) -> None:
    """Put the index in place. Needs the lock."""
    derived = {"quarantined", "registered"}
    stored = {
        name: {key: value for key, value in record.items() if key not in derived}
        for name, record in index.items()
        if record.get("registered", True)
    }
    atomic.write_json(folder / INDEX, stored)


# Manifests


def write_manifest(folder: Path, manifest: Record, key: bytes) -> Record:
    """Sign a manifest and put it in place. Needs the lock."""
    manifest = orjson.loads(orjson.dumps(manifest)) | {"key": signature.key_id(key)}
    manifest["signature"] = signature.sign(manifest, key)
    atomic.write_json(folder / manifest_name(manifest["file"]), manifest)
    return manifest


def write_pair(folder: Path, manifest: Record, data: bytes, key: bytes) -> Record:
    """Put a signed manifest and then its artifact in place. Needs the lock."""
    manifest = write_manifest(folder, manifest, key)
    atomic.write_bytes(folder / manifest["file"], data)
    return manifest


def read_manifest(folder: Path, file: str) -> Record | None:
    """Return the manifest of an artifact if it is there and whole; it is not verified here."""
    manifest = _load_manifest(folder / manifest_name(file))
    return manifest if manifest and manifest["file"] == file else None


def _load_manifest(path: Path) -> Record | None:
    try:
        manifest = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    if not isinstance(manifest, dict) or not manifest.keys() >= MANIFEST.keys():
        return None
    if not all(isinstance(manifest[name], kind) for name, kind in MANIFEST.items()):
        return None
    if not _is_moment(manifest["saved_at"]):
        return None
    return manifest if manifest_name(manifest["file"]) == path.name else None


# Sweeping, deleting, restoring


def _files(folder: Path) -> set[str]:
    with os.scandir(folder) as found:
        return {item.name for item in found}


def _leftovers(index: Index, files: set[str]) -> bool:
    known = {manifest_name(file_of(record)) for record in index.values()} | {INDEX}
    return any(_temporary(file) or (file.endswith(".json") and file not in known) for file in files)


def _temporary(file: str) -> bool:
    return file.startswith(".") and file.endswith(atomic.TEMPORARY_SUFFIX)


def sweep(folder: Path, index: Index) -> None:
    """Remove what interrupted saves and deletes left. Needs the lock.

    Half-written files go; a whole signed pair that the index does not know (a save that was
    killed before its last step, or an index put back from an older copy) goes to the trash,
    whence it can be restored. Unsigned artifacts are someone's and stay.
    """
    files = _files(folder)
    for file in filter(_temporary, files):
        (folder / file).unlink(missing_ok=True)
    if TRASH in files:
        _finish_moves(folder, index)
    known = {file_of(record) for record in index.values()}
    manifests = {manifest_name(file) for file in known} | {INDEX}
    for file in files:
        if not file.endswith(".json") or file in manifests:
            continue
        manifest = _load_manifest(folder / file)
        if manifest is None or not _signed(manifest):
            continue
        if (folder / manifest["file"]).exists():
            record = indexed(folder, manifest)
            _move(folder, bin_for(folder, manifest["name"], record, actor=""), record)
        else:
            (folder / file).unlink(missing_ok=True)


def _finish_moves(folder: Path, index: Index) -> None:
    """Complete each delete that had reached the index, undo the others; restores likewise."""
    known = {file_of(record) for record in index.values()}
    for path in (folder / TRASH).glob(f"*{PART}"):
        record = _trash_record(path)
        if record is None or file_of(record) in known:
            shutil.rmtree(path, ignore_errors=True)
            continue
        file = file_of(record)
        manifest = read_manifest(folder, file)
        if not (path / file).exists() or (
            not (folder / file).exists()
            and manifest is not None
            and manifest["sha256"] == record.get("sha256")
        ):
            _move(folder, path, record)
        elif (path / file).exists():
            path.rename(path.with_suffix(""))


def bin_for(folder: Path, name: str, record: Record, *, actor: str) -> Path:
    """Prepare the place in the trash where a model goes, with what is needed to restore it."""
    now = utc_now()
    path = folder / TRASH / f"{now:%Y%m%dT%H%M%S%f}-{Path(file_of(record)).stem[:100]}{PART}"
    path.mkdir(parents=True)
    deleted = {**record, "name": name, "deleted_at": now.isoformat(), "deleted_by": actor}
    atomic.write_json(path / RECORD, deleted)
    return path


def _move(folder: Path, path: Path, record: Mapping[str, Any]) -> None:
    """Move a model's files to its place in the trash, which then loses its `.part`."""
    # The artifact first: alone in the folder it would be taken for someone's unsigned file.
    file = file_of(record)
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
    record = index.pop(name)
    path = bin_for(folder, name, record, actor=actor)
    write_index(folder, index)
    _move(folder, path, record)


def withdraw(folder: Path, file: str) -> None:
    """Remove an artifact and its manifest if their line did not reach the index. Needs the lock."""
    try:
        known = {file_of(record) for record in _parse(folder).values()}
    except FileNotFoundError:
        known = set()
    if file not in known:
        remove_files(folder, file)


def remove_files(folder: Path, file: str) -> None:
    """Remove an artifact that another has replaced, and its manifest."""
    for name in (file, manifest_name(file)):
        (folder / name).unlink(missing_ok=True)


def trash(folder: Path) -> dict[str, Record]:
    """Return what lies in the trash, by its identifier, last deleted first."""
    if not (folder / TRASH).is_dir():
        return {}
    if any((folder / TRASH).glob(f"*{PART}")):
        with contextlib.suppress(StorageError), locked(folder, seconds=0):
            sweep(folder, open_index(folder))
    places = sorted((folder / TRASH).iterdir(), reverse=True)
    found = {path.name: _sound_part(_trash_record(path)) for path in places if path.suffix != PART}
    return {
        name: record
        for name, record in found.items()
        if record and isinstance(record.get("name"), str) and _is_moment(record.get("deleted_at"))
    }


def _trash_record(path: Path) -> Record | None:
    try:
        record = orjson.loads((path / RECORD).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    return record if isinstance(record, dict) and isinstance(record.get("path"), str) else None


def put_back(folder: Path, index: Index, identifier: str, record: Record) -> None:
    """Move a deleted model's files back to the folder, and the index last. Needs the lock."""
    place = (folder / TRASH / identifier).rename(folder / TRASH / f"{identifier}{PART}")
    file = file_of(record)
    for name in (manifest_name(file), file):
        with contextlib.suppress(FileNotFoundError):
            (place / name).replace(folder / name)
    atomic.sync_folder(folder)
    write_index(folder, index)
    shutil.rmtree(place, ignore_errors=True)


def damaged(folder: Path) -> list[Path]:
    """Return the damaged indexes that were set aside, oldest first."""
    return sorted(folder.glob(f"{DAMAGED}*"))


def damage_notice(path: Path) -> Message:
    """Say what happened to the index."""
    return Message(
        N_(
            "O índice dos modelos estava danificado e foi refeito a partir dos arquivos assinados. "
            "O índice antigo foi guardado como {file}."
        ),
        {"file": path.name},
    )
