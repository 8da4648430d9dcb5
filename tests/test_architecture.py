"""Which way imports go, and how a room is laid out. import-linter holds the layers of ``src``; this
holds the rest.
"""

from __future__ import annotations

import ast
import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = sorted(path.parent.name for path in (ROOT / "src").glob("*/__init__.py"))
OPEN_ROOMS = {"dashboard", "persistence"}
"""Rooms whose modules may be imported one by one: they serve the others and have no inside."""

OTHERWISE = {
    "access",
    "alerts",
    "api",
    "dashboard",
    "files",
    "jobs",
    "persistence",
    "utils",
}
FLOW = [room for room in ROOMS if room not in OTHERWISE]
"""The rooms in which people work: all laid out alike (CONTRIBUTING, *A room's anatomy*)."""

PAGES = sorted(
    path
    for folder in (ROOT, ROOT / "docs", ROOT / "data", ROOT / "modelos_salvos")
    for path in folder.glob("*.md")
    if path.name != "CHANGELOG.md"  # it speaks of what was
)

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
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


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


def dotted(path: Path) -> str:
    """Return the module that a file is."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules_of(room: str) -> dict[str, Path]:
    """Return a room's modules by their names within it; ``store/tables.py`` is ``store.tables``."""
    folder = ROOT / "src" / room
    return {
        dotted(path).partition(f"src.{room}")[2].lstrip("."): path for path in folder.rglob("*.py")
    }


def calls(path: Path) -> set[str]:
    """Return what a file calls, as it is written: ``jobs.submit``."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def functions(path: Path) -> set[str]:
    """Return the functions that a file defines at its top."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_imports_go_in_no_circle() -> None:
    modules = {dotted(path): path for path in (ROOT / "src").rglob("*.py")}
    graph: dict[str, set[str]] = {}
    for name, path in modules.items():
        names = {other for other in imported(path) if other in modules and other != name}
        # ``from src.training import model`` means the module, not the package it stands in.
        graph[name] = {it for it in names if not any(it + "." in other for other in names)}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" → ".join(reversed(circle.args[1])))


@pytest.mark.parametrize("room", FLOW)
def test_a_room_has_the_anatomy_of_the_others(room: str) -> None:
    modules = modules_of(room)
    assert "model" in modules, "the records that others see live in model.py"
    within = {
        name: {it.removeprefix(f"src.{room}.") for it in imported(path)}
        for name, path in modules.items()
    }
    assert not {
        name for name in within["model"] & set(modules) if name.startswith(("store", "work"))
    }
    for name, path in modules.items():
        if name in ("", "work"):
            continue
        assert "work" not in within[name], f"{name} uses work, which stands above it"
        assert "jobs.submit" not in calls(path), f"{name} submits a job; that is work's"
        if name != "alerts":
            assert "alerts" not in within[name], f"{name} uses alerts, which stands above it"
            assert "alert_rules" not in functions(path), f"{name} has the rules of alerts.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_file_that_a_document_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"`((?:\.ci|docs|locale|pages|scripts|src|tests)/[^`\s]*)`", text)
    modules = re.findall(r"`((?:\w+/)*\w+\.py)`", text)
    assert [
        name
        for name in modules
        if not (ROOT / name).exists() and not any((ROOT / "src").rglob(name))
    ] == []
    wanted = [ROOT / path for path in named if not re.search(r"[<*…]", path)]
    linked = re.findall(r"\]\(([^)#\s]+)", text)
    wanted += [page.parent / path for path in linked if not re.match(r"\w+:", path)]
    assert [str(path) for path in wanted if not path.exists()] == []


SCREENS = sorted(
    path.parent.name
    for path in (ROOT / "src" / "dashboard").glob("*/__init__.py")
    if path.parent.name != "parts"
)


@pytest.mark.parametrize("screen", [*SCREENS, "parts"])
def test_a_screen_knows_no_other_screen(screen: str) -> None:
    for path in (ROOT / "src" / "dashboard" / screen).rglob("*.py"):
        for name in imported(path):
            others = {f"src.dashboard.{other}" for other in SCREENS if other != screen}
            assert not any(name == other or name.startswith(f"{other}.") for other in others), name
