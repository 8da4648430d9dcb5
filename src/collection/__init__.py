"""Interaction events come in: what was shown, clicked, read and asked about; counted at once."""

from src.collection.alerts import alert_rules
from src.collection.export import Form, every, stream
from src.collection.figures import (
    CarClicks,
    DayCount,
    Funnel,
    Overview,
    Target,
    daily,
    funnel,
    most_clicked,
    overview,
    targets,
)
from src.collection.files import export_json, import_json
from src.collection.goals import GOALS, Goal, Quality, progress, quality
from src.collection.intake import TAKEN, Intake
from src.collection.model import (
    CarDetails,
    Event,
    Fault,
    InteractionType,
    Moment,
    UserPreferences,
    check,
    check_json,
    faults,
)
from src.collection.recording import Recorded, count_session, erase_session, record, record_many
from src.collection.statistics import pace, stats
from src.collection.store import rebuild_counters
from src.collection.work import (
    remove_old_exports,
    start_export,
    start_import,
)
