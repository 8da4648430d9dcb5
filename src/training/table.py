"""From a table someone chose to rows that can be trained on, and what was changed on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types

from src.errors import TrainingError
from src.messages import N_, Message
from src.training import chronology, yardstick
from src.training.columns import few_names, plain, usable
from src.training.design import Design, Task

MIN_ROWS = 20
"""Fewer rows with a target leave nothing to hold out and to fold."""

MIN_CLASS_ROWS = 4
"""A class needs a row held out and two in the folds; one more lets the folds differ."""

MAX_CLASSES = 200
"""More distinct values are names or measures, not classes."""

FEW_INTEGERS = 20
"""Integers with at most so many distinct values are taken for classes."""

TRAIN_SHARE = 0.7
"""Share of the rows that the folds are made of; the others are held out. PyCaret's default."""


@dataclass(frozen=True)
class TrainingTable:
    """Rows ready to be split.

    Parameters
    ----------
    features : DataFrame
        Usable columns; index 0 .. n-1.
    target : ndarray of shape (n,)
        Original labels (str, int or bool) or float64 values.
    task : Task
        What is predicted.
    labels : tuple
        The classes in sorted order; empty for regression.
    folds : int
        How many folds the classes allow, at most as many as were asked for.
    warnings : tuple of Message
        What was changed or left out.
    order : ndarray of int, or None
        Each row's group, in the order in which groups began; None when rows are split one by one.
    reference : ndarray of float, or None
        For two classes, a score that is in use already: the column ``reference_column``.
    """

    features: pd.DataFrame
    target: np.ndarray
    task: Task
    labels: tuple[Any, ...]
    folds: int
    warnings: tuple[Message, ...] = field(default=())
    order: np.ndarray | None = None
    reference: np.ndarray | None = None
    reference_column: str = ""

    @property
    def encoded(self) -> np.ndarray:
        """The target as 0 .. k-1 for classes, as it is for regression."""
        if not self.task.is_classification:
            return self.target
        return np.unique(self.target, return_inverse=True)[1].reshape(-1)

    @property
    def positive(self) -> str | None:
        """For two classes, the one that recall, precision and F1 are about: the last one."""
        return str(self.labels[-1]) if self.task is Task.BINARY else None

    @property
    def parts(self) -> dict[str, dict[str, int]] | None:
        """Groups and rows for training and held out; None when rows are split one by one."""
        if self.order is None:
            return None
        rows = chronology.hold_out(self.order, TRAIN_SHARE)
        return {
            name: {"groups": len(np.unique(self.order[part])), "rows": len(part)}
            for name, part in zip(("train", "holdout"), rows, strict=True)
        }


def detect_task(series: pd.Series) -> Task:
    """Tell what a target column asks for.

    Text, booleans and categories are classes, and so are integers with at most 20 distinct values
    (and whole numbers stored as decimals, as a column with missing integers is). All other numbers
    are regression. Two distinct values make a binary task.

    Raises
    ------
    TrainingError
        If the column is empty, has a single value, or is text with more than 200 values.
    """
    values = plain(series).dropna()
    distinct = values.nunique()
    if distinct == 0:
        raise TrainingError(
            N_("A coluna {target} está vazia. Escolha outro alvo."), target=str(series.name)
        )
    if distinct == 1:
        raise TrainingError(
            N_(
                "A coluna {target} tem um único valor ({value}): não há o que prever. Escolha "
                "outro alvo ou traga linhas com outros valores."
            ),
            target=str(series.name),
            value=str(values.iloc[0])[:80],
        )
    if distinct == 2:
        return Task.BINARY
    if types.is_numeric_dtype(values):
        finite = values[np.isfinite(values.astype("float64"))]
        whole = bool((finite == finite.round()).all())
        return Task.MULTICLASS if whole and distinct <= FEW_INTEGERS else Task.REGRESSION
    if types.is_datetime64_any_dtype(values):
        raise TrainingError(
            N_("A coluna {target} tem datas, que não podem ser alvo. Escolha outra coluna."),
            target=str(series.name),
        )
    if distinct > MAX_CLASSES:
        raise TrainingError(
            N_(
                "A coluna {target} tem {distinct} textos diferentes: são nomes ou códigos, não "
                "classes. Escolha outro alvo ou agrupe os valores."
            ),
            target=str(series.name),
            distinct=int(distinct),
        )
    return Task.MULTICLASS


def check_table(data: pd.DataFrame, design: Design) -> list[Message]:
    """Say what a comparison would change or leave out of the table.

    Raises
    ------
    TrainingError
        If nothing can be trained on it: no such column, too few rows, one class, no usable column.
    """
    return list(prepare_table(data, design).warnings)


