"""All rooms in one place: the jobs they offer, what is done again and again, the rules of alerts,
how the house is.

Dashboard, API and workers read it here. Functions are named and imported when they are called, so
that whoever reads a name waits for no library.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from src.config import get_settings
from src.errors import StorageError
from src.jobs import Duties

if TYPE_CHECKING:
    from src.alerts import Rule

ALWAYS = ("src.house:check_alerts_if_due", "src.conversations:remove_old_feedback")
"""What is to be done also where the API runs without a dashboard."""

DUTIES = Duties(
    handlers={
        "collection.export": "src.collection.work:export",
        "collection.import": "src.collection.work:import_upload",
        "conversations.import": "src.conversations.work:run_file_import",
        "conversations.import_database": "src.conversations.work:run_database_import",
        "datasets.import": "src.datasets.work:import_upload",
        "features.build": "src.features.work:build",
        "finetuning.build": "src.finetuning.work:build_dataset",
        "finetuning.survey": "src.finetuning.work:run_count",
        "finetuning.validate": "src.finetuning.work:run_validation",
        "finetuning.validate_file": "src.finetuning.work:run_file_validation",
        "review.judge": "src.review.work:run_judging",
        "review.refresh": "src.review.work:run_refresh",
        "training.compare": "src.training.work:compare",
    },
    prepared=("training.compare",),
    periodic=(*ALWAYS, "src.collection:remove_old_exports", "src.review:refresh_if_due"),
)


def alert_rules() -> tuple[Rule, ...]:
    """Return the alert rules of all rooms."""
    from src import collection, review

    return (*collection.alert_rules(), *review.alert_rules())


def check_alerts_if_due() -> float:
    """Check the rules whose last scheduled check is ``BANCADA_ALERT_SECONDS`` ago.

    The supervisor and the API call it again and again; whichever comes first takes a rule's turn.

    Returns
    -------
    float
        After how many seconds to call it again.

    Raises
    ------
    StorageError
        If the database does not answer.
    """
    from src import alerts

    return alerts.check_if_due(alert_rules(), every=get_settings().alert_seconds)


@dataclass(frozen=True)
class VitalSigns:
    """How the house is: what answers, what came last, and the room on the data directory's disk.

    Attributes
    ----------
    database : {"sqlite", "postgresql"} or None
        The kind of the operational database; None while it does not answer, and then nothing is
        known of the events.
    """

    database: str | None
    last_event: dt.datetime | None
    last_received: dt.datetime | None
    free_bytes: int
    total_bytes: int


def vital_signs() -> VitalSigns:
    """Look at the database, the last events and the disk; answers also while the first does not."""
    from src import collection, persistence

    kind = last_event = last_received = None
    with contextlib.suppress(StorageError):
        kind = persistence.ping()
        overview = collection.overview()
        last_event, last_received = overview.last_event, overview.last_received
    disk = shutil.disk_usage(get_settings().data_dir)
    return VitalSigns(kind, last_event, last_received, disk.free, disk.total)
