"""What someone should hear about the collection: enough data, silence, too many errors."""

from __future__ import annotations

import datetime as dt

from src import days
from src.alerts import IN_ORDER, Reading, Rule, Severity, State
from src.collection import store
from src.collection.figures import overview
from src.collection.goals import EXPLORATION
from src.messages import N_, Message
from src.persistence import utc_now

SILENCE_HOURS = 24
HIGHEST_ERROR_PERCENT = 10
FEWEST_RECEIVED = 20
"""With fewer events a single refused one would look like many."""


def alert_rules() -> tuple[Rule, ...]:
    """Return the rules of this room: ``ready``, ``silence`` and ``error_rate``."""
    return (
        Rule(
            "ready",
            Message(N_("Pronto para treinar")),
            lambda: ready(overview().interactions),
            {
                "collecting": State(N_("juntando dados"), Severity.PENDING),
                "ready": State(N_("pronto"), Severity.GOOD),
            },
        ),
        Rule(
            "silence",
            Message(N_("Silêncio na coleta")),
            lambda: silence(overview().last_received, utc_now()),
            {
                "ok": IN_ORDER,
                "silent": State(N_("em silêncio"), Severity.WARNING),
                "never_started": State(N_("nunca começou"), Severity.IDLE),
            },
        ),
        Rule(
            "error_rate",
            Message(N_("Taxa de erro")),
            _read_error_rate,
            {
                "ok": IN_ORDER,
                "high": State(N_("alta"), Severity.ALARM),
                "too_few": State(N_("poucos eventos"), Severity.IDLE),
            },
        ),
    )


def ready(interactions: int) -> Reading:
    """Say whether there is enough to begin with."""
    figures = {"interactions": interactions, "needed": EXPLORATION}
    if interactions >= EXPLORATION:
        message = N_(
            "Há {interactions} interações, e {needed} bastam para começar. Abra Coleta de dados e "
            "escolha Treinar com estes dados."
        )
        return Reading("ready", True, Message(message, figures), interactions)
    message = N_("Há {interactions} das {needed} interações que bastam para começar.")
    return Reading("collecting", False, Message(message, figures), interactions)


def silence(last_received: dt.datetime | None, now: dt.datetime) -> Reading:
    """Say whether events still come in.

    Parameters
    ----------
    last_received : datetime or None
        When the last event came in by this machine's clock; None if none ever did.
    """
    if last_received is None:
        message = N_(
            "Ainda não chegou nenhum evento. Ponha o rastreador nas páginas do site: Coleta de "
            "dados mostra a linha a copiar."
        )
        return Reading("never_started", False, Message(message))
    hours = max(0.0, (now - last_received).total_seconds() / 3600)
    figures = {"hours": int(hours), "limit": SILENCE_HOURS}
    if hours >= SILENCE_HOURS:
        message = N_(
            "Nenhum evento chega há {hours} h. O site pode ter perdido o rastreador, ou a API não "
            "ser alcançada. Abra o site e procure erros de rede ou de CORS no console do navegador."
        )
        return Reading("silent", True, Message(message, figures), hours)
    message = N_("O último evento chegou há {hours} h; a partir de {limit} h é silêncio.")
    if hours < 1:
        message = N_("O último evento chegou há menos de uma hora.")
    return Reading("ok", False, Message(message, figures), hours)


def error_rate(received: int, rejected: int) -> Reading:
    """Say whether too many events are refused.

    Parameters
    ----------
    received, rejected : int
        Events that senders sent since yesterday, refused ones included; and those alone. They
        count on the day they came in, whenever they occurred; imported files do not count. The
        reading's value is their ratio, 0 to 1.
    """
    rate = rejected / received if received else None
    figures = {
        "received": received,
        "rejected": rejected,
        "limit": HIGHEST_ERROR_PERCENT,
        "needed": FEWEST_RECEIVED,
    }
    if received < FEWEST_RECEIVED:
        message = N_(
            "Eventos recebidos desde ontem: {received}. Com menos de {needed} a taxa de erro não "
            "quer dizer nada."
        )
        return Reading("too_few", False, Message(message, figures), rate)
    if rejected * 100 > received * HIGHEST_ERROR_PERCENT:
        message = N_(
            "Desde ontem foram recusados {rejected} de {received} eventos, mais que {limit} %. "
            "Veja os motivos em Coleta de dados e corrija o que o site envia."
        )
        return Reading("high", True, Message(message, figures), rate)
    message = N_(
        "Desde ontem foram recusados {rejected} de {received} eventos; até {limit} % é aceitável."
    )
    return Reading("ok", False, Message(message, figures), rate)


def _read_error_rate() -> Reading:
    with store.figures() as figures:
        accepted, refused = figures.received(days.today() - dt.timedelta(days=1))
    return error_rate(accepted + refused, refused)
