"""Long work outside the page: it survives a reload, can be watched, cancelled and resumed.

A job names a *handler*, a function of some room given by its dotted path, so that this room knows
none of the others. ``ensure_workers`` starts the processes that run jobs; their state lives in the
operational database, and pages only read it.
"""

from src.jobs.context import JobContext
from src.jobs.model import Job, JobState, Progress
from src.jobs.periodic import repeat
from src.jobs.processes import ensure_api, ensure_workers, stop_workers
from src.jobs.store import cancel, get, list_jobs, submit

__all__ = [
    "Job",
    "JobContext",
    "JobState",
    "Progress",
    "cancel",
    "ensure_api",
    "ensure_workers",
    "get",
    "list_jobs",
    "repeat",
    "stop_workers",
    "submit",
]
