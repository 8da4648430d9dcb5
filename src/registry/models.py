"""Save, load, list, name and delete models."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import orjson

from src.config import get_settings
from src.errors import (
    DuplicateModelName,
    InvalidModelName,
    ModelNotFound,
    ModelQuarantined,
    RegistryError,
    SignatureMismatch,
)
from src.messages import N_, Message
from src.persistence import utc_now
from src.registry import artifact, entry, environment, names, schema, signature, store
from src.registry.entry import ModelEntry

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")

READ_ATTEMPTS = 5
"""How often a model is looked up again when another process replaced it between two reads."""

JSON_OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY


def place(folder: Path | None) -> Path:
    """Return the models' folder: the one given, or the configured one."""
    return Path(folder) if folder is not None else get_settings().models_dir


def save_model(
    model: Any,
    name: str,
    metadata: Mapping[str, Any] | None = None,
    *,
    overwrite: bool = False,
    training_data: pd.DataFrame | None = None,
    target: str | None = None,
    data_fingerprint: str | None = None,
    actor: str = "",
    folder: Path | None = None,
) -> ModelEntry:
    """Register a model: write it, sign it, list it.

    Parameters
    ----------
    model : object
        Anything that can be pickled, such as a fitted scikit-learn ``Pipeline``.
    name : str
        What people will call it. Names that differ only in case are one name.
    metadata : mapping, optional
        Further facts, as JSON values: ``model_type``, ``metrics``, ``description`` (the notes)...
    overwrite : bool
        Replace a model of that name, which is then gone; its aliases stay.
    training_data : DataFrame of shape (n_rows, n_columns), optional
        The raw feature columns (and possibly ``target``), from which the schema, a sample row and
        the fingerprint are taken. Without it the schema has the column names that the model
        remembers, if any.
    target : str, optional
        The column it predicts.
    data_fingerprint : str, optional
        SHA-256 of the whole table, if ``training_data`` is not all of it.
    actor : str
        Who saves it.
    folder : Path, optional
        Where, if not in the configured folder.

    Returns
    -------
    ModelEntry

    Raises
    ------
    InvalidModelName
        If nothing can be called so.
    DuplicateModelName
        If the name, or an alias like it, is taken and ``overwrite`` is false.
    ModelNotSerializable
        If the model cannot be pickled.
    RegistryError
        If the metadata are not JSON values.
    StorageError
        If the disk is full or the folder cannot be written.

    Examples
    --------
    >>> save_model(pipeline, "Ocupação v1", {"accuracy": 0.97}, actor="ana")  # doctest: +SKIP
    """
    home = place(folder)
    name = names.clean(name)
    known = _plain_metadata(metadata or {})
    refuse_taken(store.catalogue(home), name, overwrite)  # before the work of pickling
    made = artifact.dump(model)
    manifest = {
        "name": name,
        "actor": actor,
        "metadata": known,
        "aliases": {},
        **training_facts(model, known, training_data, target),
        "metrics": entry.metrics_of(known),
        "libraries": environment.libraries(made.modules),
        "python": environment.python(),
        "size": len(made.data),
        "sha256": made.sha256,
        "trusted": None,
    }
    if data_fingerprint is not None:
        manifest["data_fingerprint"] = data_fingerprint
    key = signature.load_key()
    with store.changing(home) as index:
        replaced = refuse_taken(index, name, overwrite)
        old = index.pop(replaced, None) if replaced else None
        aliases = tuple(old["aliases"]) if old else ()
        now = utc_now().isoformat()
        manifest |= {
            "file": store.free_file(home, name),
            "saved_at": now,
            "aliases": dict.fromkeys(aliases, now),
        }
        with store.reporting(home):
            try:
                signed = store.write_pair(home, manifest, made.data, key)
                index[name] = store.indexed(home, signed, aliases)
                store.write_index(home, index)
            except OSError:
                store.withdraw(home, manifest["file"])
                raise
            if old:
                store.remove_files(home, store.file_of(old))
        return entry.from_records(name, index[name] | {"quarantined": False}, signed)


def _plain_metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return orjson.loads(orjson.dumps(dict(metadata), default=_plain, option=JSON_OPTIONS))
    except TypeError as error:
        raise RegistryError(
            N_(
                "Os metadados do modelo não puderam ser gravados ({reason}). Use textos, números, "
                "listas e dicionários."
            ),
            reason=str(error),
        ) from error


def _plain(value: Any) -> Any:
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"{type(value).__name__} is not JSON")


def refuse_taken(catalogue: store.Index, name: str, overwrite: bool) -> str | None:
    """Return the name of the model to replace, if there is one and it may be replaced."""
    key = names.key(name)
    taken = {names.key(other): other for other in catalogue}
    aliases = {names.key(alias) for record in catalogue.values() for alias in record["aliases"]}
    if key in taken and overwrite and taken[key] == name:
        return name
    if key in taken or key in aliases:
        raise DuplicateModelName(
            N_("Já existe um modelo chamado «{name}». Use outro nome, por exemplo «{suggestion}»."),
            name=taken.get(key, name),
            suggestion=names.free(name, {*taken, *aliases}),
        )
    return None


