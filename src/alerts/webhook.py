"""One JSON message to the address that was configured, and what became of it."""

from __future__ import annotations

import logging
import time
from typing import Any

import httpx

from src.alerts.model import Evaluation, Kind, Rule
from src.config import get_settings
from src.logs import get_logger
from src.messages import N_, Message
from src.translations import translate

DELIVERED = "delivered"
PENDING = "pending"
FAILED = "failed: "

TIMEOUT_SECONDS = 5.0
PAUSES_SECONDS = (1.0, 4.0)
"""Between one attempt and the next; so there are three."""

WORTH_ANOTHER = {408, 425, 429}
"""Besides 5xx, the answers after which the same message may be taken later."""

TEXTS = {
    Kind.FIRED: N_("Bancada, alerta: {title}. {message}"),
    Kind.RECOVERED: N_("Bancada, de volta ao normal: {title}. {message}"),
    Kind.TEST: N_("Bancada, teste de alerta, nada a fazer: {title}. {message}"),
}

log = get_logger(__name__)


def expected() -> str | None:
    """Return what is logged until the call is over; None if there is no address to call."""
    return PENDING if _address() else None


def _address() -> str:
    address = get_settings().alert_webhook_url
    return address.get_secret_value().strip() if address else ""


def body(rule: Rule, evaluation: Evaluation) -> dict[str, Any]:
    """Return what is sent.

    ``text`` is what Slack, Mattermost and Teams show, ``content`` what Discord shows, in the
    language that the interface starts with; the other fields are for programs.
    """
    language = get_settings().language
    values = {"title": rule.title, "message": evaluation.message}
    text = translate(Message(TEXTS[evaluation.kind], values), language)
    return {
        "text": text,
        "content": text,
        "rule": evaluation.rule,
        "title": translate(rule.title, language),
        "kind": evaluation.kind.value,
        "state": evaluation.state,
        "firing": evaluation.firing,
        "value": evaluation.value,
        "at": evaluation.at.isoformat(),
    }


def send(payload: dict[str, Any], *, attempts: int = len(PAUSES_SECONDS) + 1) -> str:
    """Post the payload and return ``delivered``, or ``failed:`` and why; raises nothing.

    The address holds a secret as a rule, so neither it nor an answer's text is kept or logged.

    Parameters
    ----------
    payload : dict
        JSON values.
    attempts : int
        From 1 to 3.
    """
    # httpx writes the whole address at this level.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    outcome = ""
    for attempt in range(attempts):
        if attempt:
            time.sleep(PAUSES_SECONDS[attempt - 1])
        outcome, final = _post(payload)
        if final:
            break
    level = log.info if outcome == DELIVERED else log.warning
    level("alert_webhook", rule=payload["rule"], kind=payload["kind"], outcome=outcome)
    return outcome


def _post(payload: dict[str, Any]) -> tuple[str, bool]:
    """Try once; return the outcome and whether trying again is of no use."""
    try:
        # The answer's text is not read: it is of no use, and nobody says how long it is.
        with httpx.stream("POST", _address(), json=payload, timeout=TIMEOUT_SECONDS) as answer:
            status = answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        # UnicodeError: a host that cannot be written for DNS, such as a part above 63 letters.
        final = isinstance(error, httpx.UnsupportedProtocol | httpx.InvalidURL | UnicodeError)
        return FAILED + type(error).__name__, final
    if 200 <= status < 300:
        return DELIVERED, True
    return f"{FAILED}HTTP {status}", status < 500 and status not in WORTH_ANOTHER
