"""Front doors that import a part when it is asked for."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec

import pytest


@pytest.mark.parametrize("room", ["files", "persistence", "registry", "training"])
def test_every_name_of_the_door_is_there(room: str) -> None:
    door = import_module(f"src.{room}")
    tree = ast.parse(inspect.getsource(door))
    names = [
        it.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for it in node.names
    ]
    for name in {*names} - {"annotations", "TYPE_CHECKING", "lazy"}:
        assert getattr(door, name) is not None
        # Once imported, a module of the room would stand before what the door offers.
        assert find_spec(f"src.{room}.{name}") is None
    with pytest.raises(AttributeError, match=f"'src.{room}' has no attribute 'nothing'"):
        door.nothing  # noqa: B018


@pytest.mark.parametrize(
    ("statement", "left_out"),
    [
        ("from src import persistence", ["sqlalchemy"]),
        ("from src.utils import model_store", ["sqlalchemy", "pandas", "src.files.tables"]),
        ("from src import training", ["pycaret", "pandas", "src.training.store"]),
    ],
)
def test_importing_a_door_leaves_out_what_nobody_asked_for(
    statement: str, left_out: list[str]
) -> None:
    code = f"{statement}\nimport sys\nprint(*sys.modules)"
    printed = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout
    assert not set(left_out) & set(printed.split())
