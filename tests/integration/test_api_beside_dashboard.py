"""The interface starts with the dashboard, alone on its port, and ends with it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from src import config
from tests.integration.api_server import PATIENCE, Server, free_port, serving
from tests.integration.waiting import wait_for

DASHBOARD = """
import time
from src import jobs
from src.logs import configure_logs
configure_logs()
while True:
    jobs.ensure_api()
    time.sleep(0.1)
"""


def listens(port: int) -> bool:
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    return False


def start(command: list[str], port: int, log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as file:
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=config.PROJECT_ROOT,
            env={**os.environ, "BANCADA_API_PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
        )


def test_it_is_up_while_the_dashboard_is_and_one_of_several_serves_it(tmp_path: Path) -> None:
    port = free_port()
    first = start(["-c", DASHBOARD], port, tmp_path / "first.log")
    second = None
    try:
        wait_for(lambda: listens(port))
        second = start(["-c", DASHBOARD], port, tmp_path / "second.log")
        served = "api_port_served_already"
        wait_for(lambda: served in (tmp_path / "second.log").read_text("utf-8"))
        first.kill()  # nothing of it has a chance to clean up
        first.wait()
        # The interface of the first ends by its closed pipe; that of the second takes its place.
        wait_for(lambda: "api_started" in (tmp_path / "second.log").read_text("utf-8"))
        wait_for(lambda: listens(port))
        assert (tmp_path / "second.log").read_text("utf-8").count(served) == 1
    finally:
        for process in (first, second):
            if process is not None:
                process.kill()
                process.wait()
    wait_for(lambda: not listens(port))


def test_make_run_serves_it_before_anybody_opens_a_page(tmp_path: Path) -> None:
    port, page = free_port(), free_port()
    command = ["-m", "src.dashboard", "--server.port", str(page), "--server.headless", "true"]
    dashboard = start(command, port, tmp_path / "log")
    try:
        wait_for(lambda: listens(port))
        wait_for(lambda: listens(page))
        server = Server(tmp_path / "log", port=port)
        assert server.request("GET", "/health/ready")[0] == 200
    finally:
        dashboard.terminate()
        dashboard.wait(timeout=PATIENCE)
    wait_for(lambda: not listens(port))
    assert "Traceback" not in (tmp_path / "log").read_text("utf-8")


def test_port_0_starts_none(monkeypatch: pytest.MonkeyPatch) -> None:
    from src.jobs import processes

    started: list[str] = []
    monkeypatch.setattr(processes, "_start", lambda module, *_: started.append(module))
    assert config.get_settings().api_port == 0
    processes.ensure_api()
    assert started == []


def test_a_served_port_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from src.jobs import processes

    started: list[str] = []
    monkeypatch.setattr(processes, "_start", lambda module, *_: started.append(module))
    monkeypatch.setattr(processes, "_api_started", time.monotonic() - 1000)
    monkeypatch.setattr(processes, "_api_served", False)
    with serving(tmp_path / "log") as server:
        monkeypatch.setenv("BANCADA_API_PORT", str(server.port))
        config.get_settings.cache_clear()
        processes.ensure_api()
        assert started == []
        server.stop()
    processes.ensure_api()
    processes.ensure_api()  # it ended at once: not again for a while
    assert started == ["src.api"]
