"""Files are written whole or not at all."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from src import persistence
from src.config import PROJECT_ROOT


def test_a_file_is_replaced_and_no_temporary_file_stays(tmp_path: Path) -> None:
    target = tmp_path / "folder" / "a.json"
    persistence.write_json(target, {"n": 1})
    persistence.write_json(target, {"n": 2})
    assert persistence.read_json(target) == {"n": 2}
    assert [path.name for path in target.parent.iterdir()] == ["a.json"]


def test_a_full_disk_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "folder" / "a.json"
    persistence.write_json(target, {"n": 1})

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        persistence.write_json(target, {"n": 2})
    assert persistence.read_json(target) == {"n": 1}
    assert [path.name for path in target.parent.iterdir()] == ["a.json"]


def test_a_reader_never_sees_half_a_file_even_when_the_writer_is_killed(tmp_path: Path) -> None:
    target = tmp_path / "folder" / "a.json"
    code = (
        "import sys; from pathlib import Path; from src import persistence\n"
        "n = 0\n"
        "while True:\n"
        "    n += 1\n"
        "    persistence.write_json(Path(sys.argv[1]), {'n': n, 'filler': ['x' * 100] * 2000})\n"
    )
    persistence.write_json(target, {"n": 0, "filler": ["x" * 100] * 2000})
    for delay in (0.0, 0.003, 0.011, 0.02):
        writer = subprocess.Popen([sys.executable, "-c", code, str(target)], cwd=PROJECT_ROOT)
        before = persistence.read_json(target)["n"]
        deadline = time.monotonic() + 60
        while persistence.read_json(target)["n"] == before and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(delay)
        writer.kill()
        writer.wait()
        assert len(persistence.read_json(target)["filler"]) == 2000
