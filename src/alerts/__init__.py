"""Rules that are checked on a schedule, logged, and told to a webhook when they fire."""

from src.alerts.checking import check, check_if_due, history, latest, test
from src.alerts.model import Evaluation, Kind, Reading, Rule

__all__ = [
    "Evaluation",
    "Kind",
    "Reading",
    "Rule",
    "check",
    "check_if_due",
    "history",
    "latest",
    "test",
]
