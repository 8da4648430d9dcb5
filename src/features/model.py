"""Where a table of events comes from, and which of its columns say how it is split."""

from __future__ import annotations

from dataclasses import dataclass

from src.collection import InteractionType

SOURCE = "Coleta"
GROUP, ORDER, REFERENCE = "session_id", "moment", "match_score"
"""Columns by which rows are split, and the score that a model has to beat; the first two are in
the table and are never features."""


@dataclass(frozen=True)
class Origin:
    """That a table was built from events, and how its rows are to be split.

    Parameters
    ----------
    kind : InteractionType
        The outcome, and the name of the label column.
    given : InteractionType
        What every row has gone through: ``impression`` or ``click``.
    group, order, reference : str
        Columns of the session, of the moment, and of the score of the rules.
    """

    kind: InteractionType
    given: InteractionType
    group: str = GROUP
    order: str = ORDER
    reference: str = REFERENCE

    @property
    def source(self) -> str:
        """What the dataset keeps; no file can be called so."""
        return f"{SOURCE}/{self.kind.value}/{self.given.value}"
