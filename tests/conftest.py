"""What every test shares: a data directory of its own and the databases to run on."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from src import config


def required(service: str) -> bool:
    """Whether a missing ``service`` is a failure rather than a reason to skip."""
    return service in os.environ.get("BANCADA_REQUIRE", "").split(",")


def missing(service: str, why: str) -> None:
    """Skip the test, or fail it where the service is insisted on."""
    message = f"{service} is not available: {why}"
    if required(service):
        pytest.fail(message + " (BANCADA_REQUIRE insists on it)")
    pytest.skip(message)


@dataclass(frozen=True)
class Service:
    """What tests of one mark need of the machine."""

    name: str
    mark: str
    fault: Callable[[], str]
    """Says why the service cannot be used; empty where it can."""
    remedy: str


def _postgres_fault() -> str:
    try:
        psycopg.connect(postgres_url(), connect_timeout=5).close()
    except psycopg.OperationalError as error:
        return str(error).strip().splitlines()[0]
    return ""


def chromium_fault() -> str:
    """Say why there is no Chromium; empty where there is."""
    return "" if shutil.which("chromium") else "there is no chromium on the PATH"


SERVICES = (
    Service(
        "postgres",
        "postgres",
        _postgres_fault,
        "start one, or say with BANCADA_TEST_POSTGRES_URL where it is",
    ),
    Service("chromium", "browser", chromium_fault, "apt-get install chromium"),
)


def pytest_report_collectionfinish(items: list[pytest.Item]) -> list[str]:
    """Say before the first test which ones will be skipped for want of a service, and why."""
    lines = []
    for service in SERVICES:
        count = sum(item.get_closest_marker(service.mark) is not None for item in items)
        fault = service.fault() if count else ""
        if fault:
            end = (
                "fail, as BANCADA_REQUIRE insists on it" if required(service.name) else "be skipped"
            )
            lines.append(f"{service.name}: {fault} ({service.remedy}); {count} tests will {end}")
    return lines


def pytest_make_parametrize_id(val: object) -> str | None:
    """Leave compressed bytes out of a test's name: they hold the second at which they were made.

    Two workers that have collected the tests in different seconds would not agree on their names.
    """
    return "bytes" if isinstance(val, bytes) and not val.isascii() else None


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An operational SQLite database with the newest schema and no rows."""
    folder = tmp_path_factory.mktemp("empty-database")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BANCADA_DATA_DIR", str(folder))
        patch.delenv("BANCADA_DATABASE_URL", raising=False)
        config.get_settings.cache_clear()
        from src import persistence

        persistence.prepare()
        persistence.get_engine().dispose()
    config.get_settings.cache_clear()
    return folder / "bancada.db"


@pytest.fixture(autouse=True)
def settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty_database: Path
) -> Iterator[config.Settings]:
    """Give each test a data directory, a models directory and a database of its own."""
    for name in [name for name in os.environ if name.startswith("BANCADA_")]:
        if name not in ("BANCADA_REQUIRE", "BANCADA_TEST_POSTGRES_URL"):
            monkeypatch.delenv(name)
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(empty_database, data / "bancada.db")
    monkeypatch.setenv("BANCADA_DATA_DIR", str(data))
    monkeypatch.setenv("BANCADA_API_PORT", "0")  # pages start no API
    monkeypatch.setenv("BANCADA_MODELS_DIR", str(tmp_path / "models"))
    config.get_settings.cache_clear()
    yield config.get_settings()
    config.get_settings.cache_clear()


def postgres_url() -> str:
    """Where the PostgreSQL server for tests is; each test makes a database of its own there."""
    return os.environ.get("BANCADA_TEST_POSTGRES_URL", "postgresql://root@127.0.0.1:5432/test")


def _as_admin(statement: str) -> None:
    with psycopg.connect(postgres_url(), autocommit=True, connect_timeout=5) as connection:
        connection.execute(statement.encode())


def _with_database(name: str) -> str:
    return urlsplit(postgres_url())._replace(path=f"/{name}").geturl()


@pytest.fixture(scope="session")
def empty_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Name a PostgreSQL database with the newest schema and no rows, a template for the others."""
    name = f"bancada_template_{uuid.uuid4().hex[:12]}"
    try:
        _as_admin(f"CREATE DATABASE {name}")
    except psycopg.OperationalError as error:
        missing("postgres", str(error).strip())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BANCADA_DATA_DIR", str(tmp_path_factory.mktemp("empty-postgres")))
        patch.setenv("BANCADA_DATABASE_URL", _with_database(name))
        config.get_settings.cache_clear()
        from src import persistence

        persistence.prepare()
        persistence.get_engine().dispose()
    config.get_settings.cache_clear()
    yield name
    _as_admin(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_database(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, settings: config.Settings
) -> Iterator[str]:
    """Run the test twice: on SQLite, and on a PostgreSQL database made for it."""
    if request.param == "sqlite":
        yield "sqlite"
        return
    template = request.getfixturevalue("empty_postgres")
    name = f"bancada_test_{uuid.uuid4().hex[:12]}"
    _as_admin(f"CREATE DATABASE {name} TEMPLATE {template}")
    monkeypatch.setenv("BANCADA_DATABASE_URL", _with_database(name))
    config.get_settings.cache_clear()
    from src import persistence

    yield "postgres"
    persistence.get_engine().dispose()
    _as_admin(f"DROP DATABASE {name} WITH (FORCE)")
