"""Saving, loading, listing and deleting."""

from __future__ import annotations

import errno
import json
import os
import threading
import warnings
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import Pipeline

from src import registry
from src.errors import (
    DuplicateModelName,
    InvalidModelName,
    ModelNotFound,
    ModelNotSerializable,
    RegistryError,
    StorageError,
)
from src.persistence import atomic
from src.registry import environment

pytestmark = pytest.mark.core


class Rule:
    """A model that is no estimator."""

    def predict(self, rows: list[list[float]]) -> list[str]:
        return ["claro" if row[0] > 500 else "escuro" for row in rows]


class Stubborn:
    """Cannot be pickled, deep inside."""

    def __init__(self) -> None:
        self.steps = [{"ok": 1}, {"lock": threading.Lock()}]


def visible(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}


def test_a_saved_model_predicts_as_before(model: Pipeline, readings: pd.DataFrame) -> None:
    registry.save_model(model, "Ocupação v1")
    loaded = registry.load_model("Ocupação v1")
    np.testing.assert_array_equal(loaded.predict_proba(readings), model.predict_proba(readings))


def test_any_picklable_object_can_be_saved() -> None:
    registry.save_model(Rule(), "regra")
    assert registry.load_model("regra").predict([[900.0]]) == ["claro"]


def test_the_index_has_the_documented_shape(model: Pipeline, folder: Path) -> None:
    metadata = {"accuracy": 0.92, "model_type": "RandomForest", "description": "da sala"}
    registry.save_model(model, "nome_do_modelo", metadata)
    entry = json.loads((folder / "registry.json").read_text("utf-8"))["nome_do_modelo"]
    assert entry["path"] == f"{folder.name}/nome_do_modelo.pkl"
    assert entry["metadata"] == metadata
    assert entry["saved_at"] == registry.list_models()["nome_do_modelo"]["saved_at"]


def test_an_entry_keeps_what_is_needed_to_use_and_to_judge_the_model(
    model: Pipeline, readings: pd.DataFrame, folder: Path
) -> None:
    table = readings.assign(estado="claro")
    saved = registry.save_model(
        model,
        "m",
        {"metrics": {"Accuracy": 0.9}, "description": "primeira"},
        training_data=table,
        target="estado",
        actor="ana",
    )
    assert saved == registry.get_model("m")
    assert [field.name for field in saved.schema or ()] == ["lux", "temperatura", "vibracao"]
    assert saved.sample == readings.iloc[0].to_dict()
    assert (saved.target, saved.task, saved.classes) == ("estado", "binary", ("claro", "escuro"))
    assert saved.metrics == {"Accuracy": 0.9}
    assert saved.libraries["scikit-learn"] == environment.installed("scikit-learn")
    assert saved.python == environment.python()
    assert (saved.actor, saved.notes) == ("ana", "primeira")
    assert saved.data_fingerprint and len(saved.data_fingerprint) == 64
    assert saved.size == (folder / "m.pkl").stat().st_size
    assert not saved.quarantined


def test_the_fingerprint_can_be_that_of_a_larger_table(
    model: Pipeline, readings: pd.DataFrame
) -> None:
    saved = registry.save_model(model, "m", training_data=readings, data_fingerprint="f" * 64)
    assert saved.data_fingerprint == registry.get_model("m").data_fingerprint == "f" * 64
    assert saved.sample is not None


def test_without_a_table_the_schema_is_what_the_model_remembers(model: Pipeline) -> None:
    named = registry.save_model(model, "com nomes")
    assert [field.name for field in named.schema or ()] == ["lux", "temperatura", "vibracao"]
    regression = LinearRegression().fit([[0.0], [1.0]], [0.0, 1.0])
    assert registry.save_model(regression, "sem nomes").schema is None


def test_models_are_listed_newest_first(model: Pipeline) -> None:
    for name in ("b", "c", "a"):
        registry.save_model(model, name)
    assert list(registry.list_models()) == ["a", "c", "b"]
    assert list(registry.get_models_summary()["name"]) == ["a", "c", "b"]


def test_an_empty_registry_lists_nothing(folder: Path) -> None:
    assert registry.list_models() == {}
    assert registry.get_models_summary().empty
    assert not folder.exists()


def test_the_summary_has_one_column_a_metric(model: Pipeline) -> None:
    registry.save_model(model, "m", {"accuracy": 0.9, "model_type": "LogisticRegression"})
    row = registry.get_models_summary().iloc[0]
    assert (row["name"], row["model_type"], row["accuracy"]) == ("m", "LogisticRegression", 0.9)


@pytest.mark.parametrize("other", ["modelo ção", "MODELO ÇÃO", "Modelo C\u0327a\u0303o"])
def test_a_taken_name_is_refused_in_any_case_with_a_free_one(model: Pipeline, other: str) -> None:
    registry.save_model(model, "Modelo Ção")
    with pytest.raises(DuplicateModelName) as raised:
        registry.save_model(model, other)
    registry.save_model(model, raised.value.suggestion)
    assert len(registry.list_models()) == 2


