"""Rules are looked at; whoever sees one turn tells it, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from src.alerts import store, webhook
from src.alerts.model import Evaluation, Kind, Rule
from src.errors import StorageError
from src.logs import get_logger
from src.persistence import utc_now

log = get_logger(__name__)


def check(rules: Sequence[Rule], *, actor: str = "") -> list[Evaluation]:
    """Look at the rules now, log what was found, and call the webhook for those that turned.

    A rule that goes on firing is told once. Several processes may check at the same moment.

    Parameters
    ----------
    rules : sequence of Rule
        Which rules.
    actor : str
        Who asked; empty for the schedule.

    Raises
    ------
    StorageError
        If the database does not answer.
    """
    found = [_check(rule, actor) for rule in rules]
    if found:
        store.prune()
    return found


def _check(rule: Rule, actor: str) -> Evaluation:
    read_at = utc_now()
    reading = rule.read()
    entry, evaluation = store.settle(
        rule.id, reading, read_at=read_at, actor=actor, delivery=webhook.expected()
    )
    if evaluation.kind is Kind.CHECK:
        return evaluation
    log.warning("alert_" + evaluation.kind.value, rule=rule.id, state=evaluation.state)
    return _tell(rule, entry, evaluation)


def _tell(rule: Rule, entry: int, evaluation: Evaluation, **how: int) -> Evaluation:
    if evaluation.delivery is None:
        return evaluation
    delivery = webhook.send(webhook.body(rule, evaluation), **how)
    store.record_delivery(entry, delivery)
    return replace(evaluation, delivery=delivery)


def check_if_due(rules: Sequence[Rule], *, every: float) -> float:
    """Check those rules whose last scheduled check is long enough ago.

    Several processes may call this: one of them takes a rule's turn. A rule that cannot be read is
    logged, and keeps none of the others from being checked.

    Parameters
    ----------
    every : float
        Seconds between two checks, more than 0.

    Returns
    -------
    float
        Seconds until the next one is due, at least 1.

    Raises
    ------
    StorageError
        If the database does not answer.
    """
    interval = dt.timedelta(seconds=every)
    for rule in rules:
        try:
            if store.take_turn(rule.id, interval):
                check([rule])
        except StorageError as error:
            log.warning("alert_check_failed", rule=rule.id, reason=str(error))
        except Exception:
            log.exception("alert_check_crashed", rule=rule.id)
    waits = [store.wait(rule.id, interval).total_seconds() for rule in rules]
    return max(1.0, min(waits, default=every))


def test(rule: Rule, *, actor: str) -> Evaluation:
    """Send the rule's present reading to the webhook, marked as a test, and log it.

    Whether the rule fires stays as it is. One attempt: a person waits for the answer.

    Returns
    -------
    Evaluation
        ``delivery`` says whether the webhook took it; None if none is configured.

    Raises
    ------
    StorageError
        If the database does not answer.
    """
    entry, evaluation = store.append_test(
        rule.id, rule.read(), actor=actor, delivery=webhook.expected()
    )
    return _tell(rule, entry, evaluation, attempts=1)
