"""Tables to try things on, with one click: a generated one and those that scikit-learn ships."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from src.datasets import sensors
from src.datasets.importing import import_frame
from src.errors import DatasetNotFound
from src.messages import N_, Message


@dataclass(frozen=True)
class Sample:
    """A table that can be added.

    Attributes
    ----------
    target : str
        The column that is usually predicted.
    """

    id: str
    title: Message
    description: Message
    rows: int
    columns: int
    target: str = "target"


_SAMPLES = (
    Sample(
        "leituras_sensores",
        Message(N_("Leituras de sensores")),
        Message(N_("Luz, temperatura e vibração de três ambientes; prever o estado (3 classes).")),
        sensors.ROWS,
        4,
        "estado",
    ),
    Sample(
        "breast_cancer",
        Message(N_("Câncer de mama")),
        Message(N_("Medidas de células; prever se o tumor é benigno (2 classes).")),
        569,
        31,
    ),
    Sample(
        "diabetes",
        Message(N_("Diabetes")),
        Message(N_("Medidas de pacientes; prever o avanço em um ano (número).")),
        442,
        11,
    ),
    Sample(
        "iris",
        Message(N_("Íris")),
        Message(N_("Medidas de flores; prever a espécie (3 classes).")),
        150,
        5,
    ),
    Sample(
        "wine",
        Message(N_("Vinhos")),
        Message(N_("Análises químicas; prever o produtor (3 classes).")),
        178,
        14,
    ),
    Sample(
        "digits",
        Message(N_("Dígitos")),
        Message(N_("Imagens de 8 × 8 pontos; prever o algarismo (10 classes).")),
        1797,
        65,
    ),
)
_NAMED_CLASSES = ("breast_cancer", "iris", "wine")
"""Samples whose classes have names; ``target`` holds those instead of numbers."""


def samples() -> list[Sample]:
    """Return the tables that can be added."""
    return list(_SAMPLES)


def add_sample(sample_id: str, *, actor: str) -> str:
    """Add a sample as a table and return the table's name (free: ``iris``, then ``iris_2``).

    Raises
    ------
    DatasetNotFound
        If there is no such sample.
    StorageError
        If the disk does not take it.
    """
    if sample_id not in {sample.id for sample in _SAMPLES}:
        raise DatasetNotFound(
            N_("O exemplo «{sample}» não existe. Escolha um da lista."), sample=sample_id
        )
    if sample_id == "leituras_sensores":
        return import_frame(sensors.readings(), sample_id, source="Bancada", actor=actor)
    return import_frame(_shipped(sample_id), sample_id, source="scikit-learn", actor=actor)


def _shipped(sample_id: str) -> pd.DataFrame:
    from sklearn import datasets  # takes a second to import, and most calls do not need it

    bunch = getattr(datasets, f"load_{sample_id}")(as_frame=True)
    frame: pd.DataFrame = bunch.frame
    if sample_id in _NAMED_CLASSES:
        names = {number: str(name) for number, name in enumerate(bunch.target_names)}
        frame["target"] = frame["target"].map(names)
    return frame
