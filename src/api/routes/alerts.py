"""What somebody should know about the collection."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel

from src import alerts, house
from src.api import documents
from src.api.dependencies import Reader
from src.api.problems import language
from src.translations import translate

router = APIRouter()


class Alert(BaseModel):
    """A rule and what was last found; without a state it has not been checked yet."""

    id: str
    title: str
    state: str | None
    firing: bool
    message: str | None
    value: float | None
    checked_at: str | None


class Alerts(BaseModel):
    """Every rule."""

    alerts: list[Alert]


@router.get(
    "/api/ml/alerts",
    summary="Every alert, as it was last checked",
    dependencies=[Reader],
    responses={
        **documents.answers(
            {
                "alerts": [
                    {
                        "id": "silence",
                        "title": "Silêncio na coleta",
                        "state": "ok",
                        "firing": False,
                        "message": "O último evento chegou há menos de uma hora.",
                        "value": 0.2,
                        "checked_at": "2024-11-11T10:30:00+00:00",
                    }
                ]
            }
        ),
        **documents.refusals(401, 403, 429, 503),
    },
)
def read(request: Request) -> Alerts:
    """Rules are checked on a schedule. Texts are in the language of ``Accept-Language``."""
    rules = house.alert_rules()
    found = alerts.latest([rule.id for rule in rules])
    code = language(request)
    return Alerts(alerts=[_alert(rule, found.get(rule.id), code) for rule in rules])


def _alert(rule: alerts.Rule, last: alerts.Evaluation | None, code: str) -> Alert:
    return Alert(
        id=rule.id,
        title=translate(rule.title, code),
        state=last and last.state,
        firing=bool(last and last.firing),
        message=last and translate(last.message, code),
        value=last and last.value,
        checked_at=last and last.at.isoformat(),
    )
