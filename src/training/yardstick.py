"""The best candidates against a score that is in use already, against chance, and against goals.

Everything is measured on the held-out rows, each figure with an interval. Rows of one group are no
independent observations, so the bootstrap draws whole groups (Davison & Hinkley, "Bootstrap Methods
and their Application", 1997, section 3.8; Field & Welsh, "Bootstrapping clustered data", Journal of
the Royal Statistical Society B 69 (2007), 369-390); intervals are its 2.5 % and 97.5 % percentiles.

Who decides by a score needs a threshold. It is chosen where training has access: for a model on
the rows its folds had left out, for the reference on the whole training part; in both cases the
one with the greatest F1. The held-out rows have no say in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api import types

from src.errors import TrainingError
from src.messages import N_
from src.training.design import Task
from src.training.model import Interval, Measured, Yardstick

RESAMPLES = 1000
LEVEL = 0.95

GOALS: Mapping[str, float] = {"precision": 0.70, "recall": 0.60, "auc": 0.75}
"""What the interest model is asked for, on rows it has not seen."""

Floats = npt.NDArray[np.float64]


def scores(data: pd.DataFrame, column: str, task: Task) -> Floats:
    """Return the reference of each row.

    Raises
    ------
    TrainingError
        If the task has not two classes, or the column has no number in each row.
    """
    if task is not Task.BINARY:
        raise TrainingError(
            N_("Só dá para comparar com {column} quando o alvo tem duas classes."), column=column
        )
    if column not in data.columns or not types.is_numeric_dtype(data[column]):
        raise TrainingError(
            N_("{column} não é uma coluna de números com que comparar os modelos."), column=column
        )
    values = data[column].to_numpy(dtype="float64", na_value=np.nan)
    if not np.isfinite(values).all():
        raise TrainingError(
            N_("{column} tem linhas sem valor: não dá para comparar os modelos com ela."),
            column=column,
        )
    return values


@dataclass(frozen=True)
class Scored:
    """What one candidate says of the held-out rows, and from where on it points a row out."""

    threshold: float
    holdout: Floats


def best_threshold(labels: npt.NDArray[np.intp], values: Floats) -> float:
    """Return the score from which on F1 is greatest; of several, the highest."""
    order = np.argsort(-values, kind="stable")
    ranked, hits = values[order], np.cumsum(labels[order])
    ends = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)  # ties stay together
    f1 = 2 * hits[ends] / (ends + 1 + hits[-1])
    return float(ranked[ends[int(np.argmax(f1))]])


def measure(
    labels: npt.NDArray[np.intp],
    groups: npt.NDArray[np.intp],
    candidates: Mapping[str, Scored],
    *,
    column: str,
    reference: Scored,
    seed: int,
) -> Yardstick:
    """Measure scores on held-out rows, all on the same resamples of groups.

    Parameters
    ----------
    labels : ndarray of shape (rows,)
        0 or 1.
    groups : ndarray of shape (rows,)
        Which rows belong together; each row its own number where none do.
    candidates : mapping of str to Scored
        By id, best first.
    reference : Scored
        The score in use.
    seed : int
        Random state of the resamples.
    """
    codes = np.unique(groups, return_inverse=True)[1].reshape(-1)
    count = int(codes.max()) + 1
    all_scores = {"": reference, **candidates}
    rulers = {name: _Ruler(labels, codes, count, score) for name, score in all_scores.items()}
    once = {name: ruler.figures(np.ones(count)) for name, ruler in rulers.items()}
    drawn: dict[str, list[Floats]] = {name: [] for name in rulers}
    for weights in _resamples(count, seed):
        for name, ruler in rulers.items():
            drawn[name].append(ruler.figures(weights))
    table = {name: np.array(values) for name, values in drawn.items()}

    def measured(name: str) -> Measured:
        figures = [
            _interval(float(value), column_of)
            for value, column_of in zip(once[name], table[name].T, strict=True)
        ]
        gain = None
        if name:
            differences = table[name][:, 2] - table[""][:, 2]
            gain = _interval(float(once[name][2] - once[""][2]), differences)
        return Measured(all_scores[name].threshold, figures[0], figures[1], figures[2], gain)

    return Yardstick(
        column=column,
        rows=len(labels),
        groups=count,
        positives=int(labels.sum()),
        models={name: measured(name) for name in candidates},
        reference=measured(""),
    )


class _Ruler:
    """One score's figures for any weighting of the groups, without sorting again."""

    def __init__(
        self, labels: npt.NDArray[np.intp], codes: npt.NDArray[np.intp], count: int, score: Scored
    ) -> None:
        pointed = score.holdout >= score.threshold
        hit = labels == 1
        self.codes = codes
        self.sums = np.stack(
            [
                np.bincount(codes, weights=which.astype(float), minlength=count)
                for which in (pointed & hit, pointed, hit)
            ]
        )
        levels, rank = np.unique(score.holdout, return_inverse=True)
        self.levels = len(levels)
        rank = rank.reshape(-1)
        self.hits, self.others = np.flatnonzero(hit), np.flatnonzero(~hit)
        self.hit_rank, self.other_rank = rank[self.hits], rank[self.others]

    def figures(self, weights: Floats) -> Floats:
        """Return precision, recall and AUC; precision of nothing pointed out is 0."""
        right, pointed, positive = self.sums @ weights
        of_rows = weights[self.codes]
        hits = np.bincount(self.hit_rank, of_rows[self.hits], self.levels)
        others = np.bincount(self.other_rank, of_rows[self.others], self.levels)
        # The chance that a hit outranks another, ties counting half (Mann-Whitney).
        pairs = hits.sum() * others.sum()
        outranked = hits @ (np.cumsum(others) - 0.5 * others)
        return np.array(
            [
                right / pointed if pointed else 0.0,
                right / positive if positive else np.nan,
                outranked / pairs if pairs else np.nan,
            ]
        )


def _resamples(count: int, seed: int) -> Iterator[Floats]:
    rng = np.random.default_rng(seed)
    for _number in range(RESAMPLES):
        yield np.bincount(rng.integers(count, size=count), minlength=count).astype(float)


def _interval(value: float, drawn: Floats) -> Interval:
    finite = drawn[np.isfinite(drawn)]
    if not len(finite):
        return Interval(value, np.nan, np.nan)
    low, high = np.quantile(finite, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(value, float(low), float(high))
