"""The one table of jobs: every name is done by a function, and every name in use is in it."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from collections.abc import Iterator

import pytest

from src import house
from src.config import PROJECT_ROOT
from src.errors import JobError
from src.house import DUTIES
from src.jobs.duties import HOUSE, resolve

HEAVY = {"pandas", "pycaret", "sklearn", "numpy", "streamlit", "fastapi", "xgboost", "lightgbm"}


def names_in_use() -> Iterator[tuple[str, str, str]]:
    """Yield file, function of the jobs' room, and name of each job that the code speaks of."""
    for path in [*PROJECT_ROOT.glob("src/**/*.py"), *PROJECT_ROOT.glob("pages/*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if not isinstance(node.func.value, ast.Name) or node.func.value.id != "jobs":
                continue
            function = node.func.attr
            named = [keyword.value for keyword in node.keywords if keyword.arg == "handler"]
            if function == "submit":
                named += node.args[:1]
            if function == "in_progress":
                named += node.args
            for name in named:
                assert isinstance(name, ast.Constant), f"{path}:{node.lineno}: say the job's name"
                yield f"{path.relative_to(PROJECT_ROOT)}:{node.lineno}", function, name.value


@pytest.mark.parametrize("name", DUTIES.handlers)
def test_every_job_is_done_by_a_function_of_its_room(name: str) -> None:
    assert DUTIES.handlers[name].startswith(f"src.{name.partition('.')[0]}.")
    assert len(inspect.signature(DUTIES.handler(name)).parameters) == 2


def test_every_name_in_use_is_a_job_and_every_job_is_asked_for() -> None:
    used = list(names_in_use())
    assert [where for where, _, name in used if name not in DUTIES.handlers] == []
    assert {name for _, function, name in used if function == "submit"} == set(DUTIES.handlers)


def test_a_name_that_is_no_job_is_refused() -> None:
    with pytest.raises(JobError, match=r"training\.compair"):
        DUTIES.handler("training.compair")


def test_what_is_done_again_and_again_is_there() -> None:
    assert set(house.ALWAYS) <= set(DUTIES.periodic)
    for path in DUTIES.periodic:
        assert not inspect.signature(resolve(path)).parameters


def test_what_is_prepared_is_a_job_with_something_to_warm_up() -> None:
    for name in DUTIES.prepared:
        module = sys.modules[DUTIES.handler(name).__module__]
        assert callable(module.warm_up)  # type: ignore[attr-defined]


def test_workers_are_told_their_duties_by_the_house() -> None:
    assert resolve(HOUSE) is DUTIES


def test_whoever_reads_a_name_waits_for_no_library() -> None:
    code = f"import sys, src.house; print({HEAVY!r} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