@pytest.mark.parametrize("name", ["../fora", "a/b", "nulo\0", "x" * 300, ".x"])
def test_an_unsafe_name_writes_nothing(model: Pipeline, folder: Path, name: str) -> None:
    with pytest.raises(InvalidModelName):
        registry.save_model(model, name)
    assert not folder.exists()
    with pytest.raises(ModelNotFound):
        registry.load_model(name)


def test_an_emoji_is_a_name(model: Pipeline) -> None:
    registry.save_model(model, "🌡️")
    registry.save_model(model, "📳")
    assert set(registry.list_models()) == {"🌡️", "📳"}
    registry.load_model("📳")


def test_names_with_one_slug_keep_their_own_files(model: Pipeline) -> None:
    registry.save_model(model, "São")
    registry.save_model(Rule(), "Sao")
    assert isinstance(registry.load_model("São"), Pipeline)
    assert isinstance(registry.load_model("Sao"), Rule)


def test_overwriting_replaces_the_model_and_leaves_no_file(model: Pipeline, folder: Path) -> None:
    registry.save_model(model, "m")
    registry.set_alias("m", "champion", actor="ana")
    registry.save_model(Rule(), "m", overwrite=True)
    assert isinstance(registry.load_model("champion"), Rule)
    assert len(visible(folder)) == 3  # artifact, manifest, index


def test_a_suggested_name_is_free(model: Pipeline) -> None:
    assert registry.suggest_name("m") == "m"
    registry.save_model(model, "m")
    assert registry.suggest_name("M") == "M 2"


@pytest.mark.parametrize(
    ("broken", "where"), [(lambda x: x, "function"), (Stubborn(), "steps[1]['lock']")]
)
def test_a_model_that_cannot_be_pickled_is_refused_with_the_part_at_fault(
    broken: Any, where: str, folder: Path
) -> None:
    with pytest.raises(ModelNotSerializable) as raised:
        registry.save_model(broken, "m")
    assert where in str(raised.value)
    assert registry.list_models() == {}
    assert not folder.exists()


def test_metadata_may_hold_numpy_values_and_must_be_json(model: Pipeline, folder: Path) -> None:
    registry.save_model(
        model, "m", {"accuracy": np.float64(0.5), "folds": np.array([1, 2]), 3: {"x"}}
    )
    assert registry.get_model("m").metadata == {"accuracy": 0.5, "folds": [1, 2], "3": ["x"]}
    with pytest.raises(RegistryError, match="metadados"):
        registry.save_model(model, "n", {"model": model})
    assert list(registry.list_models()) == ["m"]


def test_changing_a_list_does_not_change_the_registry(model: Pipeline) -> None:
    registry.save_model(model, "m", {"metrics": {"AUC": 0.9}})
    registry.list_models()["m"]["metadata"]["metrics"]["AUC"] = 0.1
    assert registry.list_models()["m"]["metadata"]["metrics"]["AUC"] == 0.9
    registry.load_model("m")


def test_an_unknown_model_is_not_found() -> None:
    for read in (registry.load_model, registry.get_model, registry.delete_model):
        with pytest.raises(ModelNotFound, match="Não há modelo"):
            read("nenhum")


