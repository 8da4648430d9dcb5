"""Artifacts that nobody here signed: bring them in, look at them, decide, take models out."""

from __future__ import annotations

from pathlib import Path

from src.errors import RegistryError
from src.logs import get_logger
from src.messages import N_
from src.persistence import atomic, utc_now
from src.registry import artifact, environment, inspection, names, store
from src.registry.inspection import Inspection
from src.registry.loading import find, get_model, read_artifact, verified
from src.registry.model import ModelEntry, entry
from src.registry.records import IndexLine, unsigned
from src.registry.saving import refuse_taken, training_facts

_logger = get_logger(__name__)


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
    home = store.place(folder)
    name = names.clean(name)
    if not data:
        raise RegistryError(N_("O arquivo está vazio. Escolha um arquivo .pkl ou .joblib."))
    with store.changing(home) as index:
        refuse_taken(index, name, overwrite=False)
        file = store.free_file(home, name)
        index[name] = IndexLine(
            path=f"{home.name}/{file}",
            saved_at=utc_now().isoformat(),
            actor=actor,
            size=len(data),
            sha256=artifact.digest(data),
            quarantined=True,
        )
        with store.withdrawing(home, file):
            atomic.write_bytes(home / file, data)
            store.write_index(home, index)
        return entry(name, index[name], None)


def inspect_quarantined(name: str, *, folder: Path | None = None) -> Inspection:
    """Return what opening a model would import, read from its bytes without running any.

    Raises
    ------
    ModelNotFound
        If there is none of that name.
    """
    home = store.place(folder)
    model, line = find(home, name)
    return inspection.inspect(read_artifact(home, model, line))


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
    home = store.place(folder)
    with store.changing(home) as index:
        model, line = find(home, name, index)
        if not line.quarantined:
            raise RegistryError(
                N_("O modelo «{name}» já tem assinatura; não há o que autorizar."), name=model
            )
        data = read_artifact(home, model, line)
        if sha256 is not None and artifact.digest(data) != sha256:
            raise RegistryError(
                N_(
                    "O arquivo do modelo «{name}» mudou depois que foi examinado. Ele não foi "
                    "autorizado nem aberto. Veja de novo o que ele importa e decida outra vez."
                ),
                name=model,
            )
        line.registered = True
        manifest = store.read_manifest(home, line.file) if line.key else None
        if not line.key:
            # First, so that a manifest that no index knows always is an interrupted save.
            store.write_index(home, index)
        if manifest is None:
            manifest = unsigned(model, line)
            modules = inspection.inspect(data).imports
            manifest.libraries = environment.libraries(
                {module.partition(".")[0] for module in modules}
            )
        now = utc_now().isoformat()
        manifest.name, manifest.file = model, line.file
        manifest.aliases = dict.fromkeys(line.aliases, now)
        manifest.size, manifest.sha256 = len(data), artifact.digest(data)
        manifest.trusted = {"actor": actor, "at": now, "reason": reason}
        store.register(home, index, manifest, line.aliases)
    _learn(home, model)
    return get_model(model, folder=home)


def _learn(home: Path, name: str) -> None:
    """Open a model that is trusted now, and note the columns and classes that it remembers."""
    manifest, data = verified(home, *find(home, name))
    if manifest.columns is not None:
        return
    try:
        opened = artifact.load(data)
    except RegistryError as error:
        _logger.info("trusted_model_does_not_open", model=name, reason=str(error))
        return
    facts = training_facts(opened, manifest.metadata, None, manifest.target)
    with store.changing(home) as index:
        if name in index and index[name].sha256 == manifest.sha256:
            store.register(home, index, manifest.model_copy(update=facts), index[name].aliases)


def export_model(name: str, *, folder: Path | None = None) -> bytes:
    """Return a model's artifact, as ``joblib.load`` reads it; a signed one is verified first.

    Raises
    ------
    ModelNotFound
        If there is none of that name.
    SignatureMismatch
        If the artifact or its metadata are not those that were signed.
    """
    home = store.place(folder)
    model, line = find(home, name)
    if line.quarantined:
        return read_artifact(home, model, line)
    return verified(home, model, line)[1]
