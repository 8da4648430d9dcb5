"""The job that a person started on a screen: remembered by their session, and how it ended."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import streamlit as st

from src import jobs
from src.dashboard import ui
from src.dashboard.i18n import _
from src.errors import JobNotFound
from src.persistence import utc_now

TOLD = dt.timedelta(minutes=10)
"""A failure is of no use to anyone who comes back later."""


@dataclass(frozen=True)
class OwnJob:
    """A place in the session for one job.

    Attributes
    ----------
    key : str
        Its name in the session, one for each kind of job on each screen.

    Examples
    --------
    >>> own = OwnJob("datasets_import")
    >>> own.remember(datasets.start_import(path, name, actor=shell.actor()))  # doctest: +SKIP
    >>> if job := own.settle(_("Importação cancelada.")):  # doctest: +SKIP
    ...     listing.open_next(job.result["name"])
    """

    key: str

    def remember(self, job_id: str) -> None:
        """Follow a job that was just started, instead of the one before."""
        st.session_state[self.key] = job_id

    def forget(self) -> None:
        """Follow none."""
        st.session_state.pop(self.key, None)

    @property
    def exists(self) -> bool:
        """Whether a job is followed, as far as the session knows."""
        return self.key in st.session_state

    def get(self) -> jobs.Job | None:
        """Return the job; None where none is followed, or the job is not kept any longer."""
        if not self.exists:
            return None
        try:
            return jobs.get(st.session_state[self.key])
        except JobNotFound:
            self.forget()
            return None

    def running(self) -> jobs.Job | None:
        """Return the job while it waits or runs."""
        job = self.get()
        return None if job is None or job.state.is_final else job

    def outcome(self, cancelled: str | None = None) -> jobs.Job | None:
        """Return the job if it succeeded; say so if it failed or was cancelled.

        A result stays on the screen until another job is started, a failure not longer than
        ``TOLD``.

        Parameters
        ----------
        cancelled : str, optional
            What a cancelled job leaves behind, in the person's language.
        """
        job = self.get()
        if job is None or not job.state.is_final:
            return None
        if job.state is jobs.JobState.SUCCEEDED:
            return job
        if job.finished_at is None or utc_now() - job.finished_at > TOLD:
            self.forget()
        elif job.state is jobs.JobState.FAILED:
            ui.failed(job)
        else:
            st.info(cancelled or _("Cancelado."), icon=":material/cancel:")
        return None

    def settle(self, cancelled: str | None = None) -> jobs.Job | None:
        """Do as :meth:`outcome`, but return a job that succeeded only once.

        For a result that is opened or toasted. Call it at the top of the page, and read before it
        what the page watches: a job that ends after this, and is read as ended by what would have
        watched it, is seen by neither.
        """
        job = self.outcome(cancelled)
        if job is not None:
            self.forget()
        return job
