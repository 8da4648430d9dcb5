"""Long work outside the page: it survives a reload, can be watched, cancelled and resumed.

A job is asked for by its name; which function that is, the processes that run jobs are told by
:class:`Duties`, so that this room knows none of the others. ``ensure_workers`` starts them. The
state of a job lives in the operational database, and pages only read it.
"""

from src.jobs.context import JobContext
from src.jobs.duties import Duties
from src.jobs.model import SHARE, Job, JobState, Progress
from src.jobs.periodic import repeat
from src.jobs.processes import ensure_api, ensure_workers, stop_workers
from src.jobs.store import cancel, get, in_progress, list_jobs, submit
