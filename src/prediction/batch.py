"""Many rows at once: those that can be scored are, the others come back with their reason."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from itertools import count

import pandas as pd

from src.errors import PredictionError, StorageError
from src.messages import Message
from src.prediction import store
from src.prediction.loading import LoadedModel, load
from src.prediction.model import BatchResult, ColumnMatch
from src.prediction.rows import check_table, match_columns
from src.prediction.scoring import score, unusable

CHUNK_ROWS = 2_000
"""Rows scored, logged and reported at a time; also the size of one transaction of the log."""

MAX_REFUSALS = 500
"""After so many refusals of the model, refused rows are no longer told apart one by one."""

OWN_COLUMN_SUFFIX = " (entrada)"


def match_batch(name: str, table: pd.DataFrame) -> ColumnMatch:
    """Return which columns of ``table`` the model would use, and which it lacks.

    Raises
    ------
    ModelNotFound, ModelQuarantined, SignatureMismatch
        As the registry says.
    """
    return match_columns(load(name).fields_for(table), table.columns)


def predict_batch(
    name: str,
    data: pd.DataFrame,
    *,
    actor: str = "",
    on_progress: Callable[[int, int], None] | None = None,
) -> BatchResult:
    """Predict every row that can be predicted, and say why of the others.

    Parameters
    ----------
    name : str
        The model's name or alias.
    data : DataFrame, shape (n_rows, n_columns)
        Raw columns; further ones are kept beside the result.
    actor : str
        Who asks, for the log.
    on_progress : callable, optional
        ``on_progress(rows_done, rows)`` after each part.

    Raises
    ------
    PredictionError
        If no row could be scored for a reason of the table itself: a missing or repeated column,
        no rows.
    ModelNotFound, ModelQuarantined, SignatureMismatch
        As the registry says.
    """
    loaded = load(name)
    batch_id = uuid.uuid4().hex
    fields = loaded.fields_for(data)
    refusals = count(1)
    parts: list[pd.DataFrame] = []
    warnings: dict[int, list[Message]] = {}
    reasons: dict[int, list[Message]] = {}
    for start in range(0, max(len(data), 1), CHUNK_ROWS):
        chunk = data.iloc[start : start + CHUNK_ROWS]
        checked = check_table(fields, chunk, loaded.entry.sample)
        failed = dict(checked.rejected)
        scored = _score_or_split(loaded, checked.frame, failed, refusals)
        if scored is not None:
            broken = unusable(scored)
            failed |= broken
            scored = scored.drop(index=list(broken))
            try:
                store.add(
                    loaded.entry.name,
                    loaded.entry.sha256,
                    checked.frame.loc[scored.index],
                    scored,
                    actor=actor,
                    batch_id=batch_id,
                    first_row=start,
                )
                parts.append(scored.set_axis(scored.index + start, axis="index"))
            except StorageError as error:
                # A prediction that left no trace must not be used; the others are kept.
                failed |= {int(row): [error.message] for row in scored.index}
        reasons |= {start + row: found for row, found in failed.items()}
        warnings |= {start + row: found for row, found in checked.warnings.items()}
        if on_progress:
            on_progress(min(start + CHUNK_ROWS, len(data)), len(data))
    done = pd.concat(parts) if parts else pd.DataFrame({"prediction": []}, index=pd.Index([], int))
    kept = [int(row) for row in done.index]
    dropped = sorted(reasons)
    return BatchResult(
        batch_id=batch_id,
        scored=_beside(data.iloc[kept], done),
        warnings=[warnings.get(row, []) for row in kept],
        rejected=data.iloc[dropped],
        reasons=[reasons[row] for row in dropped],
    )


def _score_or_split(
    loaded: LoadedModel,
    frame: pd.DataFrame,
    failed: dict[int, list[Message]],
    refusals: Iterator[int],
) -> pd.DataFrame | None:
    """Score rows; when the model refuses them, halve until the rows at fault stand alone."""
    if frame.empty:
        return None
    try:
        return score(loaded, frame)
    except PredictionError as error:
        if next(refusals) > MAX_REFUSALS or len(frame) == 1:
            failed.update({int(row): [error.message] for row in frame.index})
            return None
    middle = len(frame) // 2
    halves = [
        _score_or_split(loaded, part, failed, refusals)
        for part in (frame.iloc[:middle], frame.iloc[middle:])
    ]
    found = [half for half in halves if half is not None]
    return pd.concat(found) if found else None


def _beside(given: pd.DataFrame, done: pd.DataFrame) -> pd.DataFrame:
    """Put the results beside the given columns, which give way where a name is taken."""
    taken = set(done.columns)
    given = given.set_axis(
        [
            f"{column}{OWN_COLUMN_SUFFIX}" if str(column) in taken else str(column)
            for column in given.columns
        ],
        axis="columns",
    )
    return pd.concat([given, done.set_axis(given.index, axis="index")], axis="columns")
