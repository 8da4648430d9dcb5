"""Should a model be fine-tuned at all? Five criteria, each against its threshold.

All five for: implement. One against: not now. Otherwise: collect what is missing. The thresholds of
volume and cost are two, below the lower one speaks against, above the upper one for. Quality has
one (85 % satisfied): it speaks only where the 95 % interval of the measured share (Wilson, 1927)
lies on one side of it, so that a handful of ratings decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from src.errors import FinetuningError
from src.finetuning.alternatives import Alternative, alternatives
from src.finetuning.cost import Payback, Range, figure, interval, payback
from src.intervals import wilson
from src.messages import N_, Message

Verdict = Literal["for", "against", "undecided"]
Recommendation = Literal["implement", "collect", "not_now"]
CriterionId = Literal["volume", "cost", "quality", "team", "data"]

VOLUME = (500, 1_000)
"""Conversations a month."""
COST = (200, 500)
"""US$ a month."""
SATISFACTION = 0.85
"""Share of satisfied customers from which the answers count as good."""
EXAMPLES = (500, 1_000)
"""Usable conversations."""


@dataclass(frozen=True)
class Assumptions:
    """What the work and the upkeep are taken to cost.

    Parameters
    ----------
    hours : pair of float
        To build everything.
    hourly_rate : pair of float
        R$ for an hour.
    exchange_rate : float
        R$ for one US$, above 0.
    upkeep : pair of float
        US$ a month for training again and storage, on top of the answers.
    """

    hours: Range = (40, 60)
    hourly_rate: Range = (100, 150)
    exchange_rate: float = 5.0
    upkeep: Range = (25, 50)

    def checked(self) -> Assumptions:
        """Return itself if every figure is in its range.

        Raises
        ------
        FinetuningError
            If one is not.
        """
        interval(N_("horas"), self.hours)
        interval(N_("valor da hora"), self.hourly_rate)
        interval(N_("manutenção"), self.upkeep)
        if not figure(N_("câmbio"), self.exchange_rate):
            raise FinetuningError(
                N_("O câmbio não pode ser zero. Informe quantos reais vale US$ 1.")
            )
        return self

    @property
    def hour_price(self) -> Range:
        """US$ for an hour of work."""
        least, most = self.hourly_rate
        return least / self.exchange_rate, most / self.exchange_rate

    @property
    def investment(self) -> Range:
        """US$ to build everything."""
        price = self.hour_price
        return self.hours[0] * price[0], self.hours[1] * price[1]


@dataclass(frozen=True)
class Criterion:
    """One question, what was measured, and what it says.

    Attributes
    ----------
    value : float, optional
        What was measured, for a picture; None when it is not known or no number.
    limits : tuple of float
        The thresholds in the same unit; empty where the answer is yes or no.
    """

    id: CriterionId
    title: Message
    value: float | None
    limits: tuple[float, ...]
    measured: Message
    threshold: Message
    verdict: Verdict
    reason: Message


@dataclass(frozen=True)
class Decision:
    """The recommendation and everything it rests on.

    Attributes
    ----------
    monthly_saving : float, optional
        US$ a month that fine-tuning saves on the answers; None while a cost is not known.
    saving_share : float, optional
        The same as a share of today's cost.
    investment : pair of float
        US$ to build everything.
    payback : Payback, optional
        Of the investment by the saving on the answers alone, as the usual sum has it.
    payback_net : Payback, optional
        The same after the monthly upkeep. This is the one to decide by.
    beyond_smaller_model : pair of float, optional
        US$ a month that fine-tuning saves more than a smaller model with better prompts would.
    """

    recommendation: Recommendation
    headline: Message
    criteria: tuple[Criterion, ...]
    alternatives: tuple[Alternative, ...]
    current_cost: float | None
    projected_cost: float | None
    monthly_saving: float | None
    saving_share: float | None
    investment: Range
    payback: Payback | None
    payback_net: Payback | None
    beyond_smaller_model: Range | None


def decide(
    *,
    conversations: float | None = None,
    current_cost: float | None = None,
    projected_cost: float | None = None,
    satisfaction: float | None = None,
    rated: int = 0,
    team: bool | None = None,
    usable: int | None = None,
    wrong_facts: bool | None = None,
    assumptions: Assumptions | None = None,
) -> Decision:
    """Weigh volume, cost, quality, team and data, and the alternatives.

    What is not known stays None and leaves its criterion undecided.

    Parameters
    ----------
    conversations : float, optional
        A month, 0 or more.
    current_cost, projected_cost : float, optional
        US$ a month today and with a fine-tuned model; see :func:`monthly_cost`.
    satisfaction : float, optional
        Share of satisfied customers, 0 to 1.
    rated : int
        Conversations that the share rests on.
    team : bool, optional
        Whether somebody has the time to keep the models in order.
    usable : int, optional
        Conversations good enough to train on: complete, well rated or approved, not flagged.
    wrong_facts : bool, optional
        Whether the trouble is wrong information, or products and prices that change often.

    Raises
    ------
    FinetuningError
        If a figure is out of its range.
    """
    given = (assumptions or Assumptions()).checked()
    volume = _between("volume", conversations, VOLUME)
    cost = _between("cost", current_cost, COST)
    quality = _quality(satisfaction, rated)
    people = _team(team)
    data = _between("data", usable, EXAMPLES)
    criteria = (volume, cost, quality, people, data)
    recommendation = _recommendation(criteria)
    others = alternatives(
        current_cost=current_cost,
        small_case=_small((volume, cost, people)),
        answers_good={"for": False, "against": True, "undecided": None}[quality.verdict],
        wrong_facts=wrong_facts,
        hour_price=given.hour_price,
    )
    saving = share = pays = pays_net = beyond = None
    if projected_cost is not None:
        figure(N_("custo projetado"), projected_cost)
    if current_cost is not None and projected_cost is not None:
        saving = current_cost - projected_cost
        share = saving / current_cost if current_cost else None
        pays = payback(given.investment, (saving, saving))
        net = (saving - given.upkeep[1], saving - given.upkeep[0])
        pays_net = payback(given.investment, net)
        smaller = next(other.monthly_saving for other in others if other.id == "smaller_model")
        assert smaller is not None
        beyond = (saving - smaller[1], saving - smaller[0])
    return Decision(
        recommendation=recommendation,
        headline=Message(_HEADLINES[recommendation], _split(criteria)),
        criteria=criteria,
        alternatives=others,
        current_cost=current_cost,
        projected_cost=projected_cost,
        monthly_saving=saving,
        saving_share=share,
        investment=given.investment,
        payback=pays,
        payback_net=pays_net,
        beyond_smaller_model=beyond,
    )


def _recommendation(criteria: tuple[Criterion, ...]) -> Recommendation:
    verdicts = [criterion.verdict for criterion in criteria]
    if "against" in verdicts:
        return "not_now"
    return "collect" if "undecided" in verdicts else "implement"


def _small(criteria: tuple[Criterion, ...]) -> bool | None:
    verdicts = [criterion.verdict for criterion in criteria]
    if "against" in verdicts:
        return True
    return None if all(verdict == "undecided" for verdict in verdicts) else False


def _split(criteria: tuple[Criterion, ...]) -> dict[str, int]:
    verdicts = [criterion.verdict for criterion in criteria]
    return {
        "favour": verdicts.count("for"),
        "contrary": verdicts.count("against"),
        "open": verdicts.count("undecided"),
    }


_HEADLINES: dict[Recommendation, str] = {
    "implement": N_("Vale fazer o ajuste fino: os {favour} critérios são favoráveis."),
    "collect": N_(
        "Ainda não dá para decidir. Critérios favoráveis: {favour}; em aberto: {open}. Junte o que "
        "falta, melhore as instruções e avalie de novo."
    ),
    "not_now": N_(
        "Não faça o ajuste fino agora. Critérios contrários: {contrary}; favoráveis: {favour}; em "
        "aberto: {open}. Uma alternativa mais simples resolve melhor."
    ),
}

_TITLES: dict[CriterionId, str] = {
    "volume": N_("Volume de conversas"),
    "cost": N_("Custo da API"),
    "quality": N_("Qualidade das respostas"),
    "team": N_("Equipe"),
    "data": N_("Qualidade dos dados"),
}
_UNKNOWN = N_("não informado")

_MEASURED: dict[CriterionId, str] = {
    "volume": N_("conversas por mês: {value}"),
    "cost": N_("US$ {value} por mês"),
    "data": N_("conversas aproveitáveis: {value}"),
}
_THRESHOLDS: dict[CriterionId, str] = {
    "volume": N_("contra abaixo de {lower}, a favor acima de {upper} por mês"),
    "cost": N_("contra abaixo de US$ {lower}, a favor acima de US$ {upper} por mês"),
    "data": N_("contra abaixo de {lower}, a favor a partir de {upper}"),
}
_REASONS: dict[tuple[CriterionId, Verdict], str] = {
    ("volume", "for"): N_("Há volume que justifica manter um modelo próprio."),
    ("volume", "against"): N_("Com tão poucas conversas, o ganho não paga o trabalho."),
    ("volume", "undecided"): N_("O volume está entre os dois limites ou não foi informado."),
    ("cost", "for"): N_("O gasto é alto o bastante para que a economia pague o trabalho."),
    ("cost", "against"): N_("O gasto é tão baixo que não há o que economizar."),
    ("cost", "undecided"): N_("O gasto está entre os dois limites ou não foi informado."),
    ("data", "for"): N_("Há exemplos bons em número suficiente para treinar."),
    ("data", "against"): N_(
        "Faltam exemplos bons. Continue a colher avaliações e a revisar conversas."
    ),
    ("data", "undecided"): N_(
        "O número de exemplos bons fica entre os dois limites ou ainda não foi medido."
    ),
}


def _between(name: CriterionId, value: float | None, limits: tuple[int, int]) -> Criterion:
    lower, upper = limits
    verdict: Verdict = "undecided"
    measured = Message(_UNKNOWN)
    if value is not None:
        figure(_TITLES[name], value)
        measured = Message(_MEASURED[name], {"value": round(value, 2)})
        enough = value >= upper if name == "data" else value > upper
        verdict = "for" if enough else "against" if value < lower else "undecided"
    return Criterion(
        id=name,
        title=Message(_TITLES[name]),
        value=value,
        limits=limits,
        measured=measured,
        threshold=Message(_THRESHOLDS[name], {"lower": lower, "upper": upper}),
        verdict=verdict,
        reason=Message(_REASONS[name, verdict]),
    )


def _quality(satisfaction: float | None, rated: int) -> Criterion:
    verdict: Verdict = "undecided"
    measured = Message(_UNKNOWN)
    reason = Message(N_("Ainda não há avaliações de clientes."))
    figure(N_("avaliações"), rated)
    if satisfaction is not None:
        figure(N_("satisfação"), satisfaction, at_most=1)
        low, high = wilson(satisfaction, rated)
        measured = Message(
            N_("{share} % de satisfação (conversas avaliadas: {rated})"),
            {"share": round(100 * satisfaction, 1), "rated": rated},
        )
        if high < SATISFACTION:
            verdict = "for"
            reason = Message(N_("As respostas precisam melhorar, além do que o acaso explica."))
        elif low >= SATISFACTION:
            verdict = "against"
            reason = Message(N_("As instruções de hoje já funcionam bem."))
        else:
            reason = Message(
                N_(
                    "A satisfação real pode estar entre {low} % e {high} %, dos dois lados do "
                    "limite (conversas avaliadas: {rated}). Colha mais avaliações."
                ),
                {"rated": rated, "low": round(100 * low, 1), "high": round(100 * high, 1)},
            )
    return Criterion(
        id="quality",
        title=Message(_TITLES["quality"]),
        value=satisfaction,
        limits=(SATISFACTION,),
        measured=measured,
        threshold=Message(
            N_("a favor abaixo de {limit} % de satisfação, contra a partir disso"),
            {"limit": round(100 * SATISFACTION)},
        ),
        verdict=verdict,
        reason=reason,
    )


def _team(team: bool | None) -> Criterion:
    verdicts: dict[bool | None, Verdict] = {True: "for", False: "against", None: "undecided"}
    measured = {True: N_("há responsável"), False: N_("não há responsável"), None: _UNKNOWN}
    reasons = {
        True: N_("Há quem treine de novo, avalie e acompanhe as versões."),
        False: N_("Sem quem cuide dele, o modelo envelhece com os produtos e os preços."),
        None: N_("Diga se alguém tem tempo para manter o modelo."),
    }
    return Criterion(
        id="team",
        title=Message(_TITLES["team"]),
        value=None,
        limits=(),
        measured=Message(measured[team]),
        threshold=Message(N_("alguém com tempo para manter o modelo")),
        verdict=verdicts[team],
        reason=Message(reasons[team]),
    )
