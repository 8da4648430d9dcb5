"""One worker process: takes a job, runs its handler, takes the next.

Started by the supervisor (``src.jobs.__main__``). Of several workers one prepares beforehand the
jobs that need it, so that the first of them does not wait for its libraries; the others serve what
needs no preparation meanwhile, and take the rest when the prepared one is busy.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable

import psutil
from filelock import FileLock, Timeout

from src.config import get_settings
from src.errors import BancadaError, JobCancelled, JobLost, StorageError
from src.jobs import store
from src.jobs.context import JobContext
from src.jobs.duties import HOUSE, Duties, resolve
from src.jobs.model import Job, JobState
from src.logs import configure_logs, get_logger
from src.messages import N_, Message

POLL_SECONDS = 0.2
CANCEL_GRACE_SECONDS = 3.0
"""How long a handler may go on after a cancellation before its process is ended."""

PATIENCE_SECONDS = 1.5
"""How long an unprepared worker leaves a job to the prepared one."""

WARM_UP_SECONDS = 120.0
"""How long it leaves it while the other still prepares."""

log = get_logger(__name__)


def worker_id() -> str:
    """Name this process so that a recycled process number is not mistaken for it."""
    created = psutil.Process().create_time()
    return f"{socket.gethostname()}:{os.getpid()}:{created:.2f}"


def is_dead(worker: str | None) -> bool | None:
    """Whether a worker of this machine no longer runs; None for other machines' workers."""
    if not worker:
        return True
    host, pid, created = worker.rsplit(":", 2)
    if host != socket.gethostname():
        return None
    try:
        process = psutil.Process(int(pid))
    except psutil.NoSuchProcess:
        return True
    return (
        abs(process.create_time() - float(created)) > 1 or process.status() == psutil.STATUS_ZOMBIE
    )


def run(job: Job, worker: str, duties: Duties | None = None) -> None:
    """Run one claimed job to its end, whatever the end is; by the duties of the house if none."""
    workdir = get_settings().data_dir / "jobs" / job.id
    workdir.mkdir(parents=True, exist_ok=True)
    context = JobContext(
        job_id=job.id,
        workdir=workdir,
        actor=job.actor,
        attempt=job.attempt,
        _report=lambda progress: store.report(job.id, worker, progress),
    )
    finished = threading.Event()
    watcher = threading.Thread(target=_watch, args=(job, worker, context, finished), daemon=True)
    watcher.start()
    log.info("job_started", job=job.id, handler=job.handler, attempt=job.attempt, actor=job.actor)
    started = time.monotonic()
    state, result, error = JobState.SUCCEEDED, None, None
    try:
        result = (duties or resolve(HOUSE)).handler(job.handler)(job.params, context)
    except JobCancelled:
        state = JobState.CANCELLED
    except BancadaError as raised:
        state, error = JobState.FAILED, raised.message
    except MemoryError:
        state = JobState.FAILED
        error = Message(N_("Faltou memória. Tente com menos linhas ou menos colunas."))
    except Exception as raised:
        state = JobState.FAILED
        error = disk_full(raised) or Message(
            N_("O trabalho parou por um erro inesperado ({kind}: {reason}). Código {job_id}."),
            {"kind": type(raised).__name__, "reason": str(raised)[:500], "job_id": job.id[:8]},
        )
        log.exception("job_crashed", job=job.id, handler=job.handler)
    finally:
        finished.set()
    watcher.join()
    _persist(lambda: store.finish(job.id, worker, state, result=result, error=error))
    shutil.rmtree(workdir, ignore_errors=True)  # only an unfinished job goes on from there
    log.info(
        "job_ended", job=job.id, state=str(state), seconds=round(time.monotonic() - started, 2)
    )


