"""What the registry knows of a model."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, fields
from typing import Any

from src.registry import records
from src.registry.records import IndexLine, Manifest
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


def entry(name: str, line: IndexLine, manifest: Manifest | None) -> ModelEntry:
    """Join a model's line in the index with its manifest; without one it is quarantined."""
    facts = manifest or records.unsigned(name, line)
    known = vars(facts) | {
        "name": name,
        "path": line.path,
        "saved_at": records.moment(facts.saved_at),
        "schema": None if facts.columns is None else tuple(map(Field.from_dict, facts.columns)),
        "background": None if facts.background is None else tuple(facts.background),
        "classes": None if facts.classes is None else tuple(facts.classes),
        "aliases": tuple(line.aliases),
        "notes": str(facts.metadata.get("description", "")),
        "quarantined": line.quarantined or manifest is None,
    }
    return ModelEntry(**{item.name: known[item.name] for item in fields(ModelEntry)})
