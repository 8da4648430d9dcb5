"""Checked rows through a model: the prediction, and the probability of each class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from src.errors import PredictionError
from src.messages import N_, Message
from src.prediction import store
from src.prediction.loading import LoadedModel, load
from src.prediction.model import Answer, CheckedRows
from src.prediction.rows import check_table

PREDICTION = "prediction"
PROBABILITY = "probability_"
REASON_CHARACTERS = 300


def predict(
    name: str,
    rows: pd.DataFrame | Sequence[Mapping[str, Any]] | Sequence[Sequence[Any]],
    *,
    actor: str = "",
    log: bool = True,
) -> pd.DataFrame:
    """Predict with a registered model, all rows or none.

    Parameters
    ----------
    name : str
        The model's name or alias.
    rows : DataFrame, or list of dicts, or list of lists in the order of the model's columns
        The raw columns the model was trained on. Texts such as ``"15,5"`` are read as numbers,
        ``"21/11/2026"`` as a date.
    actor : str
        Who asks, for the log.
    log : bool
        Whether to keep the prediction in the log.

    Returns
    -------
    DataFrame, shape (n_rows, 1 + n_classes)
        ``prediction``, and for a classifier that gives them ``probability_<class>``, each 0 to 1.
        The index is that of ``rows``.

    Raises
    ------
    PredictionError
        If a column is missing, there is no row, or a row cannot be scored (with the reasons).
    ModelNotFound, ModelQuarantined, SignatureMismatch
        As the registry says.
    StorageError
        If the log cannot be written; then no prediction is given.

    Examples
    --------
    >>> predict("sensores", [{"lux": 15.0, "temperatura": 14.0, "vibracao": 0.5}])  # doctest: +SKIP
      prediction  probability_normal  probability_falha
    0     normal                0.93               0.07
    """
    loaded = load(name)
    table = as_table(loaded, rows)
    _checked, scored = _score_all(loaded, table, actor=actor, log=log)
    return scored.set_axis(table.index, axis="index")


def predict_case(loaded: LoadedModel, case: Mapping[str, Any], *, actor: str = "") -> Answer:
    """Predict one case, with what there is to say of it; see :func:`predict`."""
    checked, scored = _score_all(loaded, as_table(loaded, [case]), actor=actor, log=True)
    return Answer(
        predicted=scored[PREDICTION].iloc[0],
        probabilities={
            label: float(scored[column].iloc[0]) for column, label in class_columns(scored).items()
        },
        warnings=tuple(checked.warnings.get(0, ())),
        case=checked.frame,
    )


def class_columns(columns: Iterable[Any]) -> dict[str, str]:
    """Return the class of each column ``probability_<class>``, by the column's name."""
    return {
        str(column): str(column).removeprefix(PROBABILITY)
        for column in columns
        if str(column).startswith(PROBABILITY)
    }


def _score_all(
    loaded: LoadedModel, table: pd.DataFrame, *, actor: str, log: bool
) -> tuple[CheckedRows, pd.DataFrame]:
    """Check and score all rows or none, and keep them in the log."""
    checked = check_table(loaded.fields_for(table), table, loaded.entry.sample)
    if checked.rejected:
        position, reasons = min(checked.rejected.items())
        raise PredictionError(
            N_(
                "{rejected} de {rows} linhas não podem ser previstas. Linha {row}: {reason} Nada "
                "foi calculado."
            )
            if len(table) > 1
            else N_("{reason} Corrija o valor; nada foi calculado."),
            rejected=len(checked.rejected),
            rows=len(table),
            row=position + 1,
            reason=reasons[0],
        )
    scored = score(loaded, checked.frame)
    if broken := unusable(scored):
        raise PredictionError(next(iter(broken.values()))[0].template)
    if log:
        store.add(loaded.entry.name, loaded.entry.sha256, checked.frame, scored, actor=actor)
    return checked, scored


def as_table(loaded: LoadedModel, rows: Any) -> pd.DataFrame:
    """Return rows given in any accepted form as a table.

    Raises
    ------
    PredictionError
        If rows without names have another number of values than the model has columns.
    """
    if isinstance(rows, pd.DataFrame):
        return rows
    rows = list(rows)
    if not rows or isinstance(rows[0], Mapping):
        return pd.DataFrame(rows, columns=None if rows else _names(loaded))
    names = _names(loaded)
    widths = {len(row) for row in rows}
    if names and widths != {len(names)}:
        raise PredictionError(
            N_(
                "O modelo espera {expected} valores por linha e recebeu {given}. A ordem é: "
                "{columns}."
            ),
            expected=len(names),
            given=max(widths - {len(names)}),
            columns=", ".join(names[:20]),
        )
    return pd.DataFrame(rows, columns=names or [f"x{position}" for position in range(max(widths))])


def score(loaded: LoadedModel, frame: pd.DataFrame) -> pd.DataFrame:
    """Predict rows that were checked.

    Raises
    ------
    PredictionError
        If the model refuses them or answers with something that is not a prediction per row.
    """
    inputs = loaded.inputs(frame)
    try:
        predicted = np.asarray(loaded.estimator.predict(inputs))
        probabilities = (
            np.asarray(loaded.estimator.predict_proba(inputs))
            if loaded.gives_probabilities
            else None
        )
    except Exception as error:
        # A model is anybody's code; whatever it raises, the person needs to know which rows.
        raise PredictionError(
            N_("O modelo não aceitou os valores ({kind}: {reason})."),
            kind=type(error).__name__,
            reason=str(error).strip()[:REASON_CHARACTERS],
        ) from error
    if predicted.ndim == 2 and predicted.shape[1] == 1:
        predicted = predicted[:, 0]
    if predicted.shape != (len(frame),):
        raise PredictionError(
            N_(
                "O modelo devolveu {given} resultados para {rows} linhas. Este tipo de modelo não "
                "é aceito aqui."
            ),
            given=int(np.prod(predicted.shape)),
            rows=len(frame),
        )
    scored = pd.DataFrame({PREDICTION: predicted}, index=frame.index)
    classes = loaded.classes or ()
    if probabilities is not None and probabilities.shape == (len(frame), len(classes)):
        for position, label in enumerate(classes):
            scored[PROBABILITY + label] = probabilities[:, position].astype("float64")
    return scored


def unusable(scored: pd.DataFrame) -> dict[int, list[Message]]:
    """Return the rows whose prediction is no number though it should be one."""
    if not pd.api.types.is_float_dtype(scored[PREDICTION]):
        return {}
    broken = ~np.isfinite(scored[PREDICTION])
    reason = Message(N_("O modelo devolveu um valor que não é um número finito."))
    return {int(row): [reason] for row in scored.index[broken]}


def _names(loaded: LoadedModel) -> list[str]:
    return [item.name for item in loaded.fields or ()]
