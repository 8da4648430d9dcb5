"""Which way imports go. import-linter holds the layers of ``src``; this holds the rest."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = sorted(path.parent.name for path in (ROOT / "src").glob("*/__init__.py"))
OPEN_ROOMS = {"dashboard", "persistence"}
"""Rooms whose modules may be imported one by one: they serve the others and have no inside."""

SCRIPTS = sorted([*ROOT.glob("pages/*.py"), ROOT / "main_dash.py"])


def imported(path: Path) -> list[str]:
    """Return every module that a file imports, dotted."""
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def module_exists(dotted: str) -> bool:
    path = ROOT.joinpath(*dotted.split("."))
    return path.with_suffix(".py").exists()


@pytest.mark.parametrize("path", sorted((ROOT / "src").glob("**/*.py")), ids=str)
def test_a_room_is_entered_by_its_front_door(path: Path) -> None:
    room = path.relative_to(ROOT / "src").parts[0]
    for name in imported(path):
        parts = name.split(".")
        if parts[0] != "src" or len(parts) < 3 or parts[1] == room or parts[1] in OPEN_ROOMS:
            continue
        assert not module_exists(name), f"{path.name} reaches into {name}; use src.{parts[1]}"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_pages_are_thin_and_import_only_rooms(path: Path) -> None:
    for name in imported(path):
        assert name.split(".")[0] in {"streamlit", "src", "__future__"}, name
        parts = name.split(".")
        if parts[0] == "src" and len(parts) > 2 and parts[1] not in OPEN_ROOMS:
            assert not module_exists(name), f"{path.name} reaches into {name}"
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 90


def test_every_room_says_what_it_is_for() -> None:
    for room in ROOMS:
        tree = ast.parse((ROOT / "src" / room / "__init__.py").read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), room
