"""The models' folder: artifacts, their signed manifests, and ``registry.json``, the index.

A save puts the manifest, then the artifact, then the index in place, each by a rename after an
fsync. The index decides what exists; so whatever kills a writer, at any moment, leaves the model
as it was before or as it was to be, and files nobody points at, which the next writer sweeps.
All of it happens under one file lock a folder.
"""

from __future__ import annotations

from src.registry.store.contents import changing, lines, taken_names
from src.registry.store.folder import (
    INDEX,
    LOCK,
    TRASH,
    free_file,
    locked,
    manifest_name,
    place,
    remove_files,
    reporting,
)
from src.registry.store.index import Index, damaged, register, withdrawing, write_index
from src.registry.store.manifests import is_signed, read_manifest, write_manifest
from src.registry.store.trash import deleted_lines, discard, put_back, sweep
