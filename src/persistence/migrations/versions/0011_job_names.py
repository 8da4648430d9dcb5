"""Jobs are stored by a name, no longer by the place of their function in the code."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NAMES = {
    "src.collection.work:export": "collection.export",
    "src.collection.work:import_upload": "collection.import",
    "src.conversations.work:run_file_import": "conversations.import",
    "src.conversations.work:run_database_import": "conversations.import_database",
    "src.datasets.work:import_upload": "datasets.import",
    "src.features.work:build": "features.build",
    "src.finetuning.work:build_dataset": "finetuning.build",
    "src.finetuning.work:run_survey": "finetuning.survey",
    "src.finetuning.work:run_validation": "finetuning.validate",
    "src.finetuning.work:run_file_validation": "finetuning.validate_file",
    "src.review.work:run_judging": "review.judge",
    "src.review.work:run_refresh": "review.refresh",
    "src.training.work:compare": "training.compare",
}

jobs = sa.table("jobs", sa.column("handler", sa.String))


def upgrade() -> None:
    for path, name in NAMES.items():
        op.execute(jobs.update().where(jobs.c.handler == path).values(handler=name))


def downgrade() -> None:
    for path, name in NAMES.items():
        op.execute(jobs.update().where(jobs.c.handler == name).values(handler=path))
