"""Aliases and notes."""

from __future__ import annotations

from pathlib import Path

import pytest
from sklearn.pipeline import Pipeline

from src import registry
from src.errors import DuplicateModelName, InvalidModelName, ModelNotFound, SignatureMismatch

pytestmark = pytest.mark.core


@pytest.fixture
def two(model: Pipeline) -> None:
    registry.save_model(model, "a", {"description": "velha"})
    registry.save_model(model, "b")


@pytest.mark.usefixtures("two")
def test_an_alias_leads_to_its_model_and_moves() -> None:
    registry.set_alias("a", "champion", actor="ana")
    assert registry.get_model("champion").name == "a"
    registry.set_alias("b", "Champion", actor="ana")
    assert registry.get_model("Champion").name == "b"
    assert registry.get_model("a").aliases == ()
    registry.load_model("Champion")
    registry.load_model("a")


@pytest.mark.usefixtures("two")
def test_an_alias_can_be_taken_away() -> None:
    registry.set_alias("a", "produção", actor="ana")
    registry.remove_alias("a", "produção", actor="ana")
    with pytest.raises(ModelNotFound):
        registry.get_model("produção")
    with pytest.raises(ModelNotFound, match="apelido"):
        registry.remove_alias("a", "produção", actor="ana")


@pytest.mark.usefixtures("two")
def test_an_alias_is_no_models_name_and_no_model_is_called_like_an_alias(model: Pipeline) -> None:
    with pytest.raises(DuplicateModelName):
        registry.set_alias("a", "B", actor="ana")
    with pytest.raises(InvalidModelName):
        registry.set_alias("a", "x/y", actor="ana")
    registry.set_alias("a", "champion", actor="ana")
    with pytest.raises(DuplicateModelName):
        registry.save_model(model, "CHAMPION")


@pytest.mark.usefixtures("two")
def test_aliases_survive_a_lost_index(settings: object, folder: Path) -> None:
    registry.set_alias("a", "champion", actor="ana")
    registry.set_alias("b", "champion", actor="ana")
    registry.set_alias("a", "reserva", actor="ana")
    (folder / "registry.json").unlink()
    assert registry.get_model("champion").name == "b"
    assert registry.get_model("a").aliases == ("reserva",)


@pytest.mark.usefixtures("two")
def test_an_alias_written_into_the_index_by_hand_is_refused(folder: Path) -> None:
    index = folder / "registry.json"
    registry.set_alias("a", "champion", actor="ana")
    text = index.read_text("utf-8")
    moved = text.replace('"champion"', "").replace('"aliases": []', '"aliases": ["champion"]')
    assert moved != text
    index.write_text(moved, "utf-8")
    with pytest.raises(SignatureMismatch, match="champion"):
        registry.load_model("b")


@pytest.mark.usefixtures("two")
def test_notes_are_edited_everywhere_and_the_model_still_loads() -> None:
    registry.edit_notes("a", "nova", actor="ana")
    assert registry.get_model("a").notes == "nova"
    assert registry.list_models()["a"]["metadata"]["description"] == "nova"
    registry.load_model("a")
