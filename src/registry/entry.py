"""What the registry knows of a model."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from src.registry.schema import Field


@dataclass(frozen=True)
class ModelEntry:
    """One registered model.

    Parameters
    ----------
    name : str
        What people call it.
    path : str
        Folder and file of the artifact, such as ``modelos_salvos/ocupacao.pkl``.
    metadata : dict
        What was given when it was saved, as JSON values.
    saved_at : datetime
        In UTC.
    schema : tuple of Field, or None
        The input columns, in training order; None when nobody said what it was trained on.
    sample : dict or None
        One row of the training table, by column.
    background : tuple of dict, or None
        Up to 50 training rows, drawn with a fixed seed; predictions are explained against them.
    target, task : str or None
        What it predicts; ``binary``, ``multiclass`` or ``regression``.
    classes : tuple or None
        The labels a classifier knows, in the order of its probabilities.
    metrics : dict of str to float
        As the comparison named them.
    libraries : dict of str to str
        Versions of the libraries whose code the artifact needs.
    python : str or None
        The Python it was saved with.
    data_fingerprint : str or None
        SHA-256 of the training table.
    actor : str
        Who saved or imported it.
    size : int
        Of the artifact, in bytes.
    sha256 : str
        Of the artifact, in hexadecimal; empty while nobody has read an unsigned file.
    aliases : tuple of str
        Further names that lead here.
    notes : str
        Free text.
    quarantined : bool
        Whether it is unsigned, and so cannot be loaded until someone trusts it.
    trusted : dict or None
        ``actor``, ``at`` and ``reason`` of the decision to trust an unsigned artifact.
    """

    name: str
    path: str
    metadata: dict[str, Any]
    saved_at: dt.datetime
    schema: tuple[Field, ...] | None = None
    sample: dict[str, Any] | None = None
    background: tuple[dict[str, Any], ...] | None = None
    target: str | None = None
    task: str | None = None
    classes: tuple[Any, ...] | None = None
    metrics: dict[str, float] = field(default_factory=dict)
    libraries: dict[str, str] = field(default_factory=dict)
    python: str | None = None
    data_fingerprint: str | None = None
    actor: str = ""
    size: int = 0
    sha256: str = ""
    aliases: tuple[str, ...] = ()
    notes: str = ""
    quarantined: bool = False
    trusted: dict[str, str] | None = None


def from_records(
    name: str, indexed: Mapping[str, Any], manifest: Mapping[str, Any] | None
) -> ModelEntry:
    """Join a model's line in the index with its manifest; without one it is quarantined."""
    metadata = dict(indexed["metadata"])
    if manifest is None:
        return ModelEntry(
            name=name,
            path=indexed["path"],
            metadata=metadata,
            saved_at=moment(indexed["saved_at"]),
            task=metadata.get("task"),
            target=metadata.get("target"),
            metrics=metrics_of(metadata),
            actor=indexed.get("actor", ""),
            size=indexed.get("size", 0),
            sha256=indexed.get("sha256", ""),
            aliases=tuple(indexed.get("aliases", ())),
            notes=str(metadata.get("description", "")),
            quarantined=True,
        )
    schema, classes = manifest["schema"], manifest["classes"]
    background = manifest.get("background")
    return ModelEntry(
        name=name,
        path=indexed["path"],
        metadata=dict(manifest["metadata"]),
        saved_at=moment(manifest["saved_at"]),
        schema=None if schema is None else tuple(Field.from_dict(item) for item in schema),
        sample=manifest["sample"],
        background=None if background is None else tuple(background),
        target=manifest["target"],
        task=manifest["task"],
        classes=None if classes is None else tuple(classes),
        metrics=dict(manifest["metrics"]),
        libraries=dict(manifest["libraries"]),
        python=manifest["python"],
        data_fingerprint=manifest["data_fingerprint"],
        actor=manifest["actor"],
        size=manifest["size"],
        sha256=manifest["sha256"],
        aliases=tuple(indexed.get("aliases", ())),
        notes=str(manifest["metadata"].get("description", "")),
        quarantined=bool(indexed["quarantined"]),
        trusted=manifest["trusted"],
    )


def moment(text: str) -> dt.datetime:
    """Read a stored moment; one without a zone (an older index) is taken as UTC."""
    value = dt.datetime.fromisoformat(text)
    return value if value.tzinfo else value.replace(tzinfo=dt.UTC)


def metrics_of(metadata: Mapping[str, Any]) -> dict[str, float]:
    """Return the metrics in a model's metadata: under ``metrics``, or its flat numbers."""
    found = metadata.get("metrics")
    source = found if isinstance(found, Mapping) else metadata
    return {
        str(name): float(value)
        for name, value in source.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
