"""The demonstration runs as it is documented, and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from src.config import PROJECT_ROOT

pytestmark = pytest.mark.core


def test_the_demo_predicts_its_three_scenes(tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    before = set((PROJECT_ROOT / "modelos_salvos").iterdir())
    ended = subprocess.run(
        [sys.executable, "demo_model_system.py"],
        cwd=PROJECT_ROOT,
        env=os.environ | {"TMPDIR": str(temporary), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=True,
    )
    answers = [line.strip() for line in ended.stdout.splitlines() if "->" in line]
    assert answers == ["-> vazio", "-> escritório", "-> máquinas ligadas"]
    assert ended.stdout.count("assinado") == 3
    assert list(temporary.iterdir()) == []
    assert set((PROJECT_ROOT / "modelos_salvos").iterdir()) == before
