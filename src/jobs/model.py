"""What a job is, and how far it has come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from pydantic import ValidationError

from src.jsonable import Jsonable
from src.messages import Message

SHARE = 1000
"""Total of a job that knows how far it is as a share only; its steps count for themselves."""


class JobState(StrEnum):
    """Where a job is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen to the job."""
        return self not in (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True)
class Progress(Jsonable):
    """How far a job has come.

    Parameters
    ----------
    done, total : int
        Finished steps and all steps; ``total`` is 0 while it is not known.
    step : Message, optional
        What is being done now.
    remaining_seconds : float, optional
        The handler's own estimate; without it the pace so far is drawn on.
    """

    done: int = 0
    total: int = 0
    step: Message | None = None
    remaining_seconds: float | None = None

    @property
    def fraction(self) -> float:
        """Finished share, 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0


@dataclass(frozen=True)
class Job(Jsonable):
    """One piece of long work, as the database holds it."""

    id: str
    handler: str
    title: Message
    params: dict[str, Any]
    state: JobState
    actor: str
    created_at: dt.datetime
    started_at: dt.datetime | None = None
    finished_at: dt.datetime | None = None
    worker: str | None = None
    heartbeat_at: dt.datetime | None = None
    attempt: int = 0
    cancelled_by: str | None = None
    progress: Progress = field(default_factory=Progress)
    result: dict[str, Any] | None = None
    error: Message | None = None

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Rebuild from what is stored; what a job can be without may be damaged there.

        One row that cannot be read would hold up whoever lists or takes any job.
        """
        try:
            return super().from_dict(data)
        except ValidationError as error:
            unsound = {problem["loc"][0] for problem in error.errors()}
        return super().from_dict({name: data[name] for name in data if name not in unsound})

    def elapsed_seconds(self, now: dt.datetime) -> float:
        """Seconds since the job began to run; 0 while it waits."""
        if self.started_at is None:
            return 0.0
        return ((self.finished_at or now) - self.started_at).total_seconds()

    def remaining_seconds(self, now: dt.datetime) -> float | None:
        """Expected seconds to the end, or None while nothing supports an estimate."""
        if self.state.is_final:
            return 0.0
        if self.progress.remaining_seconds is not None:
            return self.progress.remaining_seconds
        if not self.progress.done or not self.progress.total:
            return None
        pace = self.elapsed_seconds(now) / self.progress.done
        return pace * (self.progress.total - self.progress.done)
