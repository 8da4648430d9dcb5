"""The log of predictions as a file: CSV for a spreadsheet, JSON lines for a program."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, Unpack

import orjson
import pandas as pd

from src.files import to_csv
from src.prediction.model import LoggedPrediction, Narrowing
from src.prediction.store import walk

FACTS = ["created_at", "model", "model_version", "actor", "batch_id", "batch_row"]
INPUT_PREFIX = "entrada_"


def export_predictions(
    form: Literal["csv", "json"],
    model: str | None = None,
    *,
    language: str = "pt_BR",
    **narrowing: Unpack[Narrowing],
) -> bytes:
    """Return the log, oldest first, narrowed by what is given.

    Parameters
    ----------
    form : {"csv", "json"}
        A table with one column per input and output, or one JSON object a line (NDJSON).
    language : {"pt_BR", "en"}
        Separators of the CSV.
    **narrowing
        As in :class:`Narrowing`.

    Raises
    ------
    StorageError
        If the database does not answer.
    """
    entries = walk(model, **narrowing)
    if form == "json":
        return b"".join(orjson.dumps(_as_dict(entry)) + b"\n" for entry in entries)
    return to_csv(log_table(entries), language)


def log_table(entries: Iterable[LoggedPrediction]) -> pd.DataFrame:
    """Return logged predictions as a table: what was answered first, then what was given."""
    logged = list(entries)
    facts = pd.DataFrame([_as_dict(entry) for entry in logged], columns=FACTS)
    answers = pd.DataFrame([entry.output for entry in logged])
    inputs = pd.DataFrame([entry.inputs for entry in logged]).add_prefix(INPUT_PREFIX)
    return pd.concat([facts, answers, inputs], axis="columns").astype({"batch_row": "Int64"})


def _as_dict(entry: LoggedPrediction) -> dict[str, Any]:
    values = vars(entry) | {"created_at": entry.created_at.isoformat(timespec="seconds")}
    del values["id"]
    return values