def training_facts(
    model: Any, metadata: Mapping[str, Any], data: pd.DataFrame | None, target: str | None
) -> dict[str, Any]:
    """Return what a manifest says of the table and of the model's answers."""
    target = target or metadata.get("target")
    columns: tuple[schema.Field, ...] | None
    if data is None:
        columns, sample, fingerprint = schema.describe_names(model), None, None
        background = None
    else:
        features = data.drop(columns=[target]) if target in data.columns else data
        columns, sample = schema.describe_table(features), schema.sample_row(features)
        fingerprint = schema.fingerprint(data)
        background = schema.background_rows(features)
    classes = getattr(model, "classes_", None)
    labels = None if classes is None else [schema.plain(label) for label in classes]
    task = metadata.get("task")
    if task is None and labels is not None:
        task = "binary" if len(labels) == 2 else "multiclass"
    elif task is None and getattr(model, "_estimator_type", None) == "regressor":
        task = "regression"
    return {
        "schema": None if columns is None else [column.to_dict() for column in columns],
        "sample": sample,
        "background": background,
        "target": None if target is None else str(target),
        "task": None if task is None else str(task),
        "classes": labels,
        "data_fingerprint": fingerprint,
    }


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
    home = place(folder)
    manifest, data = _steadily(home, name, lambda *found: verified(home, *found))
    differences = environment.differences(manifest["libraries"], manifest["python"])
    if differences:
        text = " ".join(str(difference) for difference in differences)
        warnings.warn(f"{name}: {text}", UserWarning, stacklevel=2)
        log_event("model_from_other_versions", model=name, differences=text)
    return artifact.load(data)


def log_event(event: str, **facts: Any) -> None:
    """Write one log record."""
    from src.logs import get_logger  # structlog is slow to import; most loads log nothing

    get_logger(__name__).info(event, **facts)


def find(home: Path, name: str, catalogue: store.Index | None = None) -> tuple[str, store.Record]:
    """Return the model that ``name``, or the alias ``name``, stands for.

    Raises
    ------
    ModelNotFound
        If there is none.
    """
    catalogue = store.catalogue(home) if catalogue is None else catalogue
    try:
        name = names.clean(name)
    except InvalidModelName:
        pass  # no model can be called so: not found below
    else:
        if name in catalogue:
            return name, catalogue[name]
        for other, record in catalogue.items():
            if name in record["aliases"]:
                return other, record
    raise ModelNotFound(
        N_("Não há modelo chamado «{name}» em {folder}. Confira o nome na lista de modelos."),
        name=name,
        folder=str(home),
    )


def _steadily(home: Path, name: str, read: Callable[[str, store.Record], T]) -> T:
    """Read a model; again, if another process replaced it between the index and the files."""
    for _attempt in range(READ_ATTEMPTS):
        found, record = find(home, name)
        try:
            return read(found, record)
        except (SignatureMismatch, ModelNotFound):
            if find(home, name) == (found, record):
                raise
    return read(*find(home, name))


def verified(home: Path, name: str, record: store.Record) -> tuple[store.Record, bytes]:
    """Return a model's manifest and bytes, verified together."""
    manifest = signed_manifest(home, name, record)
    data = read_artifact(home, name, record)
    if artifact.digest(data) != manifest["sha256"]:
        raise SignatureMismatch(
            N_(
                "O arquivo do modelo «{name}» não é o que foi salvo: o conteúdo mudou depois da "
                "assinatura. Ele não foi aberto. Recoloque o arquivo de uma cópia de segurança, "
                "ou treine o modelo de novo."
            ),
            name=name,
        )
    return manifest, data


def read_artifact(home: Path, name: str, record: store.Record) -> bytes:
    """Return the bytes of an artifact, verified or not.

    Raises
    ------
    ModelNotFound
        If the file is gone.
    """
    with store.reporting(home):
        try:
            return (home / store.file_of(record)).read_bytes()
        except FileNotFoundError as error:
            raise ModelNotFound(
                N_(
                    "O arquivo {file} do modelo «{name}» não está mais na pasta. Recoloque-o de "
                    "uma cópia de segurança, ou apague o modelo da lista."
                ),
                name=name,
                file=store.file_of(record),
            ) from error


