"""Which conversations are good enough to learn from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from pydantic import PlainSerializer

from src.errors import FinetuningError
from src.finetuning.model import Candidate
from src.jsonable import Jsonable
from src.messages import N_

STEPS: dict[str, str] = {
    "period": N_("fora do período"),
    "channel": N_("de outros canais"),
    "topic": N_("de outros temas"),
    "open": N_("abertas ou abandonadas"),
    "rejected": N_("reprovadas na revisão"),
    "flagged": N_("com problema apontado"),
    "rating": N_("sem {stars} ★ ou mais e sem aprovação"),
    "unknown_role": N_("com mensagens de papel desconhecido"),
    "empty": N_("vazias depois da limpeza"),
    "one_sided": N_("sem pergunta do cliente respondida pelo assistente"),
    "too_long": N_("com mais de {max_tokens} tokens"),
    "duplicate": N_("repetidas ou quase iguais a outra"),
    "balance": N_("além do máximo por tema: {per_topic}"),
}
"""Why a conversation is left out, in the order in which it is asked."""

Moment = Annotated[
    dt.datetime, PlainSerializer(lambda moment: moment.astimezone(dt.UTC).isoformat())
]
"""With its zone; in JSON it is in UTC."""


@dataclass(frozen=True)
class Filters(Jsonable):
    """Conditions, all of which must hold; None and empty leave one out.

    Attributes
    ----------
    since, until : datetime, optional
        Moments of the start, with their zone; ``until`` is not included.
    channels, topics : tuple of str
        Those wanted.
    ended : bool
        Only conversations that came to their end. A reviewer's approval stands in for it, even
        where the source itself says "abandoned": who approved has read how it ended.
    minimum_stars : float
        1 to 5. A reviewer's approval stands in for it.
    """

    since: Moment | None = None
    until: Moment | None = None
    channels: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    ended: bool = True
    minimum_stars: float = 4

    def check(self) -> None:
        """Make sure that the conditions can be met.

        Raises
        ------
        FinetuningError
            If they contradict themselves.
        """
        if not 1 <= self.minimum_stars <= 5:
            raise FinetuningError(
                N_("O mínimo de estrelas vai de 1 a 5, e veio {stars}. Corrija o filtro."),
                stars=self.minimum_stars,
            )
        for moment in (self.since, self.until):
            if moment is not None and moment.tzinfo is None:
                raise FinetuningError(
                    N_("A data {moment} do filtro não diz o fuso. Informe-a com o fuso."),
                    moment=moment.isoformat(),
                )
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise FinetuningError(
                N_("O período do filtro termina antes de começar. Troque as duas datas.")
            )

    def refusal(self, candidate: Candidate) -> str | None:
        """Return the first condition of :data:`STEPS` that does not hold, or None."""
        if self.since is not None and candidate.started_at < self.since:
            return "period"
        if self.until is not None and candidate.started_at >= self.until:
            return "period"
        if self.channels and candidate.channel not in self.channels:
            return "channel"
        if self.topics and candidate.topic not in self.topics:
            return "topic"
        if self.ended and not candidate.ended and candidate.verdict != "approved":
            return "open"
        if candidate.verdict == "rejected":
            return "rejected"
        if candidate.flags:
            return "flagged"
        rated = candidate.stars is not None and candidate.stars >= self.minimum_stars
        return None if rated or candidate.verdict == "approved" else "rating"
