"""How the quality figures are called, written, and compared with before."""

from __future__ import annotations

from src.dashboard import formats
from src.dashboard.i18n import _, ngettext
from src.messages import N_
from src.review import Change, Mean, Rate

TITLES = {
    "satisfaction": N_("Satisfação"),
    "answer_seconds": N_("Tempo de resposta"),
    "resolution": N_("Resolução"),
    "abandonment": N_("Abandono"),
    "tone": N_("Tom"),
}
"""In the order of the screen."""

NARROW = {**TITLES, "answer_seconds": N_("Resposta em")}
"""For a card that is too narrow for the title."""

MEANINGS = {
    "satisfaction": N_(
        "Reações 👍 e notas de 4 ou 5 estrelas, entre todas as reações e notas dos clientes."
    ),
    "answer_seconds": N_(
        "Quanto o cliente espera, em média, da primeira mensagem sem resposta até a resposta; cada "
        "conversa conta uma vez. Poucas esperas muito longas puxam a média; a mediana, que metade "
        "das conversas não passa, diz o que é comum."
    ),
    "resolution": N_(
        "Conversas resolvidas entre as que terminaram. Sem status na origem, a conversa termina "
        "depois de 24 h de silêncio; é abandonada se o cliente ficou sem resposta ou não respondeu "
        "a uma pergunta."
    ),
    "abandonment": N_("Conversas abandonadas entre as que terminaram: o que falta à resolução."),
    "tone": N_("Nota média, de 1 a 5, que um modelo dá ao tom das falas do assistente."),
}
SHARES = ("satisfaction", "resolution", "abandonment")
WORSE_WHEN_HIGHER = ("abandonment", "answer_seconds")


def title(name: str) -> str:
    """Name a figure."""
    return _(TITLES[name])


def written(name: str, value: float | None) -> str:
    """Write a figure in its unit: ``82,3 %``, ``42 s``, ``4,3``."""
    if name in SHARES:
        return formats.percent(value)
    if name == "answer_seconds":
        missing = value is None or value != value
        return formats.MISSING if missing else formats.duration(value)
    return formats.number(value, decimals=2)


def median(name: str, found: Rate | Mean) -> str:
    """Say the median of what is told as a mean of times; nothing of the other figures."""
    if name != "answer_seconds" or not isinstance(found, Mean) or found.median is None:
        return ""
    return _("mediana {value}").format(value=written(name, found.median))


def interval(name: str, found: Rate | Mean) -> str:
    """Write the 95 % interval of a figure; a dash where there is none."""
    if found.low is None or found.high is None:
        return formats.MISSING
    high = min(5.0, found.high) if name == "tone" else found.high
    low = max(1.0 if name == "tone" else 0.0, found.low)
    first = written(name, low)
    if name in SHARES:  # one sign of percent for both
        first = formats.number(low * 100, decimals=1)
    return f"{first}–{written(name, high)}"


def difference(name: str, value: float) -> str:
    """Write now minus before with its sign: ``+3,2 p.p.``, ``-12 s``."""
    sign = "-" if value < 0 else "+"
    if name in SHARES:
        points = formats.number(abs(value) * 100, decimals=1)
        return sign + _("{points} p.p.").format(points=points)
    if name == "answer_seconds" and abs(value) < 1:  # in the unit of what it is a difference of
        return sign + formats.number(abs(value), decimals=1) + " s"
    return sign + written(name, abs(value))


def counted(found: Rate | Mean) -> str:
    """Say on how many conversations, and judgements if they are more, a figure rests."""
    text = ngettext("{count} conversa", "{count} conversas", found.conversations)
    if isinstance(found, Rate) and found.n > found.conversations:
        text += ", " + ngettext("{count} avaliação", "{count} avaliações", found.n)
    return text


def is_better(name: str, change: Change) -> bool:
    """Whether a difference is to the good, however small."""
    difference = change.difference or 0.0
    return difference < 0 if name in WORSE_WHEN_HIGHER else difference > 0


def reading(name: str, change: Change) -> str:
    """Say in words what a change means."""
    if change.difference is None:
        return _("sem comparação")
    if change.low is None:
        return _("poucas conversas para comparar")
    if not change.beyond_chance:
        return _("dentro do ruído")
    return _("melhor") if is_better(name, change) else _("pior")
