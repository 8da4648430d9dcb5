"""``registry.json``, the index: read, written, and rebuilt when it is missing or damaged."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from src.persistence import atomic, utc_now
from src.registry.records import IndexLine, Manifest, sound_part
from src.registry.store.folder import INDEX, locked, manifest_name, remove_files
from src.registry.store.manifests import load_manifest, write_manifest

DAMAGED = INDEX + ".damaged-"

Index = dict[str, IndexLine]

_INDEX = TypeAdapter(Index)


class _Damaged(Exception):
    """The index is not the JSON object it should be, or some of its ``lines`` are not."""

    def __init__(self, lines: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self.lines = lines or {}


def read_index(folder: Path) -> Index:
    """Return the index; one that is missing or damaged is rebuilt under the lock."""
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
        files = {line.file for line in index.values()}
        for name, stored in damage.lines.items():  # the unsigned have no manifest to be made from
            line = sound_part(IndexLine, stored)
            if line and name not in index and line.file not in files:
                index[name] = line
        (folder / INDEX).replace(folder / f"{DAMAGED}{stamp}")
    write_index(folder, index)
    return index


def _parse(folder: Path) -> Index:
    data = (folder / INDEX).read_bytes()
    try:
        return _INDEX.validate_json(data)
    except ValidationError as error:
        lines = None
        with contextlib.suppress(orjson.JSONDecodeError):
            lines = orjson.loads(data)
        raise _Damaged(lines if isinstance(lines, dict) else None) from error


def _rebuild(folder: Path) -> Index:
    """Make the index anew from the manifests, the latest where two have one name or alias."""
    index: Index = {}
    claims: dict[str, tuple[str, str]] = {}
    manifests = []
    for path in folder.glob("*.json"):
        manifest = load_manifest(path)
        if manifest and (folder / manifest.file).is_file():
            manifests.append(manifest)
    for manifest in sorted(manifests, key=lambda manifest: manifest.saved_at):
        name = manifest.name
        index[name] = line_of(folder, manifest)
        for alias, since in manifest.aliases.items():
            claims[alias] = max(claims.get(alias, ("", "")), (since, name))
    for alias, (_since, name) in claims.items():
        index[name].aliases.append(alias)
    return index


def unlisted(folder: Path, index: Index) -> set[str]:
    """Return the names of what is in the folder and belongs to none of the index's models."""
    listed = {INDEX}
    for line in index.values():
        listed |= {line.file, manifest_name(line.file)}
    with os.scandir(folder) as items:
        return {item.name for item in items} - listed


def line_of(folder: Path, manifest: Manifest, aliases: Iterable[str] = ()) -> IndexLine:
    """Return the index's line for a model."""
    path = f"{folder.name}/{manifest.file}"
    return IndexLine(path=path, aliases=list(aliases), **manifest.shared())


def write_index(folder: Path, index: Index) -> None:
    """Put the index in place, without the files that nobody has registered. Needs the lock."""
    registered = {name: line for name, line in index.items() if line.registered}
    atomic.write_bytes(folder / INDEX, _INDEX.dump_json(registered, indent=2))


def register(
    folder: Path,
    index: Index,
    manifest: Manifest,
    aliases: Iterable[str],
    data: bytes | None = None,
) -> Manifest:
    """Sign a manifest and put it, the artifact if it is new, and the index in place, in this order.

    Needs the lock.
    """
    signed = write_manifest(folder, manifest)
    if data is not None:
        atomic.write_bytes(folder / signed.file, data)
    index[signed.name] = line_of(folder, signed, aliases)
    write_index(folder, index)
    return signed


@contextlib.contextmanager
def withdrawing(folder: Path, file: str) -> Iterator[None]:
    """Remove a new artifact and its manifest if their line cannot be written. Needs the lock."""
    try:
        yield
    except OSError:
        index = _parse(folder) if (folder / INDEX).exists() else {}
        if file not in {line.file for line in index.values()}:
            remove_files(folder, file)
        raise


def damaged(folder: Path) -> list[Path]:
    """Return the damaged indexes that were set aside, oldest first."""
    return sorted(folder.glob(f"{DAMAGED}*"))