@pytest.mark.parametrize("step", range(5))
def test_a_full_disk_loses_nothing(
    model: Pipeline, folder: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    registry.save_model(model, "antes", {"accuracy": 0.5})
    before, calls, real = visible(folder), [0], os.fsync

    def fsync(descriptor: int) -> None:
        calls[0] += 1
        if calls[0] > step:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        with pytest.raises(StorageError, match="cheio"):
            registry.save_model(model, "depois")
    assert visible(folder) == before
    assert list(registry.list_models()) == ["antes"]
    assert registry.list_deleted() == []
    registry.load_model("antes")
    registry.save_model(model, "depois")
    assert len(visible(folder)) == len(before) + 2


@pytest.mark.parametrize("save", [registry.save_model, registry.import_model])
def test_what_reached_the_index_is_kept_whatever_fails_after(
    folder: Path, monkeypatch: pytest.MonkeyPatch, save: Callable[..., object]
) -> None:
    def failing(path: Path) -> None:
        if "m" in json.loads((folder / "registry.json").read_text("utf-8")):
            raise OSError(errno.EIO, "Input/output error")

    registry.save_model(Rule(), "antes")
    with monkeypatch.context() as patch:
        patch.setattr(atomic, "sync_folder", failing)
        with pytest.raises(StorageError):
            save(b"N.", "m")
    assert (folder / "m.pkl").exists()
    registry.export_model("m")


def test_the_trash_can_be_emptied_on_a_full_disk(
    model: Pipeline, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("velho", "sem índice"):
        registry.save_model(model, name)
    registry.delete_model("velho")
    (folder / "registry.json").write_text("{}")  # as when a save was killed before its last step

    def full(path: Path, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(atomic, "write_bytes", full)
        assert registry.empty_trash() == 1
    assert [item.name for item in registry.list_deleted()] == []
    registry.list_models()
    assert [item.name for item in registry.list_deleted()] == ["sem índice"]


def test_a_folder_that_cannot_be_written_says_so(model: Pipeline, tmp_path: Path) -> None:
    (tmp_path / "arquivo").write_text("não é pasta")
    with pytest.raises(StorageError, match="arquivo"):
        registry.save_model(model, "m", folder=tmp_path / "arquivo" / "modelos")


def test_other_library_versions_are_named_before_and_warned_about_at_loading(
    model: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(environment, "installed", lambda name: "0.1")
        patch.setattr(environment, "python", lambda: "3.9.1")
        registry.save_model(model, "antigo")
    text = " ".join(str(warning) for warning in registry.version_warnings("antigo"))
    assert "scikit-learn 0.1" in text
    assert "Python 3.9.1" in text
    with pytest.warns(UserWarning, match=r"scikit-learn 0\.1"):
        registry.load_model("antigo")


@pytest.mark.parametrize("build", ["xgboost", "xgboost-cpu"])
def test_a_library_is_known_by_whichever_of_its_builds_is_here(
    build: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def version(name: str) -> str:
        if name != build:
            raise metadata.PackageNotFoundError(name)
        return "3.2.0"

    monkeypatch.setattr(metadata, "version", version)
    assert environment.installed.__wrapped__("xgboost") == "3.2.0"


def test_a_model_of_these_versions_loads_in_silence(model: Pipeline) -> None:
    registry.save_model(model, "m")
    assert registry.version_warnings("m") == []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        registry.load_model("m")


def test_a_missing_library_is_named(
    model: Pipeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "estimadores_da_casa.py").write_text("class Regra:\n    pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    import estimadores_da_casa  # type: ignore[import-not-found]

    registry.save_model(estimadores_da_casa.Regra(), "da casa")
    monkeypatch.delitem(__import__("sys").modules, "estimadores_da_casa")
    (tmp_path / "estimadores_da_casa.py").unlink()
    with pytest.raises(RegistryError, match="estimadores_da_casa"):
        registry.load_model("da casa")


def test_a_deleted_model_is_gone_and_can_be_restored(model: Pipeline, folder: Path) -> None:
    registry.save_model(model, "m", {"accuracy": 0.5})
    registry.set_alias("m", "champion", actor="ana")
    registry.delete_model("m", actor="ana")
    assert registry.list_models() == {}
    assert visible(folder) == {"registry.json"}
    (deleted,) = registry.list_deleted()
    assert (deleted.name, deleted.actor) == ("m", "ana")
    assert registry.restore_model(deleted.id, actor="ana") == "m"
    assert registry.get_model("champion").metadata == {"accuracy": 0.5}
    registry.load_model("m")
    assert registry.list_deleted() == []


def test_a_name_taken_meanwhile_keeps_the_deleted_model_in_the_trash(model: Pipeline) -> None:
    registry.save_model(model, "m")
    registry.delete_model("m")
    registry.save_model(Rule(), "M")
    (deleted,) = registry.list_deleted()
    with pytest.raises(DuplicateModelName):
        registry.restore_model(deleted.id)
    registry.delete_model("M")
    registry.restore_model(deleted.id)
    assert isinstance(registry.load_model("m"), Pipeline)


@pytest.mark.parametrize("file", ["ocupacao.pkl", "ocupacao.json"])
def test_a_file_put_in_the_place_of_a_deleted_model_is_not_overwritten(
    model: Pipeline, folder: Path, file: str
) -> None:
    registry.save_model(model, "Ocupação")
    registry.delete_model("Ocupação")
    (folder / file).write_bytes(b"{}")
    (deleted,) = registry.list_deleted()
    with pytest.raises(RegistryError, match=f"já existe um arquivo {file}"):
        registry.restore_model(deleted.id)
    assert (folder / file).read_bytes() == b"{}"
    (folder / file).rename(folder / "outro.txt")
    registry.restore_model(deleted.id)
    registry.load_model("Ocupação")


def test_the_trash_can_be_emptied(model: Pipeline) -> None:
    registry.save_model(model, "m")
    registry.delete_model("m")
    assert registry.empty_trash(actor="ana") == 1
    assert registry.list_deleted() == []


def test_an_alias_does_not_delete_a_model(model: Pipeline) -> None:
    registry.save_model(model, "m")
    registry.set_alias("m", "champion", actor="ana")
    with pytest.raises(ModelNotFound, match="apelido"):
        registry.delete_model("champion")
    assert "m" in registry.list_models()
