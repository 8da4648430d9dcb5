"""What a model costs to run and to train, and when an investment is paid back.

Money is in US$, as model providers bill it; work is paid in R$ and converted by a rate that is
given.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from src.errors import FinetuningError
from src.messages import N_, Message

Range = tuple[float, float]
"""The least and the most of an estimate."""


def figure(name: str, value: float, *, at_most: float = math.inf) -> float:
    """Return ``value`` if it is a number from 0 to ``at_most``; ``name`` is marked with ``N_``.

    Raises
    ------
    FinetuningError
        If it is not.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise FinetuningError(
            N_(
                "«{name}» precisa ser um número, e veio {value}. Corrija o valor e calcule de novo."
            ),
            name=Message(name),
            value=str(value),
        )
    if value < 0:
        raise FinetuningError(
            N_(
                "«{name}» não pode ser negativo, e veio {value}. Corrija o valor e calcule de novo."
            ),
            name=Message(name),
            value=value,
        )
    if value > at_most:
        raise FinetuningError(
            N_(
                "«{name}» pode ser no máximo {most}, e veio {value}. Corrija o valor e calcule de "
                "novo."
            ),
            name=Message(name),
            value=value,
            most=at_most,
        )
    return value


def interval(name: str, value: Range) -> Range:
    """Return ``value`` if it is a pair of numbers, the lesser first.

    Raises
    ------
    FinetuningError
        If it is not.
    """
    least, most = figure(name, value[0]), figure(name, value[1])
    if least > most:
        raise FinetuningError(
            N_("Em «{name}» o mínimo ({least}) é maior que o máximo ({most}). Troque os dois."),
            name=Message(name),
            least=least,
            most=most,
        )
    return least, most


def monthly_cost(
    messages: float,
    input_tokens: float,
    output_tokens: float,
    input_price: float,
    output_price: float,
) -> float:
    """Return what a model's answers cost in a month, in US$.

    Parameters
    ----------
    messages : float
        Answers in the month, 0 or more.
    input_tokens, output_tokens : float
        Tokens of one answer on the average: what is sent, what comes back; 0 or more.
    input_price, output_price : float
        US$ per 1,000 tokens, 0 or more.

    Raises
    ------
    FinetuningError
        If a figure is negative or no number.

    Examples
    --------
    >>> round(monthly_cost(10_000, 500, 300, 0.03, 0.06), 2)
    330.0
    """
    figure(N_("mensagens"), messages)
    figure(N_("tokens de entrada"), input_tokens)
    figure(N_("tokens de saída"), output_tokens)
    figure(N_("preço de entrada"), input_price)
    figure(N_("preço de saída"), output_price)
    return messages * (input_tokens * input_price + output_tokens * output_price) / 1000


def training_cost(tokens: float, price: float, epochs: int) -> float:
    """Return what one training costs in US$: every token is read once an epoch.

    Parameters
    ----------
    tokens : float
        Of the training file, 0 or more.
    price : float
        US$ per 1,000 tokens, 0 or more.
    epochs : int
        How often the model sees each example, 0 or more.

    Raises
    ------
    FinetuningError
        If a figure is negative or no number.
    """
    figure(N_("tokens"), tokens)
    figure(N_("preço do treino"), price)
    figure(N_("épocas"), epochs)
    return tokens / 1000 * price * epochs


@dataclass(frozen=True)
class Payback:
    """Months until the savings have paid the investment; None means never.

    Attributes
    ----------
    fastest, slowest : float, optional
        With the least investment and the greatest saving, and the other way round.
    """

    fastest: float | None
    slowest: float | None


def payback(investment: Range, monthly_saving: Range) -> Payback:
    """Return when ``monthly_saving`` has paid ``investment``, both in the same money.

    Parameters
    ----------
    investment : pair of float
        Least and most, 0 or more.
    monthly_saving : pair of float
        Least and most; 0 or less never pays anything back.
    """
    least, most = interval(N_("investimento"), investment)
    return Payback(_months(least, max(monthly_saving)), _months(most, min(monthly_saving)))


def _months(investment: float, saving: float) -> float | None:
    return investment / saving if saving > 0 else None