def signed_manifest(home: Path, name: str, record: store.Record) -> store.Record:
    """Return a model's manifest if it was signed here, under this name, with these metadata.

    Raises
    ------
    ModelQuarantined
        If it was never signed, or with another key.
    SignatureMismatch
        If it was changed after it was signed.
    """
    key = signature.load_key()
    manifest = store.read_manifest(home, store.file_of(record))
    if record["quarantined"]:
        if record.get("key"):
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
    if manifest is None or not signature.verifies(manifest, key):
        raise SignatureMismatch(
            N_(
                "Os dados do modelo «{name}» não conferem com a assinatura: o manifesto sumiu ou "
                "foi alterado. O modelo não foi aberto. Recoloque os arquivos de uma cópia de "
                "segurança, ou treine o modelo de novo."
            ),
            name=name,
        )
    if manifest["name"] != name:
        raise SignatureMismatch(
            N_(
                "O arquivo que está no lugar do modelo «{name}» foi assinado como «{signed}». O "
                "modelo não foi aberto. Recoloque os arquivos de uma cópia de segurança."
            ),
            name=name,
            signed=manifest["name"],
        )
    if _signed_part(record["metadata"]) != _signed_part(manifest["metadata"]):
        raise SignatureMismatch(
            N_(
                "Os metadados do modelo «{name}» em registry.json não são os que foram assinados. "
                "O modelo não foi aberto. Recoloque o registry.json de uma cópia de segurança, ou "
                "apague esse arquivo: ele é refeito a partir dos manifestos assinados."
            ),
            name=name,
        )
    stray = [alias for alias in record["aliases"] if alias not in manifest["aliases"]]
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


def list_models(*, folder: Path | None = None) -> dict[str, dict[str, Any]]:
    """Return every model, newest first, as ``{name: {"path", "metadata", "saved_at", ...}}``.

    Beside the documented keys: ``size`` (bytes), ``sha256``, ``actor``, ``task``, ``aliases`` and
    ``quarantined``. It comes from the index, which is checked against the signature when a model
    is read.
    """
    catalogue = store.catalogue(place(folder))
    return dict(
        sorted(catalogue.items(), key=lambda item: entry.moment(item[1]["saved_at"]), reverse=True)
    )


def get_models_summary(*, folder: Path | None = None) -> pd.DataFrame:
    """Return one row a model, newest first.

    Returns
    -------
    DataFrame
        ``name``, ``model_type``, ``task``, ``saved_at`` (UTC), ``actor``, ``size`` (bytes),
        ``aliases``, ``quarantined``, ``description``, then one column for each metric.
    """
    import pandas as pd

    columns = ["name", "model_type", "task", "saved_at", "actor", "size", "aliases", "quarantined"]
    rows = [
        {
            "name": name,
            "model_type": record["metadata"].get("model_type"),
            "task": record.get("task"),
            "saved_at": entry.moment(record["saved_at"]),
            "actor": record.get("actor", ""),
            "size": record.get("size", 0),
            "aliases": ", ".join(record["aliases"]),
            "quarantined": record["quarantined"],
            "description": record["metadata"].get("description"),
            **entry.metrics_of(record["metadata"]),
        }
        for name, record in list_models(folder=folder).items()
    ]
    return pd.DataFrame(rows, columns=None if rows else [*columns, "description"])


def get_model(name: str, *, folder: Path | None = None) -> ModelEntry:
    """Return what is known of a model, by its name or an alias; it is not unpickled.

    Raises
    ------
    ModelNotFound
        If there is none.
    SignatureMismatch
        If its metadata are not those that were signed.
    """
    home = place(folder)
    return _steadily(home, name, lambda *found: _entry(home, *found))


def _entry(home: Path, name: str, record: store.Record) -> ModelEntry:
    if not record["quarantined"]:
        return entry.from_records(name, record, signed_manifest(home, name, record))
    # Signed with another key: what its manifest says is shown, and it stays quarantined.
    return entry.from_records(name, record, store.read_manifest(home, store.file_of(record)))


def version_warnings(name: str, *, folder: Path | None = None) -> list[Message]:
    """Return one sentence for each library version that differs from the model's own."""
    model = get_model(name, folder=folder)
    return environment.differences(model.libraries, model.python)


def suggest_name(name: str, *, folder: Path | None = None) -> str:
    """Return ``name`` if it is free, or the first of ``name 2``, ``name 3``... that is.

    Raises
    ------
    InvalidModelName
        If nothing can be called so.
    """
    catalogue = store.catalogue(place(folder))
    taken = {names.key(other) for other in catalogue}
    taken |= {names.key(alias) for record in catalogue.values() for alias in record["aliases"]}
    return names.free(names.clean(name), taken)


def delete_model(name: str, *, actor: str = "", folder: Path | None = None) -> None:
    """Move a model to the trash, whence :func:`restore_model` brings it back for 30 days.

    Raises
    ------
    ModelNotFound
        If there is none of that name. An alias is not enough to delete a model.
    """
    home = place(folder)
    with store.changing(home) as index:
        found, _record = find(home, name, index)
        if found != names.clean(name):
            raise ModelNotFound(
                N_("«{alias}» é um apelido do modelo «{name}». Para apagar, use o nome dele."),
                alias=name,
                name=found,
            )
        with store.reporting(home):
            store.discard(home, index, found, actor=actor)
