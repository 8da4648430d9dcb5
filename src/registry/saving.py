"""Save a model: write it, sign it, list it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from src.errors import DuplicateModelName, RegistryError
from src.messages import N_
from src.persistence import utc_now
from src.registry import artifact, environment, names, schema, store
from src.registry.model import ModelEntry, entry
from src.registry.records import Manifest, metrics_of, text_of

if TYPE_CHECKING:
    import pandas as pd


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
    home = store.place(folder)
    name = names.clean(name)
    known = _plain_metadata(metadata or {})
    refuse_taken(store.lines(home), name, overwrite)  # before the work of pickling
    made = artifact.dump(model)
    facts = training_facts(model, known, training_data, target)
    if data_fingerprint is not None:
        facts["data_fingerprint"] = data_fingerprint
    with store.changing(home) as index:
        refuse_taken(index, name, overwrite)
        old = index.pop(name, None)
        aliases = old.aliases if old else []
        now = utc_now().isoformat()
        manifest = Manifest(
            **facts,
            name=name,
            file=store.free_file(home, name),
            saved_at=now,
            actor=actor,
            metadata=known,
            aliases=dict.fromkeys(aliases, now),
            metrics=metrics_of(known),
            libraries=environment.libraries(made.modules),
            python=environment.python(),
            size=len(made.data),
            sha256=made.sha256,
        )
        with store.withdrawing(home, manifest.file):
            signed = store.register(home, index, manifest, aliases, made.data)
        if old:
            store.remove_files(home, old.file)
        return entry(name, index[name], signed)


def _plain_metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    options = orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY
    try:
        return orjson.loads(orjson.dumps(dict(metadata), default=_plain, option=options))
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


def refuse_taken(index: store.Index, name: str, overwrite: bool) -> None:
    """Raise DuplicateModelName if a name is taken, unless by a model that may be replaced."""
    if overwrite and name in index:
        return
    key, taken = names.key(name), store.taken_names(index)
    if key in taken:
        raise DuplicateModelName(
            N_("Já existe um modelo chamado «{name}». Use outro nome, por exemplo «{suggestion}»."),
            name=taken[key],
            suggestion=names.free(name, taken),
        )


def training_facts(
    model: Any, metadata: Mapping[str, Any], data: pd.DataFrame | None, target: str | None
) -> dict[str, Any]:
    """Return what a manifest says of the table and of the model's answers."""
    target = target or metadata.get("target")
    facts: dict[str, Any] = {}
    if data is None:
        columns = schema.describe_names(model)
    else:
        features = data.drop(columns=[target]) if target in data.columns else data
        columns = schema.describe_table(features)
        facts = {
            "sample": schema.sample_row(features),
            "background": schema.background_rows(features),
            "data_fingerprint": schema.fingerprint(data),
        }
    classes = getattr(model, "classes_", None)
    labels = None if classes is None else [schema.plain(label) for label in classes]
    task = metadata.get("task")
    if task is None and labels is not None:
        task = "binary" if len(labels) == 2 else "multiclass"
    elif task is None and getattr(model, "_estimator_type", None) == "regressor":
        task = "regression"
    return facts | {
        "columns": None if columns is None else [column.to_dict() for column in columns],
        "target": text_of(target),
        "task": text_of(task),
        "classes": labels,
    }
