"""Starting and stopping the processes that run jobs."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence

from src.config import PROJECT_ROOT

_lock = threading.Lock()
_supervisor: subprocess.Popen[bytes] | None = None


def ensure_workers(preload: Sequence[str] = (), periodic: Sequence[str] = ()) -> None:
    """Start the worker processes of this data directory unless they run already.

    Cheap to call from every page run. The processes end with the calling process.

    Parameters
    ----------
    preload : sequence of str
        Modules each worker imports before its first job; a module's ``warm_up()`` is called.
    periodic : sequence of str
        ``"src.room.module:function"``: called in the supervisor's process for as long as it lives,
        whether or not a page is open. Each returns the seconds until its next call.
    """
    global _supervisor
    with _lock:
        if _supervisor is not None and _supervisor.poll() is None:
            return
        _supervisor = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "src.jobs",
                *preload,
                *(["--every", *periodic] if periodic else []),
            ],
            cwd=PROJECT_ROOT,
            stdin=subprocess.PIPE,
            start_new_session=True,  # Ctrl+C goes to the dashboard; workers follow by their pipe
        )


def stop_workers() -> None:
    """End the worker processes that this process started; unfinished jobs are kept."""
    global _supervisor
    with _lock:
        if _supervisor is not None:
            assert _supervisor.stdin is not None
            _supervisor.stdin.close()
            _supervisor.wait(timeout=20)
            _supervisor = None
