"""Signed manifests, each beside its artifact."""

from __future__ import annotations

from pathlib import Path

import orjson
from pydantic import ValidationError

from src.persistence import atomic
from src.registry import signature
from src.registry.records import Manifest
from src.registry.store.folder import manifest_name


def write_manifest(folder: Path, manifest: Manifest) -> Manifest:
    """Sign a manifest and put it in place. Needs the lock."""
    key = signature.load_key()
    signed = orjson.loads(orjson.dumps(manifest.model_dump(by_alias=True)))
    signed["key"] = signature.key_id(key)
    signed["signature"] = signature.sign(signed, key)
    atomic.write_json(folder / manifest_name(manifest.file), signed)
    return Manifest.model_validate(signed)


def read_manifest(folder: Path, file: str) -> Manifest | None:
    """Return the manifest of an artifact if it is there and whole; it is not verified here."""
    manifest = load_manifest(folder / manifest_name(file))
    return manifest if manifest and manifest.file == file else None


def load_manifest(path: Path) -> Manifest | None:
    """Return what a file says if it is a whole manifest, and of the artifact beside it."""
    try:
        manifest = Manifest.model_validate(orjson.loads(path.read_bytes()))
    except (OSError, orjson.JSONDecodeError, ValidationError):
        return None
    return manifest if manifest_name(manifest.file) == path.name else None


def is_signed(manifest: Manifest | None) -> bool:
    """Whether a manifest is exactly as it was signed here."""
    return manifest is not None and signature.verifies(manifest.as_signed(), signature.load_key())
