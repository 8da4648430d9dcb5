"""The running dashboard, its workers, and a Chromium that looks at it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from src import config
from tests.conftest import chromium_fault, missing

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 120_000
"""Milliseconds to wait for what is not training; a busy machine is slow, not broken."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class Dashboard:
    """A dashboard of its own, and where it keeps its things."""

    address: str
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        return environment(self.folder)


def environment(folder: Path) -> dict[str, str]:
    return {
        "BANCADA_DATA_DIR": str(folder / "data"),
        "BANCADA_MODELS_DIR": str(folder / "models"),
        "BANCADA_API_PORT": "0",  # many dashboards run on one machine
    }


def start_dashboard(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Run ``streamlit run main_dash.py`` on a free port and wait until it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {name: value for name, value in os.environ.items() if not name.startswith("BANCADA_")}
    with (folder / "dashboard.log").open("ab") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "streamlit", "run", "main_dash.py"),
                *("--server.port", str(port), "--server.headless", "true"),
                *("--server.fileWatcherType", "none"),
            ],
            cwd=ROOT,
            env={**own, **environment(folder)},
            stdout=log,
            stderr=log,
        )
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return process, address
    process.kill()
    raise AssertionError((folder / "dashboard.log").read_text("utf-8", "replace")[-2000:])


def stop_dashboard(process: subprocess.Popen[bytes]) -> None:
    """End the dashboard; its workers follow."""
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    if fault := chromium_fault():
        missing("chromium", fault)
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=[*ARGUMENTS]
            )
        except Error as error:
            missing("chromium", f"it does not start: {error}")
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def dashboard(
    browser: Any, tmp_path_factory: pytest.TempPathFactory, empty_database: Path
) -> Iterator[Dashboard]:
    folder = tmp_path_factory.mktemp("dashboard")
    (folder / "data").mkdir()
    shutil.copy(empty_database, folder / "data")  # tests may look at it before the first visitor
    process, address = start_dashboard(folder)
    yield Dashboard(address, folder)
    stop_dashboard(process)


@pytest.fixture
def inside(dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Dashboard:
    """The dashboard, with this process looking at the same tables and models."""
    for name, value in dashboard.environment.items():
        monkeypatch.setenv(name, value)
    config.get_settings.cache_clear()
    return dashboard


@pytest.fixture
def page(browser: Any, dashboard: Dashboard) -> Iterator[Any]:
    """A page of a person without history; what goes wrong in it fails the test."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="pt-BR", base_url=dashboard.address
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.extend(_problem(message)))
    yield page
    context.close()
    assert problems == []


def _problem(message: Any) -> list[str]:
    """Return an error that the browser's console shows.

    On an address below the root Streamlit looks for its own server there first, and is told 404.
    """
    source = message.location.get("url", "")
    if message.type != "error" or ("/_stcore/" in source and "404" in message.text):
        return []
    if "does not seem to exist" in message.text:  # said once a server; the page loads itself again
        return []
    return [f"{message.text} ({source})"]
