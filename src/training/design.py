"""What is asked of a table: what to predict, and how its rows and columns take part."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from src.jsonable import Jsonable


class Task(StrEnum):
    """What is predicted."""

    BINARY = "binary"
    MULTICLASS = "multiclass"
    REGRESSION = "regression"

    @property
    def is_classification(self) -> bool:
        """Whether a class is predicted."""
        return self is not Task.REGRESSION


@dataclass(frozen=True)
class Design(Jsonable):
    """What is predicted from a table, and by which of its columns and rows.

    Parameters
    ----------
    target : str
        Column to predict.
    task : Task, optional
        By default :func:`src.training.detect_task` tells.
    folds : int
        2 to 20; fewer are used when the smallest class has too few rows.
    ignored_columns : tuple of str
        Columns not to train on.
    group, order : str, optional
        Columns of what belongs together (a session) and of the moment. With either, rows are split
        by group and time: the latest 30 % of the groups are held out, each fold trains on earlier
        groups and is scored on the next, and no group is on both sides; no seed has a say in it.
        Neither column is trained on.
    reference : str, optional
        For two classes, a column of numbers by which decisions are made already; it stays a
        feature. The best are measured against it.
    """

    target: str
    task: Task | None = None
    folds: int = 5
    ignored_columns: tuple[str, ...] = ()
    group: str | None = None
    order: str | None = None
    reference: str | None = None

    @property
    def is_in_time(self) -> bool:
        """Whether rows are split by group and time rather than one by one."""
        return self.group is not None or self.order is not None

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values, without what was not given."""
        return {name: value for name, value in super().to_dict().items() if value is not None}
