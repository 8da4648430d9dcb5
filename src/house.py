"""All rooms in one place: the jobs they offer, and what is to be done again and again.

Dashboard, API and workers read it here. Functions are named and imported when they are called, so
that whoever reads a name waits for no library.
"""

from __future__ import annotations

from src.jobs import Duties

ALWAYS = (
    "src.collection:check_alerts_if_due",
    "src.conversations:remove_old_feedback",
    "src.review:check_alerts_if_due",
)
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
        "finetuning.survey": "src.finetuning.work:run_survey",
        "finetuning.validate": "src.finetuning.work:run_validation",
        "finetuning.validate_file": "src.finetuning.work:run_file_validation",
        "review.judge": "src.review.work:run_judging",
        "review.refresh": "src.review.work:run_refresh",
        "training.compare": "src.training.work:compare",
    },
    prepared=("training.compare",),
    periodic=(*ALWAYS, "src.collection:remove_old_exports", "src.review:refresh_if_due"),
)