def _watch(job: Job, worker: str, context: JobContext, finished: threading.Event) -> None:
    """Beat the heart; pass a cancellation on, and end the process if the handler ignores it."""
    cancelled_at: float | None = None
    while not finished.wait(POLL_SECONDS * 2):
        try:
            cancelled_by = store.heartbeat(job.id, worker)
        except StorageError as error:
            log.warning("heartbeat_failed", job=job.id, reason=str(error))
            continue
        except JobLost:
            if not finished.is_set():  # two processes in one work folder would spoil each other's
                log.warning("job_lost", job=job.id)
                end_process(1)
            return
        if not cancelled_by:
            continue
        context._cancelled.set()
        cancelled_at = cancelled_at or time.monotonic()
        if time.monotonic() - cancelled_at > CANCEL_GRACE_SECONDS:
            _persist(lambda: store.finish(job.id, worker, JobState.CANCELLED))
            log.info("job_ended", job=job.id, state="cancelled", forced=True)
            end_process(0)


def disk_full(error: BaseException) -> Message | None:
    """Return what to tell of a full disk; None if it is something else."""
    if not isinstance(error, OSError) or error.errno not in (errno.ENOSPC, errno.EDQUOT):
        return None
    return Message(
        N_(
            "O disco está cheio e o trabalho parou. Libere espaço e comece de novo; nada do que "
            "estava salvo se perdeu."
        )
    )


def end_process(code: int) -> None:
    """End this process and its children now, without clean-up that could block."""
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            child.kill()
    os._exit(code)


def end_family(pid: int) -> None:
    """End what a worker that is gone has left running: it led a process group of its own."""
    if not psutil.pid_exists(pid):  # else the number belongs to someone else by now
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


def _persist(action: Callable[[], None], seconds: float = 60.0) -> None:
    """Try a database write until it succeeds, so that a locked database loses no result."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return action()
        except StorageError:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)


def main(duties: Duties) -> None:
    """Serve jobs until the supervisor goes away."""
    configure_logs()
    os.nice(5)  # a page someone looks at comes before work nobody waits on
    worker = worker_id()
    # In a thread: the signal may come in the midst of a transaction.
    leaving_thread = threading.Thread(target=leave, args=(worker,), daemon=True)
    signal.signal(signal.SIGTERM, lambda _signal, _frame: leaving_thread.start())
    threading.Thread(target=_follow, args=(os.getppid(), worker), daemon=True).start()
    # Only one prepares: together they would all be ready late, and each holds its own processes.
    warming = FileLock(get_settings().data_dir / "warm-up.lock")
    prepared = not duties.prepared or _warm_up(duties, warming)
    log.info("worker_ready", worker=worker, prepared=prepared)
    seen_preparing = time.monotonic()  # when the other was last seen to prepare
    while True:
        leaving = () if prepared else duties.prepared
        if leaving and _is_held(warming):
            seen_preparing = time.monotonic()
        # A moment longer than it prepares, or what has waited for it would be taken from it.
        just_now = time.monotonic() - seen_preparing < PATIENCE_SECONDS
        patience = WARM_UP_SECONDS if just_now else PATIENCE_SECONDS
        try:
            job = store.claim(worker, leaving=leaving, for_seconds=patience)
        except StorageError as error:
            log.warning("claim_failed", reason=str(error))
            time.sleep(2)
            continue
        if job is None:
            time.sleep(POLL_SECONDS)
        else:
            run(job, worker, duties)
            prepared = prepared or job.handler in duties.prepared


def _warm_up(duties: Duties, warming: FileLock) -> bool:
    """Prepare, unless another worker does."""
    try:
        with warming.acquire(timeout=0.5):
            duties.prepare()
    except Timeout:
        return False
    return True


def _is_held(lock: FileLock) -> bool:
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return True
    lock.release()
    return False


def _follow(supervisor: int, worker: str) -> None:
    """End with the supervisor, even one that was killed and could not say so."""
    while os.getppid() == supervisor:
        time.sleep(0.5)
    leave(worker)


def leave(worker: str) -> None:
    """End in order: what was running waits in the queue for the next start."""
    with contextlib.suppress(StorageError):
        store.put_back(worker)
    end_process(0)


if __name__ == "__main__":
    main(resolve(sys.argv[1]))
