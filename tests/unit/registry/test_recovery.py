"""A damaged or lost index, and what interrupted writers leave."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from sklearn.pipeline import Pipeline

from src import registry
from src.errors import ModelNotFound, SignatureMismatch
from src.registry import signature, store

pytestmark = pytest.mark.core


@pytest.fixture
def three(model: Pipeline) -> None:
    for name in ("Ação", "b", "🌡️"):
        registry.save_model(model, name, {"accuracy": 0.5}, actor="ana")


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("damage", [b"", b'{"b": {"path"', b"[]", b'{"b": 3}', b"\0" * 100])
def test_a_damaged_index_is_set_aside_and_rebuilt(folder: Path, damage: bytes) -> None:
    before = registry.list_models()
    (folder / "registry.json").write_bytes(damage)
    assert registry.list_models() == before
    for name in before:
        registry.load_model(name)
    (kept,) = folder.glob("registry.json.damaged-*")
    assert kept.read_bytes() == damage
    (notice,) = registry.notices()
    assert kept.name in str(notice)
    registry.clear_notices()
    assert registry.notices() == []


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    "damage",
    [
        {"saved_at": "29/10/2025 19:39"},
        {"saved_at": 3},
        {"aliases": [1, {}]},
        {"aliases": "champion"},
        {"metadata": None},
        {"size": "12 KB"},
    ],
)
def test_a_damaged_line_is_made_anew_and_the_others_stay(
    folder: Path, damage: dict[str, object]
) -> None:
    (folder / "velho.pkl").write_bytes(b"N.")
    before = json.loads((folder / "registry.json").read_text("utf-8"))
    older = {"path": "x/velho.pkl", "metadata": {"nota": 1}, "saved_at": "2025-10-29T19:39:21"}
    index = before | {"b": before["b"] | damage, "Velho": older}
    (folder / "registry.json").write_text(json.dumps(index))
    found = registry.list_models()
    assert len(registry.get_models_summary()) == len(found) == 4
    assert {name: found[name]["saved_at"] for name in before} == {
        name: record["saved_at"] for name, record in before.items()
    }
    assert found["Velho"]["metadata"] == {"nota": 1}
    assert found["Velho"]["quarantined"]
    for name in before:
        registry.load_model(name)
    (kept,) = folder.glob("registry.json.damaged-*")
    assert json.loads(kept.read_text("utf-8")) == index


def test_what_can_be_read_of_a_damaged_line_without_a_manifest_stays(folder: Path) -> None:
    folder.mkdir()
    (folder / "velho.pkl").write_bytes(b"N.")
    line = {"path": "x/velho.pkl", "metadata": {"nota": 1}, "saved_at": "29/10/2025 19:39"}
    (folder / "registry.json").write_text(json.dumps({"Velho": line, "sem arquivo": {}}))
    (name,) = registry.list_models()
    assert (name, registry.get_model(name).metadata) == ("Velho", {"nota": 1})
    assert len(registry.notices()) == 1


@pytest.mark.usefixtures("three")
def test_a_damaged_place_in_the_trash_does_not_hide_the_others(folder: Path) -> None:
    registry.delete_model("b")
    registry.delete_model("Ação")
    record = folder / ".trash" / registry.list_deleted()[0].id / "entry.json"
    record.write_text(json.dumps(json.loads(record.read_text("utf-8")) | {"deleted_at": "ontem"}))
    (deleted,) = registry.list_deleted()
    assert registry.restore_model(deleted.id) == "b"
    assert (record.parent / "acao.pkl").exists()


@pytest.mark.usefixtures("three")
def test_a_lost_index_is_rebuilt(folder: Path) -> None:
    before = registry.list_models()
    (folder / "registry.json").unlink()
    assert registry.list_models() == before


@pytest.mark.usefixtures("three")
def test_a_foreign_json_does_not_stop_the_rebuilding(folder: Path) -> None:
    for name, text in [("x.json", "{}"), ("y.json", "[1"), ("z.json", '{"file": "z.pkl"}')]:
        (folder / name).write_text(text)
    (folder / "registry.json").unlink()
    assert len(registry.list_models()) == 3
    assert (folder / "x.json").exists()


@pytest.mark.usefixtures("three")
def test_a_manifest_forged_for_a_lost_index_does_not_load(folder: Path) -> None:
    forged = json.loads((folder / "b.json").read_text("utf-8")) | {"file": "c.pkl", "name": "c"}
    (folder / "c.json").write_text(json.dumps(forged))
    shutil.copy(folder / "b.pkl", folder / "c.pkl")
    (folder / "registry.json").unlink()
    with pytest.raises(SignatureMismatch):
        registry.load_model("c")


@pytest.mark.usefixtures("three")
def test_half_written_files_are_swept(folder: Path, model: Pipeline) -> None:
    (folder / ".x.pkl-abc.tmp").write_bytes(b"half")
    manifest = json.loads((folder / "b.json").read_text("utf-8"))
    manifest |= {"name": "nunca", "file": "nunca.pkl"}
    manifest["signature"] = signature.sign(manifest, signature.load_key())
    (folder / "nunca.json").write_text(json.dumps(manifest))
    assert len(registry.list_models()) == 3
    assert not (folder / ".x.pkl-abc.tmp").exists()
    assert not (folder / "nunca.json").exists()


@pytest.mark.usefixtures("three")
def test_a_save_that_missed_its_last_step_goes_to_the_trash(folder: Path) -> None:
    index = json.loads((folder / "registry.json").read_text("utf-8"))
    del index["b"]
    (folder / "registry.json").write_text(json.dumps(index))
    assert set(registry.list_models()) == {"Ação", "🌡️"}
    assert not list(folder.glob("b.*"))
    (left,) = registry.list_deleted()
    assert registry.restore_model(left.id) == "b"
    registry.load_model("b")


@pytest.mark.usefixtures("three")
def test_nothing_is_swept_while_another_process_writes(folder: Path) -> None:
    (folder / ".x.pkl-abc.tmp").write_bytes(b"half")
    with store.locked(folder):
        assert len(registry.list_models()) == 3
        assert (folder / ".x.pkl-abc.tmp").exists()


@pytest.mark.usefixtures("three")
def test_a_file_that_vanished_is_said_to_be_missing(folder: Path) -> None:
    (folder / "b.pkl").unlink()
    with pytest.raises(ModelNotFound, match=r"b\.pkl"):
        registry.load_model("b")
    registry.delete_model("b")
    assert len(registry.list_models()) == 2


@pytest.mark.usefixtures("three")
def test_an_index_that_names_another_folder_stays_in_this_one(folder: Path, tmp_path: Path) -> None:
    index = json.loads((folder / "registry.json").read_text("utf-8"))
    index["b"]["path"] = "../../b.pkl"
    (folder / "registry.json").write_text(json.dumps(index))
    registry.load_model("b")


def test_the_folder_can_be_moved(model: Pipeline, folder: Path, tmp_path: Path) -> None:
    registry.save_model(model, "m")
    moved = folder.rename(tmp_path / "outro nome")
    registry.load_model("m", folder=moved)
