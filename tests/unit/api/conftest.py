"""The application with keys that are known, and a client that talks to it in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from starlette.testclient import TestClient

from src import access, config
from src.api import create_app

READ, WRITE = {"X-API-Key": "read-key"}, {"X-API-Key": "write-key"}
KEYS = access.Keys("read-key", "write-key")


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., TestClient]]:
    """Return a function that starts an application with settings of the test's choice."""
    with ExitStack() as stack:

        def start(**settings: Any) -> TestClient:
            for name, value in settings.items():
                monkeypatch.setenv(f"BANCADA_{name.upper()}", str(value))
            config.get_settings.cache_clear()
            client = TestClient(create_app(KEYS), raise_server_exceptions=False)
            return stack.enter_context(client)

        yield start


@pytest.fixture
def client(serve: Callable[..., TestClient]) -> TestClient:
    return serve(api_events_per_minute=0, api_reads_per_minute=0)
