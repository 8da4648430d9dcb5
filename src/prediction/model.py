"""What is told of a prediction: how rows meet a model, what it answers, what the log keeps."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict

import pandas as pd

from src.messages import Message


@dataclass(frozen=True)
class ColumnMatch:
    """How a table's columns meet a schema.

    Attributes
    ----------
    found : dict
        Field name to the table's column.
    missing, extra : tuple of str
        Fields that no column fills; columns that no field asks for.
    """

    found: dict[str, str]
    missing: tuple[str, ...]
    extra: tuple[str, ...]


@dataclass
class CheckedRows:
    """Rows that were held against a schema.

    Attributes
    ----------
    frame : DataFrame, shape (n_accepted, n_fields)
        The rows that can be scored, one column per field in the schema's order, each of its
        field's kind. The index is the row's position in what was given, 0 upward.
    rejected : dict
        Position of a row that cannot be scored to the reasons.
    warnings : dict
        Position of a row that can be scored to what the model has never seen in it.
    """

    frame: pd.DataFrame
    rejected: dict[int, list[Message]] = field(default_factory=dict)
    warnings: dict[int, list[Message]] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What a model says of one case.

    Attributes
    ----------
    predicted : object
        The class, or the number in the target's unit.
    probabilities : dict of str to float
        By class, each 0 to 1; empty where the model gives none.
    warnings : tuple of Message
        What the model has never seen in the case.
    case : DataFrame, shape (1, n_features)
        The case as it was given to the model.
    """

    predicted: Any
    probabilities: dict[str, float]
    warnings: tuple[Message, ...]
    case: pd.DataFrame


@dataclass(frozen=True)
class BatchResult:
    """What became of a batch.

    Attributes
    ----------
    batch_id : str
        Groups the rows in the log.
    scored : DataFrame, shape (n_scored, n_columns + 1 + n_classes)
        The given columns with ``prediction`` and ``probability_<class>`` beside them, index kept.
    warnings : list of lists of Message
        What the model has never seen, for each scored row.
    rejected : DataFrame, shape (n_rejected, n_columns)
        The rows that could not be scored, as they were given.
    reasons : list of lists of Message
        Why, for each rejected row.
    """

    batch_id: str
    scored: pd.DataFrame
    warnings: list[list[Message]]
    rejected: pd.DataFrame
    reasons: list[list[Message]]


@dataclass(frozen=True)
class Interest:
    """An answer and who gave it.

    Parameters
    ----------
    score : float
        0 to 1: the model's probability of the outcome, or the match score of the rules. The two
        rank cars alike; they are not the same measure.
    source : {"model", "rule"}
        Who said so.
    model : str or None
        The model that answered, or that could not; None where there is none.
    reason : Message or None
        Why the rules answered.
    """

    score: float
    source: Literal["model", "rule"]
    model: str | None
    reason: Message | None


@dataclass(frozen=True)
class LoggedPrediction:
    """One prediction, as it was given.

    Attributes
    ----------
    model_version : str
        SHA-256 of the model's bytes, in hex.
    batch_id : str or None
        Groups the rows of a batch; None for a single prediction.
    batch_row : int or None
        Position of the row in its batch, 0 upward.
    inputs : dict
        Raw value by feature, as the model received it.
    output : dict
        ``prediction``, and ``probability_<class>`` where the model gives them.
    """

    id: int
    created_at: dt.datetime
    model: str
    model_version: str
    actor: str
    batch_id: str | None
    batch_row: int | None
    inputs: dict[str, Any]
    output: dict[str, Any]


class Narrowing(TypedDict, total=False):
    """Which predictions of the log; what is absent or None does not narrow.

    Attributes
    ----------
    since, until : datetime
        With zone; ``until`` is not included.
    """

    actor: str | None
    batch_id: str | None
    since: dt.datetime | None
    until: dt.datetime | None
