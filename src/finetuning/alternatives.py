"""What may do instead of fine-tuning: what it saves, what it takes, and when it fits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from src.finetuning.cost import Payback, Range, payback
from src.messages import N_, Message

AlternativeId = Literal["prompts", "retrieval", "smaller_model"]


@dataclass(frozen=True)
class Alternative:
    """One way to better answers or lower cost without training a model.

    Attributes
    ----------
    saving_share : pair of float
        Least and most share of today's cost that it saves, 0 to 1.
    monthly_saving : pair of float, optional
        The same in US$ a month; None while today's cost is not known.
    hours : pair of float
        Of work.
    investment : pair of float
        The hours in US$.
    payback : Payback, optional
        None while today's cost is not known.
    fits : bool, optional
        Whether it fits the case; None while what decides it is not known.
    reason : Message
        When it fits, and what that depends on.
    """

    id: AlternativeId
    title: Message
    saving_share: Range
    monthly_saving: Range | None
    hours: Range
    investment: Range
    payback: Payback | None
    fits: bool | None
    reason: Message


KNOWN: dict[AlternativeId, tuple[str, Range, Range]] = {
    "prompts": (N_("Instruções melhores"), (0.20, 0.30), (5, 10)),
    "retrieval": (N_("Busca em uma base de conhecimento"), (0.0, 0.0), (10, 15)),
    "smaller_model": (N_("Um modelo menor com instruções melhores"), (0.60, 0.70), (5, 10)),
}
"""Title, share of today's cost that it saves, hours of work."""


def alternatives(
    *,
    current_cost: float | None,
    small_case: bool | None,
    answers_good: bool | None,
    wrong_facts: bool | None,
    hour_price: Range,
) -> tuple[Alternative, ...]:
    """Return the three alternatives, measured on this case.

    Parameters
    ----------
    current_cost : float, optional
        US$ a month today.
    small_case : bool, optional
        Whether volume, cost or team is below what fine-tuning needs.
    answers_good : bool, optional
        Whether today's answers are good enough.
    wrong_facts : bool, optional
        Whether the trouble is wrong information, or products and prices that change often.
    hour_price : pair of float
        US$ for one hour of work.
    """
    fits: dict[AlternativeId, tuple[bool | None, str]] = {
        "prompts": (small_case, _PROMPTS[small_case]),
        "retrieval": (wrong_facts, _RETRIEVAL[wrong_facts]),
        "smaller_model": (answers_good, _SMALLER[answers_good]),
    }
    found = []
    for name, (fitting, reason) in fits.items():
        title, share, hours = KNOWN[name]
        investment = (hours[0] * hour_price[0], hours[1] * hour_price[1])
        saving = (
            None if current_cost is None else (share[0] * current_cost, share[1] * current_cost)
        )
        found.append(
            Alternative(
                id=name,
                title=Message(title),
                saving_share=share,
                monthly_saving=saving,
                hours=hours,
                investment=investment,
                payback=None if saving is None else payback(investment, saving),
                fits=fitting,
                reason=Message(reason),
            )
        )
    return tuple(found)


_PROMPTS = {
    True: N_(
        "Cabe aqui: com pouco volume, custo baixo ou equipe pequena, instruções melhores dão o "
        "ganho mais rápido e quase não pedem manutenção."
    ),
    False: N_(
        "Vale como primeiro passo: melhora já e serve de base justa para medir o ajuste fino; "
        "sozinhas, as instruções têm limite."
    ),
    None: N_("Vale como primeiro passo. Informe volume, custo e equipe para saber se bastaria."),
}
_RETRIEVAL = {
    True: N_(
        "Cabe aqui: o problema é informação errada ou que muda com frequência, e uma base se "
        "atualiza sem novo treino. Não reduz o custo e responde um pouco mais devagar."
    ),
    False: N_("Não cabe aqui: a informação está certa e muda pouco, e a busca não reduz o custo."),
    None: N_(
        "Cabe quando o problema é informação errada, ou produtos e preços que mudam com "
        "frequência. Informe se é o caso. Não reduz o custo."
    ),
}
_SMALLER = {
    True: N_(
        "Cabe aqui: as respostas de hoje são boas, e um modelo menor corta o custo sem treino. "
        "Confira a qualidade antes de trocar."
    ),
    False: N_(
        "Com cuidado: as respostas de hoje já precisam melhorar, e um modelo menor pode piorá-las."
    ),
    None: N_("Cabe quando o custo pesa e a qualidade de hoje basta. Faltam avaliações para saber."),
}
