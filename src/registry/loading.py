"""Find a model by its name or an alias, verify it, open it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from src.errors import (
    InvalidModelName,
    ModelNotFound,
    ModelQuarantined,
    SignatureMismatch,
)
from src.messages import N_, Message
from src.registry import artifact, environment, names, store
from src.registry.model import ModelEntry, entry
from src.registry.records import IndexLine, Manifest

T = TypeVar("T")

READ_ATTEMPTS = 5
"""How often a model is looked up again when another process replaced it between two reads."""


def load_model(name: str, *, folder: Path | None = None) -> Any:
    """Return a registered model, after verifying the very bytes that are then unpickled.

    A model made with other library versions is loaded with a ``UserWarning``.

    Parameters
    ----------
    name : str
        A model's name, or an alias.
    folder : Path, optional
        Where, if not in the configured folder.

    Raises
    ------
    ModelNotFound
        If there is none of that name.
    ModelQuarantined
        If it is unsigned and nobody has trusted it.
    SignatureMismatch
        If the artifact, its metadata or its name are not those that were signed.
    RegistryError
        If a library it needs is missing.
    """
    home = store.place(folder)
    manifest, data = _steadily(home, name, lambda *model: verified(home, *model))
    differences = environment.differences(manifest.libraries, manifest.python)
    if differences:
        text = " ".join(str(difference) for difference in differences)
        warnings.warn(f"{name}: {text}", UserWarning, stacklevel=2)
        from src.logs import get_logger  # structlog is slow to import; most loads log nothing

        get_logger(__name__).info("model_from_other_versions", model=name, differences=text)
    return artifact.load(data)


def get_model(name: str, *, folder: Path | None = None) -> ModelEntry:
    """Return what is known of a model, by its name or an alias; it is not unpickled.

    Raises
    ------
    ModelNotFound
        If there is none.
    SignatureMismatch
        If its metadata are not those that were signed.
    """
    home = store.place(folder)
    return _steadily(home, name, lambda *model: _entry(home, *model))


def _entry(home: Path, name: str, line: IndexLine) -> ModelEntry:
    if line.quarantined:  # what the manifest says is shown if it was signed with another key
        return entry(name, line, store.read_manifest(home, line.file))
    return entry(name, line, signed_manifest(home, name, line))


def version_warnings(name: str, *, folder: Path | None = None) -> list[Message]:
    """Return one sentence for each library version that differs from the model's own."""
    model = get_model(name, folder=folder)
    return environment.differences(model.libraries, model.python)


def find(home: Path, name: str, index: store.Index | None = None) -> tuple[str, IndexLine]:
    """Return the model that ``name``, or the alias ``name``, stands for.

    Raises
    ------
    ModelNotFound
        If there is none.
    """
    index = store.lines(home) if index is None else index
    try:
        name = names.clean(name)
    except InvalidModelName:
        pass  # no model can be called so: not found below
    else:
        if name in index:
            return name, index[name]
        for other, line in index.items():
            if name in line.aliases:
                return other, line
    raise ModelNotFound(
        N_("Não há modelo chamado «{name}» em {folder}. Confira o nome na lista de modelos."),
        name=name,
        folder=str(home),
    )


def _steadily(home: Path, name: str, read: Callable[[str, IndexLine], T]) -> T:
    """Read a model; again, if another process replaced it between the index and the files."""
    for _attempt in range(READ_ATTEMPTS):
        model, line = find(home, name)
        try:
            return read(model, line)
        except (SignatureMismatch, ModelNotFound):
            if find(home, name) == (model, line):
                raise
    return read(*find(home, name))


def verified(home: Path, name: str, line: IndexLine) -> tuple[Manifest, bytes]:
    """Return a model's manifest and bytes, verified together."""
    manifest = signed_manifest(home, name, line)
    data = read_artifact(home, name, line)
    if artifact.digest(data) != manifest.sha256:
        raise SignatureMismatch(
            N_(
                "O arquivo do modelo «{name}» não é o que foi salvo: o conteúdo mudou depois da "
                "assinatura. Ele não foi aberto. Recoloque o arquivo de uma cópia de segurança, "
                "ou treine o modelo de novo."
            ),
            name=name,
        )
    return manifest, data


def read_artifact(home: Path, name: str, line: IndexLine) -> bytes:
    """Return the bytes of an artifact, verified or not.

    Raises
    ------
    ModelNotFound
        If the file is gone.
    """
    with store.reporting(home):
        try:
            return (home / line.file).read_bytes()
        except FileNotFoundError as error:
            raise ModelNotFound(
                N_(
                    "O arquivo {file} do modelo «{name}» não está mais na pasta. Recoloque-o de "
                    "uma cópia de segurança, ou apague o modelo da lista."
                ),
                name=name,
                file=line.file,
            ) from error


def signed_manifest(home: Path, name: str, line: IndexLine) -> Manifest:
    """Return a model's manifest if it was signed here, under this name, with these metadata.

    Raises
    ------
    ModelQuarantined
        If it was never signed, or with another key.
    SignatureMismatch
        If it was changed after it was signed.
    """
    manifest = store.read_manifest(home, line.file)
    if line.quarantined:
        if line.key:
            raise ModelQuarantined(
                N_(
                    "O modelo «{name}» foi assinado com outra chave, que foi trocada ou perdida. "
                    "Recoloque a chave anterior, ou examine o modelo e autorize-o de novo."
                ),
                name=name,
            )
        raise ModelQuarantined(
            N_(
                "O modelo «{name}» não tem assinatura e está em quarentena: abrir um arquivo "
                "desses executa o código que houver nele. Veja o que ele importa e autorize-o se "
                "souber de onde veio."
            ),
            name=name,
        )
    if manifest is None or not store.is_signed(manifest):
        raise SignatureMismatch(
            N_(
                "Os dados do modelo «{name}» não conferem com a assinatura: o manifesto sumiu ou "
                "foi alterado. O modelo não foi aberto. Recoloque os arquivos de uma cópia de "
                "segurança, ou treine o modelo de novo."
            ),
            name=name,
        )
    if manifest.name != name:
        raise SignatureMismatch(
            N_(
                "O arquivo que está no lugar do modelo «{name}» foi assinado como «{signed}». O "
                "modelo não foi aberto. Recoloque os arquivos de uma cópia de segurança."
            ),
            name=name,
            signed=manifest.name,
        )
    if _signed_part(line.metadata) != _signed_part(manifest.metadata):
        raise SignatureMismatch(
            N_(
                "Os metadados do modelo «{name}» em registry.json não são os que foram assinados. "
                "O modelo não foi aberto. Recoloque o registry.json de uma cópia de segurança, ou "
                "apague esse arquivo: ele é refeito a partir dos manifestos assinados."
            ),
            name=name,
        )
    stray = [alias for alias in line.aliases if alias not in manifest.aliases]
    if stray:
        raise SignatureMismatch(
            N_(
                "O apelido «{alias}» do modelo «{name}» foi posto em registry.json por fora do "
                "sistema. O modelo não foi aberto. Tire o apelido e ponha-o de novo."
            ),
            alias=stray[0],
            name=name,
        )
    return manifest


def _signed_part(metadata: Mapping[str, Any]) -> dict[str, Any]:
    # The notes may be a step behind in the index when an edit was killed; the manifest's count.
    return {name: value for name, value in metadata.items() if name != "description"}
