"""What a handler is given besides its parameters."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from src.errors import JobCancelled
from src.jobs.model import SHARE, Progress
from src.messages import Message


@dataclass
class JobContext:
    """The running job, seen from inside.

    Attributes
    ----------
    job_id : str
        The job's identifier.
    workdir : Path
        A folder of the job's own. It is kept between attempts, so what a handler leaves there lets
        it go on after a crash.
    actor : str
        Who asked for the job.
    attempt : int
        1 for the first start, more after a crash or a restart.
    """

    job_id: str
    workdir: Path
    actor: str
    attempt: int
    _report: Callable[[Progress], None]
    _cancelled: threading.Event = field(default_factory=threading.Event)

    def report(
        self,
        done: int,
        total: int,
        step: Message | None = None,
        *,
        remaining_seconds: float | None = None,
    ) -> None:
        """Tell the watchers how far the job has come; stops here if someone cancelled it.

        Raises
        ------
        JobCancelled
            If someone asked the job to stop.
        """
        self.check()
        self._report(Progress(done, total, step, remaining_seconds))

    def share(self, fraction: float, step: Message | None = None) -> None:
        """Do as :meth:`report`, for what knows how far it is as a share of 0 to 1 only."""
        self.report(round(fraction * SHARE), SHARE, step)

    def check(self) -> None:
        """Stop here if someone cancelled the job.

        Raises
        ------
        JobCancelled
            If someone asked the job to stop.
        """
        if self._cancelled.is_set():
            raise JobCancelled