def prepare_table(data: pd.DataFrame, design: Design) -> TrainingTable:
    """Return the rows and columns that can be trained on.

    The index is dropped first: rows and labels are matched by position from here on, and nothing
    can put them out of step.

    Raises
    ------
    TrainingError
        As :func:`check_table`.
    """
    target, folds, reference = design.target, design.folds, design.reference
    if not 2 <= folds <= 20:
        raise TrainingError(N_("O número de dobras vai de 2 a 20, não {folds}."), folds=folds)
    data = data.rename(columns=str).reset_index(drop=True)
    _check_columns(data, target)
    warnings: list[Message] = []
    task = design.task or detect_task(data[target])
    labels = _target(data[target], task)
    present = labels.notna().to_numpy()
    if missing := int((~present).sum()):
        warnings.append(
            Message(
                N_("{count} linhas sem valor em {target} ficaram de fora."),
                {"count": missing, "target": target},
            )
        )
    data, labels = data[present], labels[present]
    _check_rows(len(data))
    if task.is_classification:
        keep = _enough_members(labels, target, warnings)
        data, labels = data[keep], labels[keep]
        _check_rows(len(data))
        if not design.is_in_time:
            folds = _possible_folds(labels, folds, warnings)
        if task is Task.BINARY and labels.nunique() > 2:
            raise TrainingError(
                N_("{target} tem {count} classes; uma tarefa binária precisa de duas."),
                target=target,
                count=int(labels.nunique()),
            )
        task = Task.BINARY if labels.nunique() == 2 else Task.MULTICLASS
    elif labels.nunique() == 1:
        raise TrainingError(
            N_("A coluna {target} tem um único valor: não há o que prever. Escolha outro alvo."),
            target=target,
        )
    apart = [target, design.group, design.order, *design.ignored_columns]
    features = usable(data.drop(columns=apart, errors="ignore"), target, warnings)
    plain = labels.to_numpy(dtype="float64" if task is Task.REGRESSION else None)
    ranks = None
    if design.is_in_time:
        ranks = chronology.ranks(data.reset_index(drop=True), design.group, design.order)
        encoded = np.unique(plain, return_inverse=True)[1] if task.is_classification else None
        folds = chronology.possible_folds(ranks, encoded, folds, TRAIN_SHARE, warnings)
    return TrainingTable(
        features=features.reset_index(drop=True),
        target=plain,
        task=task,
        labels=tuple(np.unique(plain).tolist()) if task.is_classification else (),
        folds=folds,
        warnings=tuple(warnings),
        order=ranks,
        reference=reference if reference is None else yardstick.scores(data, reference, task),
        reference_column=reference or "",
    )


def _check_columns(data: pd.DataFrame, target: str) -> None:
    if target not in data.columns:
        raise TrainingError(
            N_("A tabela não tem a coluna {target}. Escolha uma das colunas dela."), target=target
        )
    repeated = data.columns[data.columns.duplicated()].unique()
    if len(repeated):
        raise TrainingError(
            N_("Há mais de uma coluna com o nome {columns}. Dê nomes diferentes a elas."),
            columns=", ".join(repeated),
        )


def _check_rows(count: int) -> None:
    if count < MIN_ROWS:
        raise TrainingError(
            N_(
                "A tabela tem {count} linhas com alvo; são precisas pelo menos {minimum} para "
                "treinar, comparar em dobras e ainda separar linhas de teste."
            ),
            count=count,
            minimum=MIN_ROWS,
        )


def _target(series: pd.Series, task: Task) -> pd.Series:
    """Return the target with one kind of value, missing ones as NaN or None."""
    series = plain(series)
    if task is Task.REGRESSION:
        numbers = pd.to_numeric(series, errors="coerce").astype("float64")
        bad = series[numbers.isna() & series.notna()]
        if len(bad) or types.is_datetime64_any_dtype(series):
            raise TrainingError(
                N_(
                    "{target} não é numérica (por exemplo, {examples}): a regressão precisa de "
                    "números. Corrija esses valores ou escolha a classificação."
                ),
                target=str(series.name),
                examples=", ".join(str(value)[:40] for value in bad.unique()[:3]),
            )
        return numbers.where(np.isfinite(numbers))
    if types.is_bool_dtype(series):
        return series
    if types.is_numeric_dtype(series):
        finite = series.where(np.isfinite(series.astype("float64")))
        if (finite.dropna() % 1 == 0).all():
            # Classes that are whole numbers stay whole, also beside missing ones.
            if finite.notna().all():
                return finite.astype("int64")
            return finite.astype("Int64").astype(object).where(finite.notna(), None)
        return finite.map(lambda value: f"{value:g}", na_action="ignore")
    return series.map(str, na_action="ignore")


def _enough_members(labels: pd.Series, target: str, warnings: list[Message]) -> np.ndarray:
    counts = labels.value_counts()
    rare = counts[counts < MIN_CLASS_ROWS]
    if len(counts) == 1:
        raise TrainingError(
            N_("Todas as linhas de {target} são da mesma classe. Traga linhas de outra classe."),
            target=target,
        )
    if len(counts) - len(rare) < 2:
        raise TrainingError(
            N_(
                "{target} precisa de pelo menos duas classes com {minimum} linhas ou mais; têm "
                "menos que isso: {classes}. Traga mais linhas dessas classes ou junte-as."
            ),
            target=target,
            minimum=MIN_CLASS_ROWS,
            classes=few_names(rare.index),
        )
    if len(rare):
        warnings.append(
            Message(
                N_(
                    "As classes com menos de {minimum} linhas ficaram de fora, porque não cabem ao "
                    "mesmo tempo no treino e no teste: {classes}."
                ),
                {"minimum": MIN_CLASS_ROWS, "classes": few_names(rare.index)},
            )
        )
    return ~labels.isin(rare.index).to_numpy()


def _possible_folds(labels: pd.Series, folds: int, warnings: list[Message]) -> int:
    counts = labels.value_counts()
    possible = max(2, int(counts.min() * TRAIN_SHARE))
    if possible >= folds:
        return folds
    warnings.append(
        Message(
            N_(
                "A classe {label} tem só {count} linhas: a comparação usa {possible} dobras em vez "
                "de {folds}, para que todas tenham essa classe."
            ),
            {
                "label": str(counts.idxmin()),
                "count": int(counts.min()),
                "possible": possible,
                "folds": folds,
            },
        )
    )
    return possible
