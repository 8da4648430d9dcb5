"""Held-out rows, folds, and the table prepared once for each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from sklearn.model_selection import KFold, StratifiedKFold, train_test_split

from src.training import chronology, workfiles
from src.training.preparation import build_preparation
from src.training.table import TRAIN_SHARE, TrainingTable

TRAIN, ALL = "train", "all"
"""Names of the prepared sets beside the folds: the training part, and every row."""


@dataclass(frozen=True)
class Split:
    """Positions of the rows, as PyCaret would choose them, or by group and time.

    Parameters
    ----------
    train, holdout : ndarray of int
        70 % of the rows, shuffled (by class for classification), and the others. By time: the
        first 70 % of the groups, and the latest.
    folds : tuple of (fit, score)
        Positions in the table; consecutive parts of ``train``, by class for classification. By
        time: what comes first, and what comes next.
    """

    train: np.ndarray
    holdout: np.ndarray
    folds: tuple[tuple[np.ndarray, np.ndarray], ...]


def split(table: TrainingTable, seed: int) -> Split:
    """Hold rows out and fold the others, with PyCaret's splitters and defaults.

    A table whose rows have an order is split by it; see :mod:`src.training.chronology`.
    """
    if table.order is not None:
        train, holdout = chronology.hold_out(table.order, TRAIN_SHARE)
        return Split(train, holdout, tuple(chronology.folds(table.order, train, table.folds)))
    positions = np.arange(len(table.features))
    labels = table.encoded
    classes = table.task.is_classification
    train, holdout = train_test_split(
        positions,
        train_size=TRAIN_SHARE,
        random_state=seed,
        stratify=labels if classes else None,
    )
    splitter = StratifiedKFold(table.folds) if classes else KFold(table.folds)
    folds = tuple((train[fit], train[score]) for fit, score in splitter.split(train, labels[train]))
    return Split(train, holdout, folds)


@dataclass(frozen=True)
class Prepared:
    """Prepared rows on disk; every process maps the same pages.

    Parameters
    ----------
    folder : Path
        Where the files are.
    name : str
        ``"fold-0"`` and so on, ``TRAIN`` or ``ALL``.
    """

    folder: Path
    name: str

    def array(self, part: str) -> np.ndarray:
        """Return ``X_fit``, ``X_score``, ``y_fit`` or ``y_score``; changes stay in the process."""
        return np.load(self.folder / f"{self.name}.{part}.npy", mmap_mode="c")

    @property
    def preparation(self) -> Path:
        """The fitted preparation."""
        return self.folder / f"{self.name}.preparation.pkl"

    @property
    def is_complete(self) -> bool:
        """Whether everything is there, also after an earlier attempt."""
        return self.preparation.exists()


def store_table(table: TrainingTable, rows: Split, folder: Path) -> None:
    """Write the table where the worker processes read it."""
    folder.mkdir(parents=True, exist_ok=True)
    workfiles.write((table, rows), folder / "table.pkl")


def read_table(folder: Path) -> tuple[TrainingTable, Split]:
    """Read what :func:`store_table` wrote."""
    return workfiles.read(folder / "table.pkl")


def preparations(folder: Path, names: list[str]) -> dict[str, Callable[[], None]]:
    """Return the assignments that prepare the named sets, without those that are ready."""
    return {
        f"prepare-{name}": partial(prepare, folder, name)
        for name in names
        if not Prepared(folder, name).is_complete
    }


def fold_names(table: TrainingTable) -> list[str]:
    """Return the names of the prepared folds."""
    return [f"fold-{number}" for number in range(table.folds)]


def prepare(folder: Path, name: str) -> None:
    """Fit the preparation on one set's rows and write the prepared rows."""
    table, rows = read_table(folder)
    if name == ALL:
        fit, score = np.arange(len(table.features)), np.arange(0)
    elif name == TRAIN:
        fit, score = rows.train, rows.holdout
    else:
        fit, score = rows.folds[int(name.removeprefix("fold-"))]
    target = Prepared(folder, name)
    preparation = build_preparation(table.features)
    np.save(folder / f"{name}.X_fit.npy", preparation.fit_transform(table.features.iloc[fit]))
    if len(score):
        np.save(folder / f"{name}.X_score.npy", preparation.transform(table.features.iloc[score]))
    labels = table.encoded
    np.save(folder / f"{name}.y_fit.npy", labels[fit])
    np.save(folder / f"{name}.y_score.npy", labels[score])
    workfiles.write(preparation, target.preparation)
