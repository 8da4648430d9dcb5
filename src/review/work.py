"""What takes longer than a page may, as jobs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from src import conversations, jobs
from src.errors import ConversationNotFound, JudgeFailed
from src.messages import N_, Message
from src.review import judge
from src.review.model import Refreshed
from src.review.store import quality, selection

LOOK_SECONDS = 30.0
"""How long the queue may lag behind the conversations."""

BY_ITSELF = "bancada"
"""Who brings the queue up to date when nobody asks for it."""

FAILURES_IN_A_ROW = 3
"""After so many the judge is taken to be out of order."""


def refresh_queue(
    *, actor: str, on_progress: Callable[[int, int], None] | None = None
) -> Refreshed:
    """Bring the queue up to date: only conversations and feedback that changed are looked at.

    After a change of the criteria, all are; items that nobody has touched and that the criteria
    would not choose any more leave the queue. An item that is decided stays so.

    Parameters
    ----------
    on_progress : callable, optional
        Called as ``on_progress(conversations, all)``; what it raises ends the refresh, and the
        next one begins where this one had begun.
    """
    return selection.refresh(actor=actor, on_progress=on_progress)


def refresh_if_due() -> float:
    """Bring the queue up to date if something changed; the supervisor calls it again and again.

    While conversations are being imported it waits for the end, and while somebody's refresh is
    under way for that.

    Returns
    -------
    float
        After how many seconds to call it again.

    Raises
    ------
    StorageError
        If the database does not answer.
    """
    under_way = jobs.in_progress(
        "conversations.import", "conversations.import_database", "review.refresh"
    )
    if selection.is_stale() and not any(job.state is jobs.JobState.RUNNING for job in under_way):
        refresh_queue(actor=BY_ITSELF)
    return LOOK_SECONDS


def start_refresh(*, actor: str) -> str:
    """Queue a refresh and return the job's identifier; its result has the fields of Refreshed."""
    return jobs.submit(
        "review.refresh", {}, title=Message(N_("Atualização da fila de revisão"), {}), actor=actor
    )


def run_refresh(_params: dict[str, Any], context: jobs.JobContext) -> dict[str, Any]:
    """Refresh the queue."""

    def report(done: int, total: int) -> None:
        context.report(done, total, Message(N_("{count} conversas vistas"), {"count": done}))

    return dict(refresh_queue(actor=context.actor, on_progress=report).__dict__)


def start_judging(*, limit: int = 200, actor: str) -> str:
    """Queue the judgement of the tone of conversations that have none, and return the job's id.

    Raises
    ------
    JudgeFailed
        If no judge is configured.
    """
    if not judge.is_on():
        judge.judge(())  # says why
    return jobs.submit(
        "review.judge",
        {"limit": limit},
        title=Message(N_("Avaliação do tom de até {count} conversas"), {"count": limit}),
        actor=actor,
    )


def run_judging(params: dict[str, Any], context: jobs.JobContext) -> dict[str, Any]:
    """Judge conversations one by one; what is judged is kept, whatever happens later."""
    ids = quality.without_tone(params["limit"])
    judged = failed = in_a_row = 0
    for number, key in enumerate(ids):
        context.report(number, len(ids), Message(N_("{count} avaliadas"), {"count": judged}))
        try:
            turns = conversations.get_conversation(key).turns
            tone = judge.judge(turns)
        except ConversationNotFound:
            continue  # erased meanwhile
        except JudgeFailed:
            failed, in_a_row = failed + 1, in_a_row + 1
            if in_a_row == FAILURES_IN_A_ROW:
                raise
            continue
        in_a_row = 0
        quality.save_tone(key, tone.score, tone.reason, tone.model)
        judged += 1
    return {"judged": judged, "failed": failed}
