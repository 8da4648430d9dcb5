"""What is registered, from the index."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from src.registry import names, store
from src.registry.records import metrics_of, moment

if TYPE_CHECKING:
    import pandas as pd


def list_models(*, folder: Path | None = None) -> dict[str, dict[str, Any]]:
    """Return every model, newest first, as ``{name: {"path", "metadata", "saved_at", ...}}``.

    Beside the documented keys: ``size`` (bytes), ``sha256``, ``actor``, ``task``, ``aliases`` and
    ``quarantined``. It comes from the index, which is checked against the signature when a model
    is read.
    """
    index = store.lines(store.place(folder))
    newest_first = sorted(index.items(), key=lambda item: moment(item[1].saved_at), reverse=True)
    return {name: vars(line) | (line.model_extra or {}) for name, line in newest_first}


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
            "task": record["task"],
            "saved_at": moment(record["saved_at"]),
            "actor": record["actor"],
            "size": record["size"],
            "aliases": ", ".join(record["aliases"]),
            "quarantined": record["quarantined"],
            "description": record["metadata"].get("description"),
            **metrics_of(record["metadata"]),
        }
        for name, record in list_models(folder=folder).items()
    ]
    return pd.DataFrame(rows, columns=None if rows else [*columns, "description"])


def suggest_name(name: str, *, folder: Path | None = None) -> str:
    """Return ``name`` if it is free, or the first of ``name 2``, ``name 3``... that is.

    Raises
    ------
    InvalidModelName
        If nothing can be called so.
    """
    return names.free(names.clean(name), store.taken_names(store.lines(store.place(folder))))
