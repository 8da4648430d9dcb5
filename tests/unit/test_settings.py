"""Settings come from the environment, and their page lists them all."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pydantic
import pytest

from src import config

ROOT = Path(__file__).resolve().parents[2]


def load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("settings", ROOT / "scripts" / "settings.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_lists_every_setting_with_its_default() -> None:
    script = load_script()
    assert script.written() == script.table()


def test_every_setting_says_what_it_is_for() -> None:
    assert all(field.description for field in config.Settings.model_fields.values())


def test_the_environment_sets_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANCADA_JOB_WORKERS", "5")
    config.get_settings.cache_clear()
    assert config.get_settings().job_workers == 5


def test_a_value_out_of_range_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANCADA_JOB_WORKERS", "0")
    config.get_settings.cache_clear()
    with pytest.raises(pydantic.ValidationError, match="job_workers"):
        config.get_settings()


def test_the_signing_key_does_not_show_in_a_print(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANCADA_SIGNING_KEY", "very-secret")
    config.get_settings.cache_clear()
    assert "very-secret" not in repr(config.get_settings())
