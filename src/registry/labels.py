"""What people add to a model that is registered: notes and aliases."""

from __future__ import annotations

from pathlib import Path

from src.errors import DuplicateModelName, ModelNotFound
from src.messages import N_
from src.persistence import utc_now
from src.registry import names, store
from src.registry.loading import find, signed_manifest
from src.registry.records import IndexLine, Manifest

CHAMPION = "champion"
"""The alias of the model that is used unless another is named."""


def set_alias(name: str, alias: str, *, actor: str, folder: Path | None = None) -> None:
    """Let ``alias`` lead to a model; if it led to another, it moves.

    Raises
    ------
    ModelNotFound
        If there is no model of that name.
    InvalidModelName
        If nothing can be called so.
    DuplicateModelName
        If a model itself is called so.
    ModelQuarantined
        If nobody has trusted the model yet.
    """
    home = store.place(folder)
    alias = names.clean(alias)
    with store.changing(home) as index:
        model, line = find(home, name, index)
        manifest = signed_manifest(home, model, line)
        if any(names.key(other) == names.key(alias) for other in index):
            raise DuplicateModelName(
                N_("«{alias}» é o nome de um modelo e não pode ser apelido. Escolha outro."),
                alias=alias,
                suggestion=names.free(alias, {names.key(other) for other in index}),
            )
        losers = []
        for other, loser in index.items():
            kept = [item for item in loser.aliases if names.key(item) != names.key(alias)]
            if kept != loser.aliases:
                loser.aliases = kept
                if other != model:
                    losers.append(loser)
        line.aliases.append(alias)
        # The winner's manifest, the index, the losers' manifests: whatever is cut off, the index
        # is right, and a rebuilt one takes the latest claim.
        _claim(home, manifest, line, actor)
        store.write_index(home, index)
        for loser in losers:
            _claim(home, store.read_manifest(home, loser.file), loser, actor)


def remove_alias(name: str, alias: str, *, actor: str, folder: Path | None = None) -> None:
    """Take an alias away from a model.

    Raises
    ------
    ModelNotFound
        If there is no such model, or it has no such alias.
    """
    home = store.place(folder)
    with store.changing(home) as index:
        model, line = find(home, name, index)
        if alias not in line.aliases:
            raise ModelNotFound(
                N_("O modelo «{name}» não tem o apelido «{alias}»."), name=model, alias=alias
            )
        line.aliases.remove(alias)
        store.write_index(home, index)
        _claim(home, store.read_manifest(home, line.file), line, actor)


def _claim(home: Path, manifest: Manifest | None, line: IndexLine, actor: str) -> None:
    """Note in the signed manifest which aliases a model has, and since when."""
    if manifest is None or line.quarantined or not store.is_signed(manifest):
        return  # never sign what was changed by someone else
    now = utc_now().isoformat()
    manifest.aliases = {alias: manifest.aliases.get(alias, now) for alias in line.aliases}
    manifest.edited = {"actor": actor, "at": now}
    store.write_manifest(home, manifest)


def edit_notes(name: str, notes: str, *, actor: str, folder: Path | None = None) -> None:
    """Replace a model's notes (``metadata["description"]``).

    Raises
    ------
    ModelNotFound
        If there is none of that name.
    ModelQuarantined
        If nobody has trusted the model yet.
    SignatureMismatch
        If its metadata are not those that were signed.
    """
    home = store.place(folder)
    with store.changing(home) as index:
        model, line = find(home, name, index)
        manifest = signed_manifest(home, model, line)
        manifest.metadata["description"] = notes
        manifest.edited = {"actor": actor, "at": utc_now().isoformat()}
        line.metadata = store.write_manifest(home, manifest).metadata
        store.write_index(home, index)
