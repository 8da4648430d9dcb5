"""Why this prediction: each feature's contribution for one row, as Shapley values.

The contribution of a feature is what the output changes, on average, when the feature takes this
row's value instead of a training row's, over the orders in which features may be exchanged. It is
estimated by sampling orders, each walked forwards and backwards, with one training row each
(Štrumbelj & Kononenko 2010, "An efficient explanation of individual classifications using game
theory", JMLR 11; the pairs of orders: Mitchell et al. 2022, "Sampling permutations for Shapley
value estimation", JMLR 23). Rows are mixed from raw values, so a model is explained in the columns
people know, with categories, dates and gaps as they are.

The ``shap`` package estimates the same; it is not used because its import and the compilation of
its first call take 11 s on Python 3.11 before anything is explained.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from src.errors import PredictionError
from src.messages import N_
from src.prediction.loading import LoadedModel, load
from src.prediction.rows import check_table
from src.prediction.scoring import as_table, score
from src.prediction.values import class_text

SECONDS = 1.5
"""After so long no further orders are drawn."""

ROUNDS = 4
"""How many pairs of orders are walked for each background row, time permitting."""

ROWS_AT_ONCE = 4_000
"""Mixed rows are predicted in groups of about so many, to keep memory and the clock in hand."""


def explain(name: str, row: Mapping[str, Any], *, seed: int = 0) -> pd.DataFrame:
    """Return each feature's contribution to the prediction of one row.

    Parameters
    ----------
    name : str
        The model's name or alias.
    row : mapping
        Raw value by feature.
    seed : int
        Of the orders that are drawn.

    Returns
    -------
    DataFrame, columns ``feature``, ``value``, ``contribution``
        Sorted by the size of the contribution, the largest first. ``attrs`` holds ``output`` (what
        the model says of this row), ``base`` (what it says on average of the training rows);
        ``base`` plus all contributions is ``output``. ``attrs["scale"]`` names what is explained:
        ``"probability"`` of the class in ``attrs["label"]`` (0 to 1), ``"score"`` of that class
        (the model's own, without bounds), ``"vote"`` (1 where the model says that class, 0
        elsewhere), or ``"value"`` in the target's unit for a regression.

    Raises
    ------
    PredictionError
        If the model keeps no training rows to compare with, or the row cannot be scored.
    ModelNotFound, ModelQuarantined, SignatureMismatch
        As the registry says.
    """
    loaded = load(name)
    table = as_table(loaded, [dict(row)])
    checked = check_table(loaded.fields_for(table), table, loaded.entry.sample)
    if checked.rejected:
        raise PredictionError(
            N_("{reason} Corrija o valor; nada foi calculado."), reason=checked.rejected[0][0]
        )
    return explain_case(loaded, checked.frame, seed=seed)


def explain_case(loaded: LoadedModel, case: pd.DataFrame, *, seed: int = 0) -> pd.DataFrame:
    """Explain a case that was checked (:attr:`Answer.case`); see :func:`explain`."""
    background = _background(loaded)
    output, scale, label = _output(loaded, case)
    contributions, base = _shapley(output, case, background, np.random.default_rng(seed))
    reasons = pd.DataFrame(
        {
            "feature": [str(column) for column in case.columns],
            "value": pd.Series([case[column].iloc[0] for column in case.columns], dtype=object),
            "contribution": contributions,
        }
    )
    reasons = reasons.sort_values(
        "contribution", key=abs, ascending=False, kind="stable", ignore_index=True
    )
    value = float(output(case)[0])
    reasons.attrs = {"base": base, "output": value, "scale": scale, "label": label}
    return reasons


def _background(loaded: LoadedModel) -> pd.DataFrame:
    rows = loaded.entry.background
    if not rows:
        raise PredictionError(
            N_(
                "O modelo «{name}» foi registrado sem linhas de treino, e sem elas não há com o "
                "que comparar. Registre-o de novo a partir de uma comparação para ver o porquê."
            ),
            name=loaded.entry.name,
        )
    table = pd.DataFrame(list(rows))
    frame = check_table(loaded.fields_for(table), table, loaded.entry.sample).frame
    if frame.empty:
        raise PredictionError(
            N_("As linhas de treino guardadas com «{name}» não seguem o esquema do modelo."),
            name=loaded.entry.name,
        )
    return frame


def _output(
    loaded: LoadedModel, given: pd.DataFrame
) -> tuple[Callable[[pd.DataFrame], np.ndarray], str, str | None]:
    """Return the function to explain, what it measures, and the class it is about."""
    predicted = score(loaded, given)["prediction"].iloc[0]
    estimator, classes = loaded.estimator, loaded.classes
    if classes is None:
        return (
            lambda frame: np.asarray(
                estimator.predict(loaded.inputs(frame)), dtype="float64"
            ).reshape(-1),
            "value",
            None,
        )
    label = class_text(predicted)
    class_position = classes.index(label) if label in classes else None
    if loaded.gives_probabilities and class_position is not None:
        return (
            lambda frame: estimator.predict_proba(loaded.inputs(frame))[:, class_position],
            "probability",
            label,
        )
    if hasattr(estimator, "decision_function") and class_position is not None:

        def decision(frame: pd.DataFrame) -> np.ndarray:
            scores = np.asarray(estimator.decision_function(loaded.inputs(frame)))
            if scores.ndim == 1:  # two classes: positive means the second
                return scores if class_position == 1 else -scores
            return scores[:, class_position]

        return decision, "score", label
    return (
        lambda frame: (np.asarray(estimator.predict(loaded.inputs(frame))) == predicted).astype(
            "float64"
        ),
        "vote",
        label,
    )


def _shapley(
    output: Callable[[pd.DataFrame], np.ndarray],
    given: pd.DataFrame,
    background: pd.DataFrame,
    rng: np.random.Generator,
) -> tuple[np.ndarray, float]:
    """Return the contributions and the mean output of the background rows they start from."""
    deadline = time.monotonic() + SECONDS
    features = given.shape[1]
    # The given row comes last; a mixed row is, per column, the position of the row it is from.
    pool = pd.concat([background, given], ignore_index=True)
    row = len(background)
    walks = 0
    contributions = np.zeros(features)
    base = 0.0
    per_group = max(1, ROWS_AT_ONCE // (2 * features))
    for _round in range(ROUNDS):
        drawn = rng.permutation(row)
        for start in range(0, row, per_group):
            chosen = drawn[start : start + per_group]
            orders = np.array([rng.permutation(features) for _ in chosen])
            sources = _mixed_sources(chosen, orders, row)
            mixed = pd.DataFrame(
                {
                    name: pool[name].take(sources[:, position]).reset_index(drop=True)
                    for position, name in enumerate(pool.columns)
                }
            )
            steps = output(mixed).reshape(len(chosen), 2, features + 1)
            changes = np.diff(steps, axis=2)
            for walk, order in enumerate(orders):
                contributions[order] += changes[walk, 0]
                contributions[order[::-1]] += changes[walk, 1]
            base += 2 * steps[:, 0, 0].sum()
            walks += 2 * len(chosen)
            if time.monotonic() > deadline:
                return contributions / walks, float(base / walks)
    return contributions / walks, float(base / walks)


def _mixed_sources(chosen: np.ndarray, orders: np.ndarray, row: int) -> np.ndarray:
    """Say for each step of each walk which row of the pool each column is taken from.

    Returns
    -------
    ndarray of int, shape (n_walks * 2 * (n_features + 1), n_features)
        Each walk forwards, then the same order backwards, from the background row to the given.
    """
    features = orders.shape[1]
    rank = np.argsort(orders, axis=1)  # when each column is exchanged
    step = np.arange(features + 1)[:, None]
    blocks = []
    for source, turn in zip(chosen, rank, strict=True):
        for when in (turn, features - 1 - turn):
            blocks.append(np.where(when[None, :] < step, row, source))
    return np.concatenate(blocks)
