"""What other versions have written stays readable, signed, and as it was."""

from __future__ import annotations

import json
from pathlib import Path

from sklearn.pipeline import Pipeline

from src import registry
from src.registry import signature


def test_a_manifest_of_another_version_is_opened_and_keeps_what_it_says(
    folder: Path, model: Pipeline
) -> None:
    registry.save_model(model, "antigo", {"auc": 0.9, "casas": 3})
    path = folder / "antigo.json"
    manifest = json.loads(path.read_text())
    del manifest["background"], manifest["edited"]  # the first versions had neither
    manifest["campaign"] = {"id": 7}
    manifest["metrics"] = {"auc": 1, "loss": None}
    manifest["signature"] = signature.sign(manifest, signature.load_key())
    path.write_text(json.dumps(manifest))

    registry.load_model("antigo")
    registry.edit_notes("antigo", "outra nota", actor="ana")
    registry.set_alias("antigo", "champion", actor="ana")
    kept = json.loads(path.read_text())
    assert kept["campaign"] == {"id": 7}
    assert kept["metrics"] == {"auc": 1, "loss": None}
    registry.load_model("champion")


def test_an_index_of_another_version_is_read_and_keeps_what_it_says(
    folder: Path, model: Pipeline
) -> None:
    registry.save_model(model, "antigo", {"auc": 0.9})
    path = folder / "registry.json"
    index = json.loads(path.read_text())
    line = {name: index["antigo"][name] for name in ("path", "metadata", "saved_at", "key")}
    path.write_text(json.dumps({"antigo": line | {"campaign": 7}}))

    listed = registry.list_models()["antigo"]
    assert (listed["size"], listed["aliases"], listed["campaign"]) == (0, [], 7)
    registry.save_model(model, "novo")
    index = json.loads(path.read_text())
    assert index["antigo"].items() >= {**line, "campaign": 7}.items()
    assert {"quarantined", "registered"}.isdisjoint(index["antigo"])
    registry.load_model("antigo")
