"""A real server process, and what may stand between it and its database."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from src.config import PROJECT_ROOT

PATIENCE = 180
KEYS = {"BANCADA_API_KEY": "read-key", "BANCADA_WRITE_KEY": "write-key"}
NO_LIMITS = {"BANCADA_API_EVENTS_PER_MINUTE": "0", "BANCADA_API_READS_PER_MINUTE": "0"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """``python -m src.api`` on a port of its own, with the environment of the test."""

    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "src.api"],
                cwd=PROJECT_ROOT,
                env={
                    **os.environ,
                    **NO_LIMITS,
                    **self.environment,
                    "BANCADA_API_PORT": str(self.port),
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError):
                if self.request("GET", "/health/live")[0] == 200:
                    return
            time.sleep(0.05)
        raise AssertionError(self.log.read_text("utf-8", "replace")[-3000:])

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(timeout=PATIENCE)

    def request(
        self, method: str, path: str, body: Any = None, key: str = "write-key"
    ) -> tuple[int, dict[str, str], Any]:
        """Send one request on a connection of its own; return status, headers and JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            headers = {"X-API-Key": key, "Content-Type": "application/json"}
            connection.request(method, path, json.dumps(body) if body else None, headers)
            response = connection.getresponse()
            text = response.read()
            names = {name.lower(): value for name, value in response.getheaders()}
            return response.status, names, json.loads(text)
        finally:
            connection.close()

    def track(self, event: dict[str, Any]) -> int:
        return self.request("POST", "/api/interactions/track", event)[0]


@contextmanager
def serving(log: Path, **environment: str) -> Iterator[Server]:
    server = Server(log, {**KEYS, **environment})
    server.start()
    try:
        yield server
    finally:
        assert server.process is not None
        server.process.kill()
        server.process.wait()


class Gate:
    """A TCP relay that can be closed: connections break and new ones are refused."""

    def __init__(self, port: int) -> None:
        self._target = port
        self.port = free_port()
        self._listener: socket.socket | None = None
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._stop = threading.Event()

    def open(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._stop = threading.Event()
        threading.Thread(target=self._accept, args=(self._listener, self._stop)).start()

    def close(self) -> None:
        assert self._listener is not None
        self._stop.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for pair in self._pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        self._pairs.clear()

    def _accept(self, listener: socket.socket, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                here, _ = listener.accept()
            except OSError:
                return
            there = socket.create_connection(("127.0.0.1", self._target))
            self._pairs.append((here, there))
            threading.Thread(target=_relay, args=(here, there)).start()


def _relay(one: socket.socket, other: socket.socket) -> None:
    with selectors.DefaultSelector() as selector, one, other:
        selector.register(one, selectors.EVENT_READ, other)
        selector.register(other, selectors.EVENT_READ, one)
        while True:
            for key, _ in selector.select():
                try:
                    data = key.fileobj.recv(65536)  # type: ignore[union-attr]
                    if not data:
                        return
                    key.data.sendall(data)
                except OSError:
                    return
