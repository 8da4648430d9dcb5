"""``python -m src.jobs MODULE ...``: the supervisor of the worker processes.

Only one per data directory works; others wait for its place. It ends when its standard input
closes, that is, with the dashboard that started it; unfinished jobs go on at the next start.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time

from filelock import FileLock

from src.config import PROJECT_ROOT, get_settings
from src.errors import StorageError
from src.jobs import store
from src.jobs.worker import end_process, is_dead
from src.logs import configure_logs, get_logger

CHECK_SECONDS = 0.5
HASTY_SECONDS = 2.0
"""A worker that dies so soon after its start is not replaced at once."""

log = get_logger("src.jobs.supervisor")


def main(preload: list[str]) -> None:
    """Keep the configured number of workers alive."""
    configure_logs()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    settings = get_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.data_dir / "jobs.lock"):
        workers: list[subprocess.Popen[bytes]] = []
        started = 0.0
        while True:
            alive = [worker for worker in workers if worker.poll() is None]
            if len(alive) < len(workers) and time.monotonic() - started < HASTY_SECONDS:
                time.sleep(HASTY_SECONDS)  # it died at its start; do not spin
            workers = alive
            try:
                released = store.release_orphans(is_dead)
                if released:
                    log.warning("jobs_released", jobs=released)
            except StorageError as error:
                log.warning("release_failed", reason=str(error))
            while len(workers) < settings.job_workers:
                command = [sys.executable, "-m", "src.jobs.worker", *preload]
                started = time.monotonic()
                workers.append(
                    subprocess.Popen(command, cwd=PROJECT_ROOT, stdin=subprocess.DEVNULL)
                )
            time.sleep(CHECK_SECONDS)


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    end_process(0)


if __name__ == "__main__":
    main(sys.argv[1:])
