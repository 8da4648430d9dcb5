"""What every test shares: a data directory of its own and the databases to run on."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

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
    monkeypatch.setenv("BANCADA_MODELS_DIR", str(tmp_path / "models"))
    config.get_settings.cache_clear()
    yield config.get_settings()
    config.get_settings.cache_clear()
