"""Jobs in the operational database: who may move one from state to state, and how."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from src.errors import JobError, JobLost, JobNotFound
from src.jobs.model import Job, JobState, Progress
from src.messages import N_, Message
from src.persistence import metadata, utc_now
from src.persistence.engine import UtcDateTime, transaction

MAX_ATTEMPTS = 3
"""How often a job is started again after its process died, the first start included."""

NAME_FORM = re.compile(r"\w+\.\w+")

HEARTBEAT_TIMEOUT_SECONDS = 30.0
"""A running job whose worker has been silent for so long counts as orphaned."""

table = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("handler", sa.String(200), nullable=False),
    sa.Column("title", sa.JSON, nullable=False),
    sa.Column("params", sa.JSON, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("actor", sa.String(200), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("started_at", UtcDateTime),
    sa.Column("finished_at", UtcDateTime),
    sa.Column("worker", sa.String(200)),
    sa.Column("heartbeat_at", UtcDateTime),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("cancelled_by", sa.String(200)),
    sa.Column("progress", sa.JSON, nullable=False),
    sa.Column("result", sa.JSON),
    sa.Column("error", sa.JSON),
    sa.Index("ix_jobs_state_created_at", "state", "created_at"),
)


def submit(
    handler: str,
    params: dict[str, Any],
    *,
    title: Message,
    actor: str,
    job_id: str | None = None,
) -> str:
    """Queue a job and return its identifier.

    Parameters
    ----------
    handler : str
        The job's name, ``room.what``, as ``src/house.py`` lists it. Its function may be started
        again from the beginning after a crash, with the same ``context.workdir``.
    params : dict
        Plain JSON values.
    title : Message
        What the job is, for the people who watch it.
    actor : str
        Who asked for it.
    job_id : str, optional
        32 hexadecimal digits, for a room that keeps a record under the same identifier.

    Raises
    ------
    JobError
        If ``handler`` has not the form of a name.
    StorageError
        If the database does not answer.
    """
    if not NAME_FORM.fullmatch(handler):
        raise JobError(N_("{handler} não é nome de trabalho (sala.trabalho)."), handler=handler)
    job_id = job_id or uuid.uuid4().hex
    with transaction() as connection:
        connection.execute(
            table.insert().values(
                id=job_id,
                handler=handler,
                title=title.to_dict(),
                params=params,
                state=JobState.QUEUED,
                actor=actor,
                created_at=utc_now(),
                attempt=0,
                progress=Progress().to_dict(),
            )
        )
    return job_id


def get(job_id: str) -> Job:
    """Return one job.

    Raises
    ------
    JobNotFound
        If there is none with that identifier.
    """
    with transaction() as connection:
        row = connection.execute(sa.select(table).where(table.c.id == job_id)).one_or_none()
    if row is None:
        raise JobNotFound(N_("O trabalho {job_id} não existe mais."), job_id=job_id)
    return Job.from_dict(row._asdict())


def list_jobs(
    *, handler: str | None = None, states: tuple[JobState, ...] = (), limit: int = 100
) -> list[Job]:
    """Return jobs, newest first, narrowed by handler and states."""
    query = sa.select(table).order_by(table.c.created_at.desc()).limit(limit)
    if handler:
        query = query.where(table.c.handler == handler)
    if states:
        query = query.where(table.c.state.in_(states))
    with transaction() as connection:
        return [Job.from_dict(row._asdict()) for row in connection.execute(query)]


def in_progress(*handlers: str) -> list[Job]:
    """Return the jobs of these names, or all, that wait or run; oldest first."""
    query = (
        sa.select(table)
        .where(table.c.state.in_((JobState.QUEUED, JobState.RUNNING)))
        .order_by(table.c.created_at)
    )
    if handlers:
        query = query.where(table.c.handler.in_(handlers))
    with transaction() as connection:
        return [Job.from_dict(row._asdict()) for row in connection.execute(query)]


def cancel(job_id: str, *, actor: str) -> None:
    """Ask for a job to stop; one that waits is cancelled at once, a finished one is left alone."""
    with transaction() as connection:
        connection.execute(
            table.update()
            .where(table.c.id == job_id, table.c.state == JobState.QUEUED)
            .values(state=JobState.CANCELLED, cancelled_by=actor, finished_at=utc_now())
        )
        connection.execute(
            table.update()
            .where(table.c.id == job_id, table.c.state == JobState.RUNNING)
            .values(cancelled_by=actor)
        )


def claim(worker: str, *, leaving: Sequence[str] = (), for_seconds: float = 0) -> Job | None:
    """Take the oldest waiting job for ``worker``; two workers never get the same one.

    Parameters
    ----------
    worker : str
        Who takes it.
    leaving : sequence of str
        Names of jobs that are left to others, who are better prepared for them.
    for_seconds : float
        How long such a job has to wait until this worker takes it all the same.
    """
    now = utc_now()
    since = now - dt.timedelta(seconds=for_seconds)
    oldest = (
        sa.select(table.c.id)
        .where(table.c.state == JobState.QUEUED)
        .where(table.c.handler.not_in(leaving) | (table.c.created_at <= since))
        .order_by(table.c.created_at)
        .limit(1)
        .scalar_subquery()
    )
    with transaction() as connection:
        # Look before taking the write lock: this runs several times a second in every worker.
        if connection.execute(sa.select(oldest)).scalar() is None:
            return None
    with transaction() as connection:
        row = connection.execute(
            table.update()
            .where(table.c.id == oldest, table.c.state == JobState.QUEUED)
            .values(
                state=JobState.RUNNING,
                worker=worker,
                started_at=sa.func.coalesce(table.c.started_at, now),
                heartbeat_at=now,
                attempt=table.c.attempt + 1,
            )
            .returning(table)
        ).one_or_none()
    return Job.from_dict(row._asdict()) if row is not None else None


def heartbeat(job_id: str, worker: str) -> str | None:
    """Say that ``worker`` is alive; return who asked for cancellation, if anyone did.

    Raises
    ------
    JobLost
        If the job is no longer this worker's.
    """
    with transaction() as connection:
        row = connection.execute(
            table.update()
            .where(_runs_by(worker), table.c.id == job_id)
            .values(heartbeat_at=utc_now())
            .returning(table.c.cancelled_by)
        ).one_or_none()
    if row is None:
        raise JobLost(N_("O trabalho {job_id} está com outro processo."), job_id=job_id[:8])
    return row.cancelled_by


def put_back(worker: str) -> list[str]:
    """Queue what ``worker`` was running, as if it had not been started; return the identifiers.

    For a worker that ends in order: a restart of the dashboard is no crash. One that someone asked
    to stop is cancelled.
    """
    mine = _runs_by(worker)
    with transaction() as connection:
        connection.execute(
            table.update()
            .where(mine, table.c.cancelled_by.is_not(None))
            .values(state=JobState.CANCELLED, finished_at=utc_now())
        )
        return list(
            connection.execute(
                table.update()
                .where(mine)
                .values(state=JobState.QUEUED, worker=None, attempt=table.c.attempt - 1)
                .returning(table.c.id)
            ).scalars()
        )


def report(job_id: str, worker: str, progress: Progress) -> None:
    """Record how far the job has come."""
    where = table.c.worker == worker
    _change(job_id, where, progress=progress.to_dict(), heartbeat_at=utc_now())


def finish(
    job_id: str,
    worker: str,
    state: JobState,
    *,
    result: dict[str, Any] | None = None,
    error: Message | None = None,
) -> None:
    """Close a job that ``worker`` runs."""
    _change(
        job_id,
        _runs_by(worker),
        state=state,
        result=result,
        error=error.to_dict() if error else None,
        finished_at=utc_now(),
    )


def release_orphans(
    is_dead: Callable[[str | None], bool | None], now: dt.datetime | None = None
) -> list[str]:
    """Queue again the running jobs whose worker is gone; give up after ``MAX_ATTEMPTS`` starts.

    Parameters
    ----------
    is_dead : callable
        ``is_dead(worker) -> bool`` for workers whose process this machine can see; None for
        others, who count as gone when they are silent for ``HEARTBEAT_TIMEOUT_SECONDS``. One that
        is seen may be silent: a laptop that slept, a database that was locked.
    now : datetime, optional
        The present moment.

    Returns
    -------
    list of str
        Identifiers of the jobs that were released.
    """
    now = now or utc_now()
    silent_since = now - dt.timedelta(seconds=HEARTBEAT_TIMEOUT_SECONDS)
    released = []
    for job in list_jobs(states=(JobState.RUNNING,), limit=1000):
        silent = job.heartbeat_at is None or job.heartbeat_at < silent_since
        dead = is_dead(job.worker)
        if not (silent if dead is None else dead):
            continue
        values: dict[str, Any]
        if job.cancelled_by:
            values = {"state": JobState.CANCELLED, "finished_at": now}
        elif job.attempt >= MAX_ATTEMPTS:
            error = Message(
                N_(
                    "O processo caiu {attempts} vezes durante este trabalho, em geral por falta de "
                    "memória. O que já estava pronto foi mantido. Tente com menos dados."
                ),
                {"attempts": job.attempt},
            )
            values = {"state": JobState.FAILED, "error": error.to_dict(), "finished_at": now}
        else:
            values = {"state": JobState.QUEUED, "worker": None}
        if _change(job.id, _runs_by(job.worker), **values):
            released.append(job.id)
    return released


def _runs_by(worker: str | None) -> sa.ColumnElement[bool]:
    return (table.c.worker == worker) & (table.c.state == JobState.RUNNING)


def _change(job_id: str, where: sa.ColumnElement[bool], **values: Any) -> int:
    """Change a job if it is as it should be; return whether it was."""
    with transaction() as connection:
        change = table.update().where(table.c.id == job_id, where).values(**values)
        return connection.execute(change).rowcount
