"""What people add to a model that is registered: notes and aliases."""

from __future__ import annotations

from pathlib import Path

from src.errors import DuplicateModelName, ModelNotFound
from src.messages import N_
from src.persistence import utc_now
from src.registry import models, names, signature, store

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
    home = models.place(folder)
    alias = names.clean(alias)
    with store.changing(home) as index, store.reporting(home):
        found, record = models.find(home, name, index)
        manifest = models.signed_manifest(home, found, record)
        if any(names.key(other) == names.key(alias) for other in index):
            raise DuplicateModelName(
                N_("«{alias}» é o nome de um modelo e não pode ser apelido. Escolha outro."),
                alias=alias,
                suggestion=names.free(alias, {names.key(other) for other in index}),
            )
        losers = []
        for other, line in index.items():
            kept = [item for item in line["aliases"] if names.key(item) != names.key(alias)]
            if len(kept) != len(line["aliases"]):
                line["aliases"] = kept
                if other != found:
                    losers.append(line)
        record["aliases"].append(alias)
        # The winner's manifest, the index, the losers' manifests: whatever is cut off, the index
        # is right, and a rebuilt one takes the latest claim.
        _claim(home, manifest, record, actor)
        store.write_index(home, index)
        for line in losers:
            known = store.read_manifest(home, store.file_of(line))
            if known and not line["quarantined"]:
                _claim(home, known, line, actor)


def remove_alias(name: str, alias: str, *, actor: str, folder: Path | None = None) -> None:
    """Take an alias away from a model.

    Raises
    ------
    ModelNotFound
        If there is no such model, or it has no such alias.
    """
    home = models.place(folder)
    with store.changing(home) as index, store.reporting(home):
        found, record = models.find(home, name, index)
        if alias not in record["aliases"]:
            raise ModelNotFound(
                N_("O modelo «{name}» não tem o apelido «{alias}»."), name=found, alias=alias
            )
        record["aliases"].remove(alias)
        store.write_index(home, index)
        manifest = store.read_manifest(home, store.file_of(record))
        if manifest and not record["quarantined"]:
            _claim(home, manifest, record, actor)


def _claim(home: Path, manifest: store.Record, record: store.Record, actor: str) -> None:
    """Note in the signed manifest which aliases a model has, and since when."""
    now = utc_now().isoformat()
    key = signature.load_key()
    if not signature.verifies(manifest, key):
        return  # never sign what was changed by someone else
    aliases = {alias: manifest["aliases"].get(alias, now) for alias in record["aliases"]}
    edited = {"actor": actor, "at": now}
    store.write_manifest(home, manifest | {"aliases": aliases, "edited": edited}, key)


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
    home = models.place(folder)
    with store.changing(home) as index, store.reporting(home):
        found, record = models.find(home, name, index)
        manifest = models.signed_manifest(home, found, record)
        manifest["metadata"]["description"] = notes
        manifest["edited"] = {"actor": actor, "at": utc_now().isoformat()}
        signed = store.write_manifest(home, manifest, signature.load_key())
        index[found] = record | {"metadata": signed["metadata"]}
        store.write_index(home, index)
