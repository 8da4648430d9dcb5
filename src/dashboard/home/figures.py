"""The figures of the home screen, gathered from the rooms."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from src import (
    alerts,
    collection,
    conversations,
    datasets,
    finetuning,
    jobs,
    prediction,
    registry,
    review,
    training,
)
from src.dashboard.home.rules import Counts
from src.persistence import utc_now

COUNTED_COMPARISONS = 100
"""Older comparisons than so many are no longer counted."""

RECENT = 5
REVIEWED = dt.timedelta(days=7)


@dataclass(frozen=True)
class Assistant:
    """How the review of the assistant's conversations stands.

    Parameters
    ----------
    conversations : int
        Imported conversations.
    waiting : int
        Those in the queue that wait for one or more people.
    decisions : int
        What reviewers decided in the last seven days.
    newest : TrainingSet or None
        The newest version of a data set.
    worse : bool
        Whether an alert on the quality fires, as it was last checked.
    """

    conversations: int
    waiting: int
    decisions: int
    newest: finetuning.TrainingSet | None
    worse: bool


@dataclass(frozen=True)
class Figures:
    """What the home screen shows, read at one moment.

    Parameters
    ----------
    counts : Counts
        How much each room holds.
    rows : int
        Rows of all tables together.
    table : str or None
        The newest table.
    latest : ComparisonRecord or None
        The newest comparison with candidates that can be saved.
    recent : tuple of ComparisonRecord
        The last comparisons, newest first.
    model : str or None
        The newest model that can predict.
    predictions_today : int
        Predictions of the last 24 hours.
    running : tuple of Job
        Work that waits or runs, newest first.
    collected : Overview
        Events of all time.
    assistant : Assistant
    """

    counts: Counts
    rows: int
    table: str | None
    latest: training.ComparisonRecord | None
    recent: tuple[training.ComparisonRecord, ...]
    model: str | None
    predictions_today: int
    running: tuple[jobs.Job, ...]
    collected: collection.Overview
    assistant: Assistant


def gather() -> Figures:
    """Read the figures of every room now."""
    yesterday = utc_now() - dt.timedelta(days=1)
    tables = datasets.list_datasets()
    newest = max(tables, key=lambda table: table.imported_at, default=None)
    comparisons = training.list_comparisons(limit=COUNTED_COMPARISONS)
    with_top = [record for record in comparisons if record.top_ids]
    models = registry.list_models()
    usable = [name for name, entry in models.items() if not entry.get("quarantined")]
    running = jobs.in_progress()[::-1]
    collected = collection.overview()
    comparison_ids = {record.id for record in comparisons}
    return Figures(
        counts=Counts(
            tables=len(tables),
            comparisons=len(with_top),
            running=sum(job.id in comparison_ids for job in running),
            models=len(models),
            quarantined=len(models) - len(usable),
            predictions=prediction.count_predictions(),
            enough_events=collected.interactions >= collection.GOALS[0],
        ),
        rows=sum(table.rows for table in tables),
        table=newest.name if newest else None,
        latest=with_top[0] if with_top else None,
        recent=tuple(comparisons[:RECENT]),
        model=usable[0] if usable else None,
        predictions_today=prediction.count_predictions(since=yesterday),
        running=tuple(running),
        collected=collected,
        assistant=_assistant(),
    )


def _assistant() -> Assistant:
    queue = review.queue_state()
    works = review.reviewer_progress(utc_now() - REVIEWED)
    rules = [rule.id for rule in review.alert_rules()]
    return Assistant(
        conversations=conversations.list_conversations(limit=1).total,
        waiting=queue.waiting + queue.partly,
        decisions=sum(work.decisions for work in works),
        newest=next(iter(finetuning.list_sets()), None),
        worse=any(found.firing for found in alerts.latest(rules).values()),
    )
