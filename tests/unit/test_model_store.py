"""The documented five functions."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sklearn.linear_model import LogisticRegression

from src import config, registry
from src.errors import DuplicateModelName, ModelNotFound
from src.utils import model_store
from src.utils.model_store import (
    delete_model,
    get_models_summary,
    list_models,
    load_model,
    save_model,
)

pytestmark = pytest.mark.core

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def trained() -> LogisticRegression:
    return LogisticRegression().fit([[15.0, 14.0, 0.5], [800.0, 25.0, 3.0]], ["a", "b"])


def test_the_documented_example_works(trained: LogisticRegression) -> None:
    metadata = {"accuracy": 0.95, "model_type": "GradientBoosting", "description": "produção"}
    save_model(trained, "modelo_producao_v1", metadata)
    model = load_model("modelo_producao_v1")
    assert model.predict([[15.0, 14.0, 0.5]]) == ["a"]
    entry = list_models()["modelo_producao_v1"]
    assert entry["metadata"] == metadata
    assert {"path", "metadata", "saved_at"} <= entry.keys()
    assert list(get_models_summary()["name"]) == ["modelo_producao_v1"]
    with pytest.raises(DuplicateModelName):
        save_model(trained, "modelo_producao_v1")
    save_model(trained, "modelo_producao_v1", overwrite=True)
    delete_model("modelo_producao_v1")
    assert list_models() == {}
    with pytest.raises(ModelNotFound):
        load_model("modelo_producao_v1")


def test_the_folder_is_the_configured_one(settings: config.Settings) -> None:
    assert settings.models_dir == model_store.MODELS_DIR


def test_the_folder_can_be_changed(
    trained: LogisticRegression, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_store, "MODELS_DIR", tmp_path / "outra")
    save_model(trained, "m")
    assert (tmp_path / "outra" / "registry.json").exists()
    assert list(list_models()) == ["m"]
    load_model("m")
    assert registry.list_models() == {}


def test_threads_that_save_at_once_lose_nothing(trained: LogisticRegression) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: save_model(trained, f"m{number}"), range(40)))
    assert set(list_models()) == {f"m{number}" for number in range(40)}


def test_loading_in_a_fresh_process_imports_nothing_it_does_not_need(
    trained: LogisticRegression, settings: config.Settings
) -> None:
    save_model(trained, "m")
    script = (
        "import sys\n"
        "from src.utils.model_store import load_model\n"
        "light = set(sys.modules)\n"
        "load_model('m').predict([[1.0, 2.0, 3.0]])\n"
        "heavy = {'pycaret', 'streamlit', 'sqlalchemy', 'alembic'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "assert not {'pandas', 'sklearn', 'structlog'} & light, 'imported before it is needed'\n"
    )
    subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={
            "BANCADA_DATA_DIR": str(settings.data_dir),
            "BANCADA_MODELS_DIR": str(settings.models_dir),
        },
        check=True,
        timeout=300,
    )
