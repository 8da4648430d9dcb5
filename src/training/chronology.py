"""Rows that belong together and come in time: held out and folded by group, the later ones last.

A model that is used tomorrow has seen only yesterday's sessions. So the latest groups are held out,
and each fold trains on earlier groups and is scored on the next ones (forward chaining, or rolling
origin: Tashman, "Out-of-sample tests of forecasting accuracy", International Journal of Forecasting
16 (2000), 437-450). No group is on both sides of a split.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from src.errors import TrainingError
from src.messages import N_, Message

Positions = npt.NDArray[np.intp]
Ranks = npt.NDArray[np.intp]

FEWEST_GROUPS = 10
"""Fewer groups cannot be held out and folded."""


def ranks(data: pd.DataFrame, group: str | None, order: str | None) -> Ranks:
    """Return each row's group as its place in time, 0 being the group that began first.

    Parameters
    ----------
    data : DataFrame
        The rows; its index is 0 .. n-1.
    group : str or None
        Column that names the group; without it each row is one. A row without a value is a group
        of its own.
    order : str or None
        Column of the moment, numbers or dates; a group begins at its first. Without it groups begin
        in the order of the rows.

    Raises
    ------
    TrainingError
        If there is no such column, a moment is missing or none, or there are too few groups.
    """
    for column in (group, order):
        if column is not None and column not in data.columns:
            raise TrainingError(
                N_("A tabela não tem a coluna {column}, pela qual separar as linhas."),
                column=column,
            )
    moments = pd.Series(np.arange(len(data))) if order is None else _moments(data[order])
    if group is None:
        names = pd.Series(np.arange(len(data)))
    else:
        codes, _values = pd.factorize(data[group])
        names = pd.Series(np.where(codes < 0, len(data) + np.arange(len(data)), codes))
    first = moments.groupby(names.to_numpy()).transform("min")
    # Groups that begin at one moment stay apart, in the order of the rows.
    begins = pd.Series(np.arange(len(data))).groupby(names.to_numpy()).transform("min")
    started = pd.DataFrame({"at": first.to_numpy(), "row": begins.to_numpy()})
    places: Ranks = started.groupby(["at", "row"], sort=True).ngroup().to_numpy().astype(np.intp)
    if places.max(initial=-1) + 1 < FEWEST_GROUPS:
        raise TrainingError(
            N_(
                "A coluna {group} tem {count} grupos; são precisos pelo menos {fewest} para "
                "treinar nos primeiros e testar nos últimos. Traga mais, ou separe por linha."
            ),
            group=group or order or "",
            count=int(places.max(initial=-1) + 1),
            fewest=FEWEST_GROUPS,
        )
    return places


def _moments(column: pd.Series) -> pd.Series:
    if pd.api.types.is_bool_dtype(column) or not (
        pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column)
    ):
        raise TrainingError(
            N_("A coluna {column} não tem datas nem números; não dá a ordem das linhas."),
            column=str(column.name),
        )
    if column.isna().any():
        raise TrainingError(
            N_("A coluna {column} tem linhas sem valor; não dá a ordem de todas."),
            column=str(column.name),
        )
    return column.reset_index(drop=True)


def hold_out(order: Ranks, share: float) -> tuple[Positions, Positions]:
    """Return the positions of the training part and of the held-out rows: the latest groups."""
    last = round((int(order.max()) + 1) * share)
    return np.flatnonzero(order < last), np.flatnonzero(order >= last)


def folds(order: Ranks, train: Positions, count: int) -> Iterator[tuple[Positions, Positions]]:
    """Yield fit and score positions: of ``count + 1`` parts in time, the first ones and the next.

    Parts have the same number of groups, give or take one.
    """
    edges = np.linspace(0, int(order[train].max()) + 1, count + 2).round()
    for start, end in pairwise(edges[1:]):
        yield train[order[train] < start], train[(order[train] >= start) & (order[train] < end)]


def possible_folds(
    order: Ranks,
    labels: npt.NDArray[np.intp] | None,
    wanted: int,
    share: float,
    warnings: list[Message],
) -> int:
    """Return how many folds, at most ``wanted``, have every class on both sides.

    Parameters
    ----------
    labels : ndarray or None
        Classes 0 .. k-1; None for regression, which only needs rows.

    Raises
    ------
    TrainingError
        If even two have not, or the held-out rows have not.
    """
    train, held_out = hold_out(order, share)
    if not _complete(labels, held_out) or not _complete(labels, train):
        raise TrainingError(
            N_(
                "Separando os últimos grupos para teste, uma das classes não aparece nos dois "
                "lados. Traga mais linhas dela, ou separe por linha."
            )
        )
    for count in range(wanted, 1, -1):
        parts = folds(order, train, count)
        if all(_complete(labels, fit) and _complete(labels, score) for fit, score in parts):
            break
    else:
        raise TrainingError(
            N_(
                "Nem em duas dobras no tempo todas as classes aparecem no treino e na avaliação. "
                "Traga mais linhas da classe rara, ou separe por linha."
            )
        )
    if count < wanted:
        warnings.append(
            Message(
                N_(
                    "A comparação usa {possible} dobras em vez de {folds}, para que cada trecho de "
                    "tempo tenha todas as classes."
                ),
                {"possible": count, "folds": wanted},
            )
        )
    return count


def _complete(labels: npt.NDArray[np.intp] | None, rows: Positions) -> bool:
    if labels is None:
        return len(rows) > 1
    return len(np.unique(labels[rows])) == int(labels.max()) + 1
