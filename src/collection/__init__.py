"""Interaction events come in: what was shown, clicked, read and asked about; counted at once."""

from src.collection.alerts import alert_rules, check_alerts_if_due
from src.collection.event import Event, InteractionType, Problem
from src.collection.files import export_json, import_json
from src.collection.goals import GOALS, Goal, Quality, progress, quality
from src.collection.recording import Recorded, erase_session, record, record_many
from src.collection.statistics import pace, stats

__all__ = [
    "GOALS",
    "Event",
    "Goal",
    "InteractionType",
    "Problem",
    "Quality",
    "Recorded",
    "alert_rules",
    "check_alerts_if_due",
    "erase_session",
    "export_json",
    "import_json",
    "pace",
    "progress",
    "quality",
    "record",
    "record_many",
    "stats",
]
