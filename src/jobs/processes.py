"""Starting and stopping the processes beside the dashboard: those that run jobs, and the API."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time

from src.config import PROJECT_ROOT, get_settings
from src.jobs.duties import HOUSE
from src.logs import get_logger

SUPERVISOR, API = "src.jobs", "src.api"
HASTY_SECONDS = 30.0
"""An API that ended so soon after its start is not started again at once."""

STOP_SECONDS = 20
KNOCK_SECONDS = 0.5

log = get_logger(__name__)
_lock = threading.Lock()
_running: dict[str, subprocess.Popen[bytes]] = {}
_api_started = -HASTY_SECONDS
_api_served = False


def ensure_workers(duties: str = HOUSE) -> None:
    """Start the worker processes of this data directory unless they run already.

    Cheap to call from every page run. The processes end with the calling process.

    Parameters
    ----------
    duties : str
        Where their :class:`~src.jobs.duties.Duties` are: ``"module:name"``.
    """
    with _lock:
        if not _lives(SUPERVISOR):
            _start(SUPERVISOR, duties)


def ensure_api() -> None:
    """Start the HTTP interface unless its port is served already, or is set to 0.

    Cheap to call from every page run. The process ends with the calling process; one that another
    process started is left alone, and replaced when it has gone.
    """
    global _api_started, _api_served
    settings = get_settings()
    if not settings.api_port:
        return
    with _lock:
        if _lives(API) or time.monotonic() - _api_started < HASTY_SECONDS:
            return
        served = _answers(settings.api_host, settings.api_port)
        if served and not _api_served:
            log.info("api_port_served_already", port=settings.api_port)
        _api_served = served
        if not served:
            _api_started = time.monotonic()
            _start(API, "--with-parent")


def stop_workers() -> None:
    """End the worker processes that this process started; unfinished jobs are kept."""
    with _lock:
        supervisor = _running.pop(SUPERVISOR, None)
        if supervisor is not None:
            assert supervisor.stdin is not None
            supervisor.stdin.close()
            supervisor.wait(timeout=STOP_SECONDS)


def _lives(module: str) -> bool:
    return module in _running and _running[module].poll() is None


def _start(module: str, *arguments: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=PROJECT_ROOT,
        stdin=subprocess.PIPE,
        start_new_session=True,  # Ctrl+C goes to the dashboard; they follow by their pipe
    )
    assert process.stdin is not None
    # The pipe outlives an exec, by which `python -m src.dashboard` becomes the dashboard; other
    # processes that this one starts close it.
    os.set_inheritable(process.stdin.fileno(), True)
    _running[module] = process


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), KNOCK_SECONDS).close()
    except OSError:
        return False
    return True
