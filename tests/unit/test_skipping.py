"""What a run of the tests says beforehand about those that it will skip."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from src.config import PROJECT_ROOT
from tests.conftest import pytest_report_collectionfinish

NOWHERE = {"PATH": "/nowhere", "BANCADA_TEST_POSTGRES_URL": "postgresql://127.0.0.1:1/none"}
NO_CHROMIUM = "chromium: there is no chromium on the PATH (apt-get install chromium)"


def marked(*marks: str) -> Any:
    return SimpleNamespace(get_closest_marker=lambda mark: mark in marks or None)


def test_a_run_names_the_missing_services_with_the_number_of_their_tests() -> None:
    run = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"),
            *("tests/e2e/test_the_users_way.py", "tests/unit/jobs/test_job_store.py"),
        ],
        cwd=PROJECT_ROOT,
        env={**os.environ, **NOWHERE, "BANCADA_REQUIRE": ""},
        capture_output=True,
        text=True,
    )
    browser, postgres = run.stdout.count("test_the_users_way.py::"), run.stdout.count("[postgres")
    assert browser > 1 and postgres > 1
    assert f"{NO_CHROMIUM}; {browser} tests will be skipped\n" in run.stdout
    assert "postgres: connection" in run.stdout
    assert f"; {postgres} tests will be skipped\n" in run.stdout


def test_a_service_that_is_insisted_on_makes_them_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("BANCADA_REQUIRE", "postgres,chromium")
    (line,) = pytest_report_collectionfinish([marked("browser"), marked("browser"), marked()])
    assert line == f"{NO_CHROMIUM}; 2 tests will fail, as BANCADA_REQUIRE insists on it"


def test_tests_that_need_no_service_are_run_without_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in NOWHERE.items():
        monkeypatch.setenv(name, value)
    assert pytest_report_collectionfinish([marked(), marked("core")]) == []
