"""What is signed cannot be changed unseen."""

from __future__ import annotations

import json
import os
import shutil
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from src import config, registry
from src.errors import ModelQuarantined, SignatureMismatch, StorageError
from src.registry import signature

pytestmark = pytest.mark.core


def edit(path: Path, change: object) -> None:
    data = json.loads(path.read_text("utf-8"))
    change(data)  # type: ignore[operator]
    path.write_text(json.dumps(data), "utf-8")


@pytest.fixture
def two(model: Pipeline) -> None:
    registry.save_model(model, "a", {"accuracy": 0.5})
    registry.save_model(LogisticRegression(), "b", {"accuracy": 0.9})


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("place", [0, 0.5, 0.99])
def test_a_flipped_byte_is_found_before_anything_is_opened(folder: Path, place: float) -> None:
    path = folder / "a.pkl"
    data = bytearray(path.read_bytes())
    data[int(place * len(data))] ^= 1
    path.write_bytes(data)
    with pytest.raises(SignatureMismatch, match="conteúdo mudou"):
        registry.load_model("a")
    with pytest.raises(SignatureMismatch):
        registry.export_model("a")
    registry.load_model("b")


@pytest.mark.usefixtures("two")
def test_a_cut_artifact_is_found(folder: Path) -> None:
    os.truncate(folder / "a.pkl", 10)
    with pytest.raises(SignatureMismatch):
        registry.load_model("a")


@pytest.mark.usefixtures("two")
def test_swapped_artifacts_are_found(folder: Path) -> None:
    shutil.copy(folder / "b.pkl", folder / "a.pkl")
    with pytest.raises(SignatureMismatch):
        registry.load_model("a")


@pytest.mark.usefixtures("two")
def test_a_whole_pair_under_another_name_is_found(folder: Path) -> None:
    shutil.copy(folder / "b.pkl", folder / "a.pkl")
    shutil.copy(folder / "b.json", folder / "a.json")
    with pytest.raises(SignatureMismatch):
        registry.load_model("a")


@pytest.mark.usefixtures("two")
def test_an_entry_that_points_to_another_models_files_is_found(folder: Path) -> None:
    def swap(index: dict[str, dict[str, object]]) -> None:
        index["a"], index["b"] = index["b"], index["a"]

    edit(folder / "registry.json", swap)
    with pytest.raises(SignatureMismatch, match="assinado como «b»"):
        registry.load_model("a")


@pytest.mark.usefixtures("two")
def test_metadata_edited_in_the_index_are_found(folder: Path) -> None:
    edit(folder / "registry.json", lambda index: index["a"]["metadata"].update(accuracy=0.99))
    for read in (registry.get_model, registry.load_model):
        with pytest.raises(SignatureMismatch, match="metadados"):
            read("a")


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    "change",
    [
        {"metadata": {"accuracy": 0.99}},
        {"actor": "outra"},
        {"libraries": {}},
        {"trusted": {"actor": "x"}},
    ],
)
def test_an_edited_manifest_is_found(folder: Path, change: dict[str, object]) -> None:
    edit(folder / "a.json", lambda manifest: manifest.update(change))
    for read in (registry.get_model, registry.load_model):
        with pytest.raises(SignatureMismatch):
            read("a")


@pytest.mark.usefixtures("two")
def test_a_lost_manifest_is_found(folder: Path) -> None:
    (folder / "a.json").unlink()
    with pytest.raises(SignatureMismatch, match="sumiu"):
        registry.load_model("a")


@pytest.mark.usefixtures("two")
def test_a_lost_key_quarantines_and_says_so(settings: config.Settings) -> None:
    (settings.data_dir / "signing.key").unlink()
    assert all(entry["quarantined"] for entry in registry.list_models().values())
    with pytest.raises(ModelQuarantined, match="outra chave"):
        registry.load_model("a")
    assert registry.get_model("a").metadata == {"accuracy": 0.5}
    registry.trust("a", actor="ana", reason="a chave foi perdida")
    assert isinstance(registry.load_model("a"), Pipeline)
    entry = registry.get_model("a")
    assert entry.metadata == {"accuracy": 0.5}
    assert entry.schema is not None
    assert entry.trusted is not None
    assert entry.trusted["actor"] == "ana"


def test_a_key_from_the_environment_is_used(
    model: Pipeline, settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANCADA_SIGNING_KEY", "uma frase longa que ninguém adivinha")
    config.get_settings.cache_clear()
    registry.save_model(model, "m")
    registry.load_model("m")
    assert not (settings.data_dir / "signing.key").exists()
    monkeypatch.setenv("BANCADA_SIGNING_KEY", "outra frase longa que ninguém adivinha")
    config.get_settings.cache_clear()
    with pytest.raises(ModelQuarantined):
        registry.load_model("m")


def test_an_empty_key_in_the_environment_is_none(
    model: Pipeline, settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.save_model(model, "m")
    monkeypatch.setenv("BANCADA_SIGNING_KEY", "")
    config.get_settings.cache_clear()
    registry.load_model("m")
    assert signature.load_key() == (settings.data_dir / "signing.key").read_bytes()


def test_a_short_key_in_the_environment_is_refused_and_not_told(
    model: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANCADA_SIGNING_KEY", "abre-te sésamo")
    config.get_settings.cache_clear()
    with pytest.raises(StorageError, match="15 bytes e precisa de pelo menos 32") as refused:
        registry.save_model(model, "m")
    assert "sésamo" not in str(refused.value)


def test_the_key_is_readable_by_its_owner_alone(settings: config.Settings) -> None:
    signature.load_key()
    mode = (settings.data_dir / "signing.key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_threads_that_start_together_share_one_key() -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = {future.result() for future in [pool.submit(signature.load_key) for _ in range(64)]}
    assert len(keys) == 1


def test_an_incomplete_key_is_not_used(settings: config.Settings) -> None:
    (settings.data_dir / "signing.key").write_bytes(b"abc")
    with pytest.raises(StorageError, match="incompleta"):
        signature.load_key()
