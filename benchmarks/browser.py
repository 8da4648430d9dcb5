"""From the button to the first candidate on screen, in a real browser."""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from benchmarks.measure import ROOT, Row

PREPARE = """
from src import datasets, persistence
persistence.prepare()
datasets.add_sample("breast_cancer", actor="bench")
"""
WARM_RUNS = 5
FIRST_CANDIDATE = ".st-key-training_live [data-testid='stDataFrame']"


def run(folder: Path) -> list[Row]:
    from playwright.sync_api import sync_playwright

    from benchmarks.measure import run_python

    run_python(PREPARE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        cold = []
        for _ in range(2):
            server, address = _serve(folder)
            try:
                cold.append(_button_to_candidate(browser, address))
            finally:
                _stop(server)
        server, address = _serve(folder)
        try:
            _button_to_candidate(browser, address)  # after this one, the workers are warm
            warm = [_button_to_candidate(browser, address) for _ in range(WARM_RUNS)]
        finally:
            _stop(server)
        browser.close()
    what = "from the button to the first candidate on screen, workers"
    return [
        Row(f"{what} warm", statistics.median(warm), 1.5, "s", f"worst {max(warm):.2f} s"),
        Row(f"{what} cold", statistics.median(cold), 10, "s", f"worst {max(cold):.2f} s"),
    ]


def _serve(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "main_dash.py", "--server.port", str(port)]
    with (folder / "server.log").open("ab") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1)
            return server, address
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the dashboard did not start")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    server.wait(timeout=20)


def _button_to_candidate(browser: Any, address: str) -> float:
    page = browser.new_page()
    try:
        page.goto(f"{address}/treinar?tabela=breast_cancer&alvo=target")
        button = page.get_by_role("button", name="Treinar e comparar modelos")
        button.wait_for(timeout=60_000)
        page.wait_for_timeout(500)
        started = time.perf_counter()
        button.click()
        page.wait_for_url("**comparacao=*", timeout=60_000)
        page.locator(FIRST_CANDIDATE).first.wait_for(timeout=60_000)
        elapsed = time.perf_counter() - started
        # Let this comparison end, so that the next one finds free workers.
        page.locator("[class*='st-key-training_open_']").first.wait_for(timeout=180_000)
        return elapsed
    finally:
        page.close()
