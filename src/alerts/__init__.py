"""Rules that are checked on a schedule, logged, and told to a webhook when they fire."""

from src.alerts.checking import check, check_if_due, test
from src.alerts.model import IN_ORDER, Evaluation, Kind, Reading, Rule, Severity, State
from src.alerts.store import history, latest
