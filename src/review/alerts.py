"""What someone should hear about the assistant: a figure became worse by more than chance."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from src.alerts import IN_ORDER, Reading, Rule, Severity, State
from src.messages import N_, Message
from src.review import judge
from src.review.figures import FEWEST
from src.review.quality import Compared, watch


@dataclass(frozen=True)
class _Words:
    """What is said of one figure; ``scale`` turns it into the unit of the sentences."""

    title: str
    worse: str
    kept: str
    scale: float


WORDS = {
    "satisfaction": _Words(
        N_("Queda da satisfação"),
        N_(
            "A satisfação dos últimos 7 dias é de {now} % ({count} conversas avaliadas); nos 7 "
            "anteriores era de {before} % ({count_before}). É mais do que o acaso explica. Em "
            "Qualidade, veja em que canal e tema caiu, e ponha as conversas mal avaliadas na "
            "fila de revisão."
        ),
        N_(
            "A satisfação dos últimos 7 dias é de {now} % ({count} conversas avaliadas); nos 7 "
            "anteriores era de {before} % ({count_before}). Não há queda maior que o acaso."
        ),
        100,
    ),
    "resolution": _Words(
        N_("Queda da resolução"),
        N_(
            "Foram resolvidas {now} % das {count} conversas que terminaram nos últimos 7 dias, e "
            "as outras abandonadas; nos 7 anteriores, {before} % de {count_before}. É mais do que "
            "o acaso explica. Em Qualidade, veja em que canal e tema caiu, e leia as conversas "
            "abandonadas."
        ),
        N_(
            "Foram resolvidas {now} % das {count} conversas que terminaram nos últimos 7 dias; "
            "nos 7 anteriores, {before} % de {count_before}. Não há queda maior que o acaso."
        ),
        100,
    ),
    "answer_seconds": _Words(
        N_("Respostas mais lentas"),
        N_(
            "O cliente esperou em média {now} s nos últimos 7 dias ({count} conversas); nos 7 "
            "anteriores, {before} s ({count_before}). É mais do que o acaso explica. Confira a "
            "latência do modelo e as filas do atendimento; Qualidade mostra em que canal."
        ),
        N_(
            "O cliente esperou em média {now} s nos últimos 7 dias ({count} conversas); nos 7 "
            "anteriores, {before} s ({count_before}). Não há piora maior que o acaso."
        ),
        1,
    ),
    "tone": _Words(
        N_("Queda do tom"),
        N_(
            "O tom dos últimos 7 dias tem nota média {now} ({count} conversas); nos 7 anteriores "
            "tinha {before} ({count_before}). É mais do que o acaso explica. Confira se as "
            "instruções ou o modelo do assistente mudaram, e leia as conversas de nota baixa em "
            "Qualidade."
        ),
        N_(
            "O tom dos últimos 7 dias tem nota média {now} ({count} conversas); nos 7 anteriores "
            "tinha {before} ({count_before}). Não há queda maior que o acaso."
        ),
        1,
    ),
}
"""Abandonment is what resolution leaves over: one rule tells of both, once."""

STATES = {
    "ok": IN_ORDER,
    "dropped": State(N_("piorou"), Severity.ALARM),
    "few_conversations": State(N_("poucas conversas"), Severity.IDLE),
    "off": State(N_("desligado"), Severity.IDLE),
}
"""``off`` is the tone without a judge."""


def alert_rules() -> tuple[Rule, ...]:
    """Return the rules of this room: one for each figure that can become worse."""
    return tuple(
        Rule(f"quality_{name}", Message(words.title), functools.partial(_read, name), STATES)
        for name, words in WORDS.items()
    )


def reading(name: str, found: Compared, *, judged: bool = True) -> Reading:
    """Say whether a figure became worse.

    Parameters
    ----------
    name : str
        A key of :data:`WORDS`.
    found : Compared
        Seven days against the seven before.
    judged : bool
        Whether a judge of the tone is configured.
    """
    now, before = getattr(found.now, name), getattr(found.before, name)
    if name == "tone" and not judged and not now.conversations:
        message = N_(
            "O tom não é avaliado: nenhum modelo está configurado. Defina "
            "BANCADA_JUDGE_URL e BANCADA_JUDGE_MODEL para ligar."
        )
        return Reading("off", False, Message(message))
    counts = {"count": now.conversations, "count_before": before.conversations}
    if min(counts.values()) < FEWEST or now.value is None or before.value is None:
        message = N_(
            "São {count} conversas com esta medida nos últimos 7 dias e {count_before} nos 7 "
            "anteriores. Com menos de {needed} de cada lado a comparação não quer dizer nada."
        )
        return Reading(
            "few_conversations", False, Message(message, {**counts, "needed": FEWEST}), now.value
        )
    words = WORDS[name]
    values = {
        "now": round(now.value * words.scale, 1),
        "before": round(before.value * words.scale, 1),
        **counts,
    }
    if name in found.drops:
        return Reading("dropped", True, Message(words.worse, values), now.value)
    return Reading("ok", False, Message(words.kept, values), now.value)


def _read(name: str) -> Reading:
    return reading(name, watch(), judged=judge.is_on())
