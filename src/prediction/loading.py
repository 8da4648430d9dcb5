"""The model behind a name: its entry, the loaded object, and the columns it asks for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from src import registry
from src.errors import PredictionError
from src.messages import N_
from src.prediction import values
from src.prediction.rows import match_columns
from src.registry import Field, ModelEntry

KEPT_IN_MEMORY = 4
"""So many loaded models stay in memory of a process."""


@dataclass(frozen=True)
class LoadedModel:
    """A model ready to predict.

    Attributes
    ----------
    entry : ModelEntry
        What the registry knows of it.
    estimator : object
        Anything with ``predict``.
    """

    entry: ModelEntry
    estimator: Any

    @property
    def schema(self) -> tuple[Field, ...] | None:
        """The columns as training saw them; None for a model that was saved without its table."""
        # Without a sample row the registry knows at most the names of the columns.
        return self.entry.schema if self.entry.sample is not None else None

    @property
    def fields(self) -> tuple[Field, ...] | None:
        """The columns the model asks for; None when neither the schema nor the model tells.

        A model without a schema (an older pickle) still knows its column names, or at least how
        many there are. A named column may hold anything; columns without names hold numbers.
        """
        if self.schema is not None:
            return self.schema
        names = getattr(self.estimator, "feature_names_in_", None)
        if names is not None:
            return tuple(Field(str(name), "text", nullable=True) for name in names)
        count = getattr(self.estimator, "n_features_in_", None)
        if count is None:
            return None
        names = [f"x{position}" for position in range(int(count))]
        return tuple(Field(name, "number", nullable=True) for name in names)

    def fields_for(self, table: pd.DataFrame) -> tuple[Field, ...]:
        """Return the columns to check ``table`` against.

        Without a schema, a column is taken for numbers when all its values are numbers.
        """
        if self.schema is not None:
            return self.schema
        names = [item.name for item in self.fields or ()] or [str(name) for name in table.columns]
        columns = match_columns([Field(name, "text") for name in names], table.columns).found
        numeric = {name for name, column in columns.items() if _all_numbers(table[column])}
        kinds = {name: "number" if name in numeric else "text" for name in names}
        return tuple(Field(name, kind, nullable=True) for name, kind in kinds.items())

    @property
    def takes_frame(self) -> bool:
        """Whether the model was trained on named columns."""
        names = getattr(self.estimator, "feature_names_in_", None)
        return self.schema is not None or names is not None

    @property
    def classes(self) -> list[str] | None:
        """Names of the classes in the order of the probabilities; None for regression."""
        labels = getattr(self.estimator, "classes_", None)
        if labels is None:
            labels = self.entry.classes
        return None if labels is None else [values.class_text(label) for label in labels]

    @property
    def gives_probabilities(self) -> bool:
        """Whether the model tells a probability for each class."""
        return self.classes is not None and hasattr(self.estimator, "predict_proba")

    def inputs(self, frame: pd.DataFrame) -> Any:
        """Return checked rows in the form the model was trained on."""
        return frame if self.takes_frame else frame.to_numpy()


def load(name: str) -> LoadedModel:
    """Return the model with that name or alias, from memory when it has not been saved again.

    Raises
    ------
    ModelNotFound, ModelQuarantined, SignatureMismatch, RegistryError
        As the registry says.
    PredictionError
        If what is stored under the name cannot predict.
    """
    entry = registry.get_model(name)
    if entry.quarantined:
        registry.load_model(entry.name)  # says why, and what to do about it
    return _load(entry.name, entry.sha256, entry.saved_at)


@lru_cache(maxsize=KEPT_IN_MEMORY)
def _load(name: str, sha256: str, saved_at: dt.datetime) -> LoadedModel:
    estimator = registry.load_model(name)
    if not hasattr(estimator, "predict"):
        raise PredictionError(
            N_(
                "O arquivo de «{name}» não contém um modelo que faça previsões ({kind}). Escolha "
                "outro modelo ou registre este de novo."
            ),
            name=name,
            kind=type(estimator).__name__,
        )
    # Read again after the bytes: the name may have been given to another model meanwhile.
    return LoadedModel(registry.get_model(name), estimator)


def _all_numbers(column: pd.Series | pd.DataFrame) -> bool:
    if isinstance(column, pd.DataFrame):  # two columns of one name; the check says so
        return False
    given = column[~values.missing(column)]
    return bool(values.to_numbers(given).notna().all())
