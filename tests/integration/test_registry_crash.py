"""The registry under kill -9, and under eight processes at once."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from src import config, registry
from src.logs import get_logger
from src.registry import store

get_logger(__name__).debug("imported before the first fork, so that no step is an import")

pytestmark = pytest.mark.core

ROOT = Path(__file__).resolve().parents[2]
EVENTS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree", "os.listdir"}


class Model:
    """Large enough that writing it takes more than one moment."""

    def __init__(self, answer: str) -> None:
        self.answer = answer
        self.weights = b"w" * 300_000

    def predict(self, rows: list[Any]) -> list[str]:
        return [self.answer for _ in rows]


def in_child(action: Callable[[], object]) -> int:
    """Run ``action`` in a forked process and return its wait status."""
    child = os.fork()
    if child == 0:
        failed = 1
        try:
            action()
            failed = 0
        finally:
            os._exit(failed)
    return os.waitpid(child, 0)[1]


def killed_at(step: int, action: Callable[[], object]) -> bool:
    """Run ``action`` in a process that kills itself before its ``step``-th use of a file.

    Returns whether it was killed; False means that the action has fewer steps.
    """

    def doomed() -> None:
        steps = 0

        def count(event: str, _arguments: tuple[Any, ...]) -> None:
            nonlocal steps
            if event in EVENTS:
                steps += 1
                if steps == step:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        action()

    status = in_child(doomed)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def assert_whole(folder: Path) -> dict[str, str]:
    """The index opens, every listed model loads, no orphan stays; returns the answers."""
    answers = {}
    for name, entry in registry.list_models().items():
        assert not entry["quarantined"]
        answers[name] = registry.load_model(name).predict([0])[0]
        assert registry.get_model(name).metadata == {"answer": answers[name]}
    with store.changing(folder):
        pass  # what the next writer does first
    artifacts = {Path(entry["path"]).name for entry in registry.list_models().values()}
    known = artifacts | {store.manifest_name(file) for file in artifacts} | {store.INDEX}
    known |= {store.LOCK, store.TRASH}
    assert {path.name for path in folder.iterdir()} - known == set()
    for place in (folder / store.TRASH).glob("*"):
        assert {path.suffix for path in place.iterdir()} == {".json", ".pkl"}
    assert registry.notices() == []
    return answers


def save(name: str, answer: str, **options: Any) -> None:
    registry.save_model(Model(answer), name, {"answer": answer}, **options)


@pytest.fixture
def folder(settings: config.Settings) -> Path:
    save("outro", "fica")
    return settings.models_dir


def test_a_save_killed_at_any_step_happened_or_did_not(folder: Path) -> None:
    step, outcomes = 1, set()
    while killed_at(step, lambda: save(f"m {step}", "nova")):  # noqa: B023 - runs at once
        answers = assert_whole(folder)
        assert answers.pop("outro") == "fica"
        outcomes.add(answers.get(f"m {step}"))
        step += 1
    assert step > 10
    assert outcomes == {None, "nova"}


def test_an_overwrite_killed_at_any_step_leaves_the_old_or_the_new(folder: Path) -> None:
    save("m", "0")
    step, current, outcomes = 1, "0", set()
    while killed_at(step, lambda: save("m", str(step), overwrite=True)):  # noqa: B023
        answers = assert_whole(folder)
        assert answers["m"] in {current, str(step)}
        outcomes.add(answers["m"] == current)
        current = answers["m"]
        step += 1
    assert outcomes == {True, False}


def test_a_delete_killed_at_any_step_happened_or_did_not(folder: Path) -> None:
    step, outcomes = 1, set()
    while True:
        name = f"m {step}"
        save(name, "apagar")
        killed = killed_at(step, lambda: registry.delete_model(name, actor="ana"))  # noqa: B023
        answers = assert_whole(folder)
        assert answers["outro"] == "fica"
        outcomes.add(name in answers)
        if name not in answers:
            assert name in {deleted.name for deleted in registry.list_deleted()}
        if not killed:
            break
        step += 1
    assert outcomes == {True, False}


def test_restoring_and_trusting_killed_at_any_step_can_be_done_again(folder: Path) -> None:
    save("m", "volta")
    registry.delete_model("m")
    (deleted,) = registry.list_deleted()
    step = 1
    while killed_at(step, lambda: registry.restore_model(deleted.id)):  # noqa: B023
        if "m" in assert_whole(folder):
            registry.delete_model("m")
        deleted = next(item for item in registry.list_deleted() if item.name == "m")
        step += 1
    assert assert_whole(folder)["m"] == "volta"

    data, step = registry.export_model("m"), 1
    registry.import_model(data, "de fora")
    while killed_at(step, lambda: registry.trust("de fora", actor="ana")):
        with store.changing(folder):
            pass
        if not registry.list_models()["de fora"]["quarantined"]:
            registry.load_model("de fora")
            registry.delete_model("de fora")
            registry.import_model(data, "de fora")
        step += 1
    assert registry.load_model("de fora").predict([0]) == ["volta"]


def test_an_alias_that_moves_when_killed_leads_to_one_of_the_two(folder: Path) -> None:
    save("a", "a")
    save("b", "b")
    registry.set_alias("a", "champion", actor="ana")
    step = 1
    while killed_at(step, lambda: registry.set_alias("b", "champion", actor="ana")):
        assert registry.load_model("champion").predict([0])[0] in {"a", "b"}
        assert_whole(folder)
        registry.set_alias("a", "champion", actor="ana")
        step += 1
    assert registry.get_model("champion").name == "b"


def test_kill_9_at_random_moments_loses_nothing(folder: Path) -> None:
    """Processes that save, overwrite and delete without pause, killed from outside."""
    dice = random.Random(11)

    def work() -> None:
        for round_ in range(10_000):
            save("velho", f"{round_}", overwrite=True)
            save(f"novo {os.getpid()} {round_}", "x")
            registry.delete_model(f"novo {os.getpid()} {round_}")

    for _ in range(15):
        children = []
        for _ in range(2):
            child = os.fork()
            if child == 0:
                work()
                os._exit(0)
            children.append(child)
        time.sleep(dice.uniform(0.05, 0.4))
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        answers = assert_whole(folder)
        assert answers["outro"] == "fica"
        assert answers.get("velho", "0").isdigit()
        registry.empty_trash()


WRITER = """
import sys
from src import registry
from sklearn.linear_model import LinearRegression
model = LinearRegression().fit([[0.0], [1.0]], [0.0, 1.0])
for number in range(50):
    registry.save_model(model, f"{sys.argv[1]} {number}", {"number": number})
"""


def test_eight_processes_save_fifty_models_each_and_none_is_lost(
    settings: config.Settings,
) -> None:
    environment = os.environ | {
        "BANCADA_DATA_DIR": str(settings.data_dir),
        "BANCADA_MODELS_DIR": str(settings.models_dir),
    }
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, f"p{number}"], cwd=ROOT, env=environment)
        for number in range(8)
    ]
    assert [writer.wait(timeout=300) for writer in writers] == [0] * 8
    entries = json.loads((settings.models_dir / "registry.json").read_text("utf-8"))
    assert set(entries) == {f"p{writer} {number}" for writer in range(8) for number in range(50)}
    for name, entry in entries.items():
        assert registry.load_model(name).predict([[1.0]]) == pytest.approx(1.0)
        assert entry["metadata"]["number"] == int(name.partition(" ")[2])
    assert len(list(settings.models_dir.glob("*.pkl"))) == 400
