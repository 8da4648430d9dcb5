"""Which pairs are rows of a table, and which of them count as having happened.

A pair counts for an outcome when it reached that step **or a later one**: someone who asked about a
car without a recorded click is no example of a car that left people cold. And it is a row only if
its first event came before the outcome, so that what is known of it was known before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from src.collection import InteractionType
from src.errors import FeatureError
from src.features.pairs import STAGES
from src.messages import N_, Message

TARGETS = (
    InteractionType.WHATSAPP_CONTACT,
    InteractionType.CLICK,
    InteractionType.VIEW_DETAILS,
)
"""What a table can be built for, the most important first; also the name of its label column."""

FEWEST = 10
"""Rows of each class below which no table is built: nothing could be held out and folded."""

IMPRESSION, CLICK = InteractionType.IMPRESSION, InteractionType.CLICK


@dataclass(frozen=True)
class Population:
    """The rows of a table.

    Parameters
    ----------
    given : InteractionType
        What every row has gone through: it was shown, or it was clicked.
    chosen : ndarray of bool
        By pair: whether it is a row.
    label : ndarray of bool
        By pair: whether the outcome came.
    unmet, open : int
        Pairs left out because their first event is the outcome or lies beyond ``given``; pairs left
        out because their session may still go on.
    """

    given: InteractionType
    chosen: npt.NDArray[np.bool_]
    label: npt.NDArray[np.bool_]
    unmet: int
    open: int

    @property
    def positives(self) -> int:
        """Rows whose outcome came."""
        return int((self.chosen & self.label).sum())

    @property
    def rows(self) -> int:
        """All rows."""
        return int(self.chosen.sum())

    @property
    def suffices(self) -> bool:
        """Whether both classes have enough rows."""
        return FEWEST <= self.positives <= self.rows - FEWEST


def choose(
    kind: InteractionType,
    first: npt.NDArray[np.uint8],
    reached: npt.NDArray[np.uint8],
    ended: npt.NDArray[np.bool_],
) -> Population:
    """Return the rows of a table for one outcome.

    A click needs cars that were shown. A view of details is asked of cars that were clicked. A
    contact, which decides what to show, is asked of cars that were shown; while too few of those
    are known, of cars that were clicked.

    Parameters
    ----------
    kind : InteractionType
        One of ``TARGETS``.
    first, reached : ndarray of shape (pairs,)
        Positions in ``STAGES``: of the first event, and of the furthest.
    ended : ndarray of bool
        Whether the session is over.

    Raises
    ------
    FeatureError
        If too few rows of one class are left.
    """
    conditions = {
        InteractionType.CLICK: (IMPRESSION,),
        InteractionType.VIEW_DETAILS: (CLICK,),
        InteractionType.WHATSAPP_CONTACT: (IMPRESSION, CLICK),
    }[kind]
    found = [_given(condition, kind, first, reached, ended) for condition in conditions]
    for population in found:
        if population.suffices:
            return population
    known = (population for population in found if population.rows or population.open)
    raise _too_few(kind, next(known, found[-1]))


def _given(
    given: InteractionType,
    kind: InteractionType,
    first: npt.NDArray[np.uint8],
    reached: npt.NDArray[np.uint8],
    ended: npt.NDArray[np.bool_],
) -> Population:
    outcome, step = STAGES.index(kind), STAGES.index(given)
    # Shown: met by being shown. Clicked: at least clicked, and met before the outcome.
    met = first == step if given is IMPRESSION else first < outcome
    concerned = reached >= step
    return Population(
        given=given,
        chosen=concerned & met & ended,
        label=reached >= outcome,
        unmet=int((concerned & ~met).sum()),
        open=int((concerned & met & ~ended).sum()),
    )


def _too_few(kind: InteractionType, found: Population) -> FeatureError:
    return FeatureError(
        N_(
            "Ainda não dá para montar a tabela de {kind}: há {positives} exemplos do que aconteceu "
            "e {negatives} do que não aconteceu, e são precisos {fewest} de cada. Outros {open} "
            "são de sessões com evento na última meia hora, que ainda podem continuar. Tente de "
            "novo em meia hora."
        )
        if found.open
        else N_(
            "Ainda não dá para montar a tabela de {kind}: há {positives} exemplos do que aconteceu "
            "e {negatives} do que não aconteceu, e são precisos {fewest} de cada. Ficaram de fora "
            "{unmet} sem evento anterior ao resultado. Espere mais eventos."
        ),
        kind=kind.value,
        positives=found.positives,
        negatives=found.rows - found.positives,
        fewest=FEWEST,
        open=found.open,
        unmet=found.unmet,
    )


def notes(found: Population) -> list[Message]:
    """Say what the rows are, and what was left out."""
    rows = Message(
        N_("Uma linha por sessão e carro mostrado; {positives} de {rows} chegaram ao alvo.")
        if found.given is IMPRESSION
        else N_(
            "Uma linha por sessão e carro clicado; {positives} de {rows} chegaram ao alvo. O "
            "que foi mostrado e não clicado não está aqui."
        ),
        {"positives": found.positives, "rows": found.rows},
    )
    left = (
        (
            N_("Ficaram de fora, por não terem evento anterior ao resultado: {count} pares."),
            found.unmet,
        ),
        (
            N_(
                "Ficaram de fora, porque a sessão teve evento na última meia hora e pode "
                "continuar: {count} pares."
            ),
            found.open,
        ),
    )
    return [rows, *(Message(template, {"count": count}) for template, count in left if count)]
