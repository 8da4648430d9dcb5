"""Parts that every screen is built from: header, errors, empty state, progress of a job."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import streamlit as st

from src import days, jobs
from src.dashboard import formats, markdown, shell
from src.dashboard.i18n import _, translate
from src.errors import BancadaError
from src.logs import get_logger
from src.persistence import utc_now

log = get_logger(__name__)


def header(title: str, answers: str, *, as_of: dt.datetime | None = None) -> None:
    """Draw a screen's title, the question it answers and the time its figures are from."""
    st.title(title)
    if as_of is not None:
        time = formats.moment(as_of)
        answers += " " + _("Atualizado em {time}.").format(time=time)
    st.caption(answers)


@contextmanager
def errors() -> Iterator[None]:
    """Show what goes wrong inside as a message a person can act on.

    A :class:`BancadaError` is shown in the person's language; anything else is logged under a
    code that is also shown, and the page goes on.
    """
    try:
        yield
    except BancadaError as error:
        st.error(markdown.said(error), icon=":material/error:")
    except Exception as error:
        code = uuid.uuid4().hex[:8]
        log.exception("page_error", code=code)
        st.error(
            _(
                "Algo inesperado aconteceu. O que já estava salvo continua salvo. Código {code}."
            ).format(code=code),
            icon=":material/error:",
        )
        with st.expander(_("Detalhes técnicos")):
            st.code(f"{type(error).__name__}: {error}", language=None)


def empty(what: str, how: str, *, icon: str = ":material/inbox:") -> None:
    """Draw an empty state: what will be here, and how it gets here."""
    with st.container(border=True):
        st.markdown(f"#### {icon} {what}")
        st.markdown(how)


def metric(label: str, value: str, beside: str | None = None, **options: Any) -> None:
    """Draw a framed figure, with what puts it in proportion in grey below it."""
    st.metric(label, value, beside, delta_color="off", delta_arrow="off", border=True, **options)


def folded(label: str, content: Callable[[], object], **options: Any) -> None:
    """Draw an expander whose content is worked out only while it is open."""
    with st.expander(label, on_change="rerun", **options) as body:
        if body.open:
            content()


def mark_rows(key: str, rows: list[int]) -> None:
    """Mark these rows of the table that will be drawn under a key, whatever was marked in it."""
    present = st.session_state.get(key)
    if present is None or sorted(present["selection"]["rows"]) != sorted(rows):
        st.session_state[key] = {"selection": {"rows": rows, "columns": [], "cells": []}}


def moment_column(title: str, *, width: int | None = None) -> Any:
    """Return the configuration of a table's column of moments, as :func:`formats.moment` writes."""
    return st.column_config.DatetimeColumn(
        title,
        format=formats.day_pattern() + " HH:mm",
        timezone=days.zone().key,
        width=width,
    )


def watch(job: jobs.Job, *, key: str) -> None:
    """Draw a job's progress with step, elapsed and expected time, and a cancel button.

    Redraws itself while the job runs and reruns the page when it ends.

    Parameters
    ----------
    job : Job
        As the page has read it: one that has ended since reruns the page at once.
    """
    running = not job.state.is_final

    @st.fragment(run_every=1.0 if running else None)
    def draw() -> None:
        now = jobs.get(job.id)
        if running and now.state.is_final:
            st.rerun()
        progress(now, key=key)

    draw()


def watch_all(running: Sequence[jobs.Job], *, key: str) -> bool:
    """Draw the jobs that wait or run, whoever started them; returns whether there are any."""
    for job in running:
        with st.container(border=True):
            st.markdown(f"**{markdown.said(job.title)}**")
            watch(job, key=f"{key}_{job.id}")
    return bool(running)


def failed(job: jobs.Job) -> None:
    """Say why a job failed."""
    reason = markdown.said(job.error) if job.error else _("O trabalho falhou.")
    st.error(reason, icon=":material/error:")


def _done(progress: jobs.Progress) -> str:
    if not progress.total:
        return ""
    if progress.total == jobs.SHARE:
        return formats.percent(progress.fraction, decimals=0)
    done, total = (formats.number(count) for count in (progress.done, progress.total))
    return f"{done} / {total}"


def progress(job: jobs.Job, *, key: str) -> None:
    """Draw one reading of a job's progress."""
    if job.state is jobs.JobState.QUEUED:
        st.progress(0.0, text=_("Na fila; começa assim que houver um processo livre."))
    elif job.state is jobs.JobState.RUNNING:
        now = utc_now()
        elapsed = formats.duration(job.elapsed_seconds(now))
        parts = [
            translate(job.progress.step or ""),
            _done(job.progress),
            _("{elapsed} decorridos").format(elapsed=elapsed),
        ]
        if (seconds := job.remaining_seconds(now)) is not None:
            remaining = formats.duration(seconds)
            parts.append(_("cerca de {remaining} restantes").format(remaining=remaining))
        st.progress(job.progress.fraction, text=" · ".join(filter(None, parts)))
    elif job.state is jobs.JobState.FAILED:
        failed(job)
    elif job.state is jobs.JobState.CANCELLED:
        st.warning(_("Cancelado."))
    if not job.state.is_final:
        # A callback, because rerunning the fragment is refused when the whole page runs.
        st.button(
            _("Cancelar"),
            key=f"{key}_cancel",
            icon=":material/cancel:",
            disabled=job.cancelled_by is not None,
            on_click=lambda: jobs.cancel(job.id, actor=shell.actor()),
        )
