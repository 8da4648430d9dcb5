"""Artifacts that nobody here signed."""

from __future__ import annotations

import io
import json
import os
import pickle
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from lightgbm import LGBMClassifier
from sklearn.datasets import load_iris
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from skrub import TableVectorizer
from xgboost import XGBClassifier

from src import registry
from src.errors import ModelQuarantined, RegistryError
from src.registry import inspection

pytestmark = pytest.mark.core


class Malicious:
    """Touches a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (os.mkdir, (str(self.path),))


def dumped(value: Any, compress: Any = 0) -> bytes:
    buffer = io.BytesIO()
    joblib.dump(value, buffer, compress=compress)
    return buffer.getvalue()


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    return tmp_path / "executado"


@pytest.mark.parametrize(
    "compress", [0, ("zlib", 3), ("gzip", 3), ("bz2", 3), ("xz", 3), ("lzma", 3)]
)
def test_a_malicious_pickle_is_shown_and_does_not_run(
    trap: Path, model: Pipeline, compress: Any
) -> None:
    # Behind the arrays of an ordinary model, where scanners that do not know joblib stop.
    data = dumped([model, np.arange(1000.0), Malicious(trap)], compress)
    registry.import_model(data, "presente", actor="ana")
    found = registry.inspect_quarantined("presente")
    assert found.dangerous == ("posix.mkdir",)
    assert found.complete
    assert registry.list_models()["presente"]["quarantined"]
    registry.get_model("presente")
    with pytest.raises(ModelQuarantined, match="quarentena"):
        registry.load_model("presente")
    assert not trap.exists()


def test_an_imported_model_loads_only_after_someone_decides(
    model: Pipeline, readings: pd.DataFrame, folder: Path
) -> None:
    entry = registry.import_model(dumped(model), "de fora", actor="ana")
    assert (entry.quarantined, entry.actor, entry.schema) == (True, "ana", None)
    with pytest.raises(ModelQuarantined):
        registry.load_model("de fora")
    with pytest.raises(ModelQuarantined):
        registry.set_alias("de fora", "champion", actor="ana")
    trusted = registry.trust("de fora", actor="bia", reason="veio da equipe de campo")
    assert trusted.trusted is not None
    assert trusted.trusted["actor"] == "bia"
    assert trusted.trusted["reason"] == "veio da equipe de campo"
    assert trusted.trusted["at"] > entry.saved_at.isoformat()
    assert [field.name for field in trusted.schema or ()] == list(readings.columns)
    np.testing.assert_array_equal(
        registry.load_model("de fora").predict(readings), model.predict(readings)
    )
    assert json.loads((folder / "de_fora.json").read_text("utf-8"))["trusted"]["actor"] == "bia"
    with pytest.raises(RegistryError, match="já tem assinatura"):
        registry.trust("de fora", actor="bia")


def test_a_file_that_changed_after_it_was_examined_is_not_trusted(
    model: Pipeline, folder: Path, trap: Path
) -> None:
    registry.import_model(dumped(model), "de fora", actor="ana")
    examined = registry.inspect_quarantined("de fora").sha256
    (folder / "de_fora.pkl").write_bytes(pickle.dumps(Malicious(trap)))
    with pytest.raises(RegistryError, match="mudou depois que foi examinado"):
        registry.trust("de fora", actor="bia", sha256=examined)
    assert registry.get_model("de fora").quarantined
    assert not trap.exists()
    (folder / "de_fora.pkl").write_bytes(dumped(model))
    registry.trust("de fora", actor="bia", sha256=examined)
    registry.load_model("de fora")


@pytest.mark.parametrize("suffix", [".pkl", ".joblib"])
def test_older_files_in_the_folder_are_listed_in_quarantine(
    model: Pipeline, folder: Path, suffix: str
) -> None:
    folder.mkdir()
    (folder / f"Antigo{suffix}").write_bytes(dumped(model))
    (entry,) = registry.list_models().values()
    assert entry["quarantined"]
    assert registry.get_model("Antigo").quarantined
    assert "sklearn.pipeline.Pipeline" in registry.inspect_quarantined("Antigo").expected
    registry.save_model(model, "novo")
    with pytest.raises(ModelQuarantined):
        registry.load_model("Antigo")
    registry.trust("Antigo", actor="ana")
    registry.load_model("Antigo")
    assert (folder / f"Antigo{suffix}").exists()


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("MAIÚSCULO.PKL", "MAIÚSCULO"),
        ("con.pkl", "con_"),
        ("registry.joblib", "registry_"),
        ("a\u202eb.pkl", "a_b"),
        ("x" * 130 + ".pkl", "x" * 120),
        ("x" * 240 + ".pkl", "x" * 120),
        (" .pkl", "modelo"),
    ],
)
def test_a_file_that_no_model_could_be_called_after_is_listed_by_a_name_near_it(
    model: Pipeline, folder: Path, file: str, name: str
) -> None:
    folder.mkdir()
    (folder / file).write_bytes(dumped(model))
    assert list(registry.list_models()) == [name]
    assert registry.inspect_quarantined(name).complete
    registry.delete_model(name)
    registry.restore_model(registry.list_deleted()[0].id)
    registry.trust(name, actor="ana")
    registry.load_model(name)
    assert (folder / file).exists()


def test_an_older_index_without_signatures_is_kept_in_quarantine(
    model: Pipeline, folder: Path
) -> None:
    folder.mkdir()
    (folder / "velho.pkl").write_bytes(dumped(model))
    line = {
        "path": "modelos_salvos/velho.pkl",
        "metadata": {"accuracy": 0.92},
        "saved_at": "2025-10-29T19:39:21.040921",
    }
    (folder / "registry.json").write_text(json.dumps({"Modelo velho": line}), "utf-8")
    assert registry.get_model("Modelo velho").quarantined
    registry.trust("Modelo velho", actor="ana")
    registry.load_model("Modelo velho")
    entry = registry.list_models()["Modelo velho"]
    assert (entry["metadata"], entry["saved_at"]) == (line["metadata"], line["saved_at"])


def test_a_quarantined_model_can_be_deleted_restored_and_taken_out(
    model: Pipeline, folder: Path
) -> None:
    registry.import_model(dumped(model), "m", actor="ana")
    registry.delete_model("m", actor="ana")
    assert registry.list_models() == {}
    registry.restore_model(registry.list_deleted()[0].id)
    assert registry.get_model("m").quarantined
    assert registry.export_model("m") == dumped(model)


def test_an_exported_model_is_what_joblib_reads(model: Pipeline, readings: pd.DataFrame) -> None:
    registry.save_model(model, "m")
    loaded = joblib.load(io.BytesIO(registry.export_model("m")))
    np.testing.assert_array_equal(loaded.predict(readings), model.predict(readings))


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(RegistryError, match="vazio"):
        registry.import_model(b"", "m")
    assert registry.list_models() == {}


@pytest.mark.parametrize(
    "estimator",
    [
        RandomForestClassifier(3),
        HistGradientBoostingClassifier(max_iter=3),
        KNeighborsClassifier(),
    ],
)
@pytest.mark.parametrize("protocol", ["joblib", 0, 2, 5])
def test_an_ordinary_model_is_read_to_its_end(estimator: Any, protocol: Any) -> None:
    X, y = load_iris(return_X_y=True, as_frame=True)
    fitted = make_pipeline(estimator).fit(X, y)
    data = dumped(fitted) if protocol == "joblib" else pickle.dumps(fitted, protocol)
    found = inspection.inspect(data)
    assert found.complete, found.problem
    assert found.dangerous == ()
    assert "sklearn.pipeline.Pipeline" in found.expected


@pytest.mark.parametrize(
    "estimator", [XGBClassifier(n_estimators=2), LGBMClassifier(n_estimators=2, verbose=-1)]
)
@pytest.mark.parametrize("compress", [0, 3, ("gzip", 3), ("xz", 3)])
def test_boosted_trees_behind_a_table_of_any_kind_are_read_to_their_end(
    estimator: Any, compress: Any
) -> None:
    days = pd.date_range("2026-01-01", periods=60)
    table = pd.DataFrame({"a": range(60), "cidade": ["x", "y", None] * 20, "quando": days})
    fitted = make_pipeline(TableVectorizer(), estimator).fit(table, table["a"] % 2)
    found = inspection.inspect(dumped(fitted, compress))
    assert (found.complete, found.dangerous, found.unknown) == (True, (), ()), found.problem


def test_arrays_of_any_type_are_stepped_over(trap: Path) -> None:
    arrays = [
        np.arange(3), np.zeros((2, 3), order="F"), np.array(["ab", "c"]), np.array([True]),
        np.array(["2026-01-01"], "M8[ns]"), np.array([(1, 2.0)], [("a", "i4"), ("b", "f8")]),
        np.array(["x", None], object), np.zeros(0), np.array(1.5), np.zeros(2, "c16"),
        pd.DataFrame({"a": [1], "b": ["x"]}), pd.Series(["x"], dtype="category"),
        pd.date_range("2026-01-01", periods=2), pd.Timestamp(0), np.random.default_rng(1),
        pd.period_range("2026-01", periods=2, freq="M"), pd.Timedelta("1h"), pd.NaT,
        TfidfVectorizer().fit(["um texto"]),
    ]  # fmt: skip
    found = inspection.inspect(dumped([*arrays, Malicious(trap)]))
    assert found.complete, found.problem
    assert found.dangerous == ("posix.mkdir",)


def test_a_pickle_inside_an_array_of_objects_is_seen(trap: Path) -> None:
    found = inspection.inspect(dumped(np.array([Malicious(trap), 1], object)))
    assert found.dangerous == ("posix.mkdir",)


@pytest.mark.parametrize(
    "data",
    [b"", b"isto nao e um pickle", b"\x80\x05", b"\x78\x9cxx", b"\x04\x22\x4d\x18...", b"ZF0x10"],
)
def test_what_is_no_pickle_is_unreadable_never_safe(data: bytes) -> None:
    found = inspection.inspect(data)
    assert not found.complete
    assert found.problem


def test_a_cut_model_is_unreadable(model: Pipeline) -> None:
    data = dumped(model)
    for end in range(0, len(data), 97):
        assert not inspection.inspect(data[:end]).complete
    assert not inspection.inspect(data + b"mais").complete


def test_random_bytes_in_a_model_never_break_the_inspection(model: Pipeline) -> None:
    data, random = dumped(model), np.random.default_rng(3)
    for _ in range(300):
        changed = bytearray(data)
        for place in random.integers(0, len(data), 3):
            changed[place] = random.integers(256)
        inspection.inspect(bytes(changed))


@pytest.mark.parametrize(
    ("module", "name", "level"),
    [
        ("os", "system", "dangerous"),
        ("builtins", "eval", "dangerous"),
        ("__builtin__", "getattr", "dangerous"),
        ("subprocess", "Popen", "dangerous"),
        ("sklearn.utils", "os.system", "dangerous"),
        ("numpy.testing._private.utils", "runstring", "dangerous"),
        ("numpy", "load", "dangerous"),
        ("sklearn.pipeline", "Pipeline", "expected"),
        ("builtins", "set", "expected"),
        ("casa.modelos", "Regra", "unknown"),
        ("sklearn.datasets", "load_files", "unknown"),
    ],
)
def test_imports_are_told_apart(module: str, name: str, level: str) -> None:
    assert inspection.level(module, name) == level


def test_an_attribute_reached_through_another_module_is_dangerous() -> None:
    data = b"\x80\x04\x8c\x0dsklearn.utils\x8c\x09os.system\x93\x8c\x02ls\x85R."
    assert inspection.inspect(data).dangerous == ("sklearn.utils.os.system",)


def test_a_computed_import_is_unreadable() -> None:
    # os.path.join("o", "s") as the module's name: the text is not in the file.
    data = b"\x80\x04\x8c\x02io\x8c\x01x\x93)R\x8c\x06system\x93."
    assert not inspection.inspect(data).complete


def test_a_model_of_this_product_arrives_without_suspicion(tmp_path: Path) -> None:
    from src.training.preparation import build_preparation

    rows = pd.DataFrame(
        {
            "lux": [1.0, 200.0, 3.5, 410.0] * 5,
            "sala": ["a", "b", "a", "c"] * 5,
            "nota": [f"texto {n}" for n in range(20)],
            "quando": pd.date_range("2026-01-01", periods=20, freq="h"),
        }
    )
    model = Pipeline([("prepare", build_preparation(rows)), ("model", LogisticRegression())])
    path = tmp_path / "modelo.joblib"
    joblib.dump(model.fit(rows, [0, 1] * 10), path)
    found = inspection.inspect(path.read_bytes())
    assert found.complete
    assert (found.dangerous, found.unknown) == ((), ())
