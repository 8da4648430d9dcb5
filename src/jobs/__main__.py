"""``python -m src.jobs [DUTIES]``: the supervisor of the worker processes.

Only one per data directory works; others wait for its place. It ends when its standard input
closes, that is, with the dashboard that started it; unfinished jobs go on at the next start. What a
worker that died has left running, and the folders of jobs that are over, are cleared away here.
What is to be done again and again is called in threads of its own.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import threading
import time

from filelock import FileLock

from src.config import PROJECT_ROOT, get_settings
from src.errors import JobNotFound, StorageError
from src.jobs import periodic, store
from src.jobs.duties import HOUSE, resolve
from src.jobs.worker import end_family, is_dead
from src.logs import configure_logs, get_logger

CHECK_SECONDS = 0.5
HASTY_SECONDS = 2.0
"""A worker that dies so soon after its start is not replaced at once."""

LEAVE_SECONDS = 5.0
"""How long workers have to put their jobs back into the queue."""

log = get_logger("src.jobs.supervisor")
_workers: dict[subprocess.Popen[bytes], float] = {}
_turn = threading.Lock()


def main(duties: str) -> None:
    """Keep the configured number of workers alive, and call the periodic functions."""
    configure_logs()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    settings = get_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.data_dir / "jobs.lock"):
        periodic.repeat(resolve(duties).periodic)
        untidy = True
        while True:
            with _turn:  # never given back once the dashboard has gone: no worker is started then
                untidy = _bury() or untidy
                try:
                    released = store.release_orphans(_is_gone)
                    if released:
                        log.warning("jobs_released", jobs=released)
                    if untidy:
                        _sweep()
                        untidy = False
                except StorageError as error:
                    log.warning("release_failed", reason=str(error))
                while len(_workers) < settings.job_workers:
                    _start(duties)
            time.sleep(CHECK_SECONDS)


def _start(duties: str) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-m", "src.jobs.worker", duties],
        cwd=PROJECT_ROOT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # it and its processes can be ended as one group
    )
    _workers[worker] = time.monotonic()


def _bury() -> bool:
    """Clear away after workers that died; return whether there were any."""
    dead = [worker for worker in _workers if worker.poll() is not None]
    for worker in dead:
        end_family(worker.pid)
        if time.monotonic() - _workers.pop(worker) < HASTY_SECONDS:
            time.sleep(HASTY_SECONDS)  # it died at its start; do not spin
    return bool(dead)


def _is_gone(worker: str | None) -> bool | None:
    dead = is_dead(worker)
    if dead and worker:
        end_family(int(worker.rsplit(":", 2)[1]))
    return dead


def _sweep() -> None:
    """Remove the folders of jobs that are over: their workers were killed before they could."""
    for folder in (get_settings().data_dir / "jobs").glob("*"):
        with contextlib.suppress(JobNotFound):
            if store.get(folder.name).state.is_final:
                shutil.rmtree(folder, ignore_errors=True)


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    _turn.acquire()
    workers = list(_workers)
    for worker in workers:
        worker.terminate()
    for worker in workers:
        with contextlib.suppress(subprocess.TimeoutExpired):
            worker.wait(LEAVE_SECONDS)
        worker.kill()
        worker.wait()
        end_family(worker.pid)
    os._exit(0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m src.jobs")
    parser.add_argument("duties", nargs="?", default=HOUSE)
    main(**vars(parser.parse_args()))
