"""Artifacts that nobody here signed: bring them in, look at them, decide, take models out."""

from __future__ import annotations

from pathlib import Path

from src.errors import RegistryError
from src.messages import N_
from src.persistence import atomic, utc_now
from src.registry import artifact, entry, environment, inspection, models, names, signature, store
from src.registry.entry import ModelEntry
from src.registry.inspection import Inspection


def import_model(
    data: bytes, name: str, *, actor: str = "", folder: Path | None = None
) -> ModelEntry:
    """Put an artifact made elsewhere (``.pkl`` or ``.joblib``) into quarantine; it is not opened.

    Raises
    ------
    InvalidModelName, DuplicateModelName
        If the name cannot be had.
    RegistryError
        If there are no bytes.
    StorageError
        If the folder cannot be written.
    """
    home = models.place(folder)
    name = names.clean(name)
    if not data:
        raise RegistryError(N_("O arquivo está vazio. Escolha um arquivo .pkl ou .joblib."))
    with store.changing(home) as index:
        models.refuse_taken(index, name, overwrite=False)
        file = store.free_file(home, name)
        record: store.Record = {
            "path": f"{home.name}/{file}",
            "metadata": {},
            "saved_at": utc_now().isoformat(),
            "actor": actor,
            "task": None,
            "size": len(data),
            "sha256": artifact.digest(data),
            "aliases": [],
        }
        index[name] = record
        with store.reporting(home):
            try:
                atomic.write_bytes(home / file, data)
                store.write_index(home, index)
            except OSError:
                store.withdraw(home, file)
                raise
        return entry.from_records(name, record | {"quarantined": True}, None)


def inspect_quarantined(name: str, *, folder: Path | None = None) -> Inspection:
    """Return what opening a model would import, read from its bytes without running any.

    Raises
    ------
    ModelNotFound
        If there is none of that name.
    """
    home = models.place(folder)
    found, record = models.find(home, name)
    return inspection.inspect(models.read_artifact(home, found, record))


def trust(
    name: str,
    *,
    actor: str,
    reason: str = "",
    sha256: str | None = None,
    folder: Path | None = None,
) -> ModelEntry:
    """Sign a quarantined model from now on, and record who decided so, when and why.

    A model that was signed with another key keeps what its manifest says.

    Parameters
    ----------
    name : str
        The model.
    actor, reason : str
        Who decides, and why.
    sha256 : str, optional
        Of the bytes that were examined (:attr:`Inspection.sha256`): no others are signed.
    folder : Path, optional
        Where, if not in the configured folder.

    Raises
    ------
    ModelNotFound
        If there is none of that name.
    RegistryError
        If it is not in quarantine, or its file is no longer the one that was examined.
    """
    home = models.place(folder)
    key = signature.load_key()
    with store.changing(home) as index:
        found, record = models.find(home, name, index)
        if not record["quarantined"]:
            raise RegistryError(
                N_("O modelo «{name}» já tem assinatura; não há o que autorizar."), name=found
            )
        data = models.read_artifact(home, found, record)
        if sha256 is not None and artifact.digest(data) != sha256:
            raise RegistryError(
                N_(
                    "O arquivo do modelo «{name}» mudou depois que foi examinado. Ele não foi "
                    "autorizado nem aberto. Veja de novo o que ele importa e decida outra vez."
                ),
                name=found,
            )
        file = store.file_of(record)
        record["registered"] = True
        if not record.get("key"):
            # First, so that a manifest that no index knows always is an interrupted save.
            store.write_index(home, index)
        seen = inspection.inspect(data)
        known = store.read_manifest(home, file) if record.get("key") else None
        manifest = (
            known
            or {
                "saved_at": record["saved_at"],
                "actor": record.get("actor", ""),
                "metadata": record["metadata"],
                "schema": None,
                "sample": None,
                "target": record["metadata"].get("target"),
                "task": record["metadata"].get("task"),
                "classes": None,
                "metrics": entry.metrics_of(record["metadata"]),
                "libraries": environment.libraries(
                    {name.partition(".")[0] for name in seen.imports}
                ),
                "python": None,
                "data_fingerprint": None,
            }
        ) | {
            "name": found,
            "file": file,
            "aliases": dict.fromkeys(record["aliases"], utc_now().isoformat()),
            "size": len(data),
            "sha256": artifact.digest(data),
            "trusted": {"actor": actor, "at": utc_now().isoformat(), "reason": reason},
        }
        with store.reporting(home):
            signed = store.write_manifest(home, manifest, key)
            index[found] = store.indexed(home, signed, tuple(record["aliases"]))
            store.write_index(home, index)
    _learn(home, found, key)
    return models.get_model(found, folder=home)


def _learn(home: Path, name: str, key: bytes) -> None:
    """Open a model that is trusted now, and note the columns and classes that it remembers."""
    manifest, data = models.verified(home, *models.find(home, name))
    if manifest["schema"] is not None:
        return
    try:
        model = artifact.load(data)
    except RegistryError as error:
        models.log_event("trusted_model_does_not_open", model=name, reason=str(error))
        return
    facts = models.training_facts(model, manifest["metadata"], None, manifest["target"])
    with store.changing(home) as index, store.reporting(home):
        if name in index and index[name].get("sha256") == manifest["sha256"]:
            signed = store.write_manifest(home, manifest | facts, key)
            index[name] = store.indexed(home, signed, tuple(index[name]["aliases"]))
            store.write_index(home, index)


def export_model(name: str, *, folder: Path | None = None) -> bytes:
    """Return a model's artifact, as ``joblib.load`` reads it; a signed one is verified first.

    Raises
    ------
    ModelNotFound
        If there is none of that name.
    SignatureMismatch
        If the artifact or its metadata are not those that were signed.
    """
    home = models.place(folder)
    found, record = models.find(home, name)
    if record["quarantined"]:
        return models.read_artifact(home, found, record)
    return models.verified(home, found, record)[1]
