"""Versions on the disk: numbered, listed, deleted with a way back, whole or not there."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from src.config import PROJECT_ROOT, Settings
from src.errors import FinetuningError, JobCancelled, StorageError, TrainingSetNotFound
from src.finetuning import clearance, store
from src.finetuning.recipe import Recipe
from tests.unit.finetuning.talks import built, redact, talk


def test_versions_count_up_and_are_listed_newest_first(tmp_path: Path) -> None:
    for number in range(3):
        built([talk(number)], tmp_path / str(number))
    built([talk(9)], tmp_path / "x", name="outro")
    assert [(one.name, one.version) for one in store.list_sets()] == [
        ("outro", 1),
        ("bia", 3),
        ("bia", 2),
        ("bia", 1),
    ]
    assert store.get("bia").version == 3
    assert store.path("bia", 2, "train.jsonl").parent.name == "v2"


@pytest.mark.parametrize("name", ["", " ", ".lixeira", "../fora", "a/b", "x" * 81, "a\nb", "fim."])
def test_a_name_that_is_no_folder_name_is_refused(name: str) -> None:
    with pytest.raises(FinetuningError):
        store.check_name(name)
    with pytest.raises(TrainingSetNotFound):
        store.get(name)


@pytest.mark.parametrize("file", ["../../bancada.db", "report.json", "origins.jsonl"])
def test_only_the_chats_and_the_manifest_are_given_out(tmp_path: Path, file: str) -> None:
    built([talk(1)], tmp_path / "w")
    with pytest.raises(TrainingSetNotFound):
        store.path("bia", 1, file)


def test_a_deleted_version_comes_back_under_its_number(tmp_path: Path) -> None:
    first = built([talk(1)], tmp_path / "1")
    identifier = store.delete("bia", 1, actor="ana")
    assert store.list_sets() == []
    with pytest.raises(TrainingSetNotFound):
        store.get("bia")
    assert built([talk(2)], tmp_path / "2").version == 2  # its number is not given away
    (deleted,) = store.list_deleted()
    assert (deleted.id, deleted.name, deleted.version, deleted.actor) == (
        identifier,
        "bia",
        1,
        "ana",
    )
    assert store.restore(identifier, actor="bia") == first
    assert store.list_deleted() == []
    with pytest.raises(TrainingSetNotFound):
        store.restore(identifier, actor="bia")


def test_who_looked_stays_with_the_version_and_changes_none_of_its_files(tmp_path: Path) -> None:
    built([talk(1)], tmp_path / "1")
    with pytest.raises(FinetuningError, match="Escreva o seu nome"):
        clearance.clear("bia", 1, actor=" ")
    assert clearance.clearances("bia", 1) == ()
    first, second = (clearance.clear("bia", 1, actor=actor) for actor in ("ana", "bia"))
    assert clearance.clearances("bia", 1) == (first, second)
    assert store.changed_files("bia", 1) == ()
    store.restore(store.delete("bia", 1, actor="ana"), actor="ana")
    assert [one.actor for one in clearance.clearances("bia", 1)] == ["ana", "bia"]
    built([talk(1)], tmp_path / "2")
    assert clearance.clearances("bia", 2) == ()


def test_what_was_deleted_long_ago_goes_for_good(tmp_path: Path, settings: Settings) -> None:
    for number in range(2):
        built([talk(number)], tmp_path / str(number))
    old = store.delete("bia", 1, actor="ana")
    record = store.home() / ".lixeira" / f"{old}.json"
    data = json.loads(record.read_text())
    record.write_text(json.dumps(data | {"deleted_at": "2020-01-01T00:00:00+00:00"}))
    new = store.delete("bia", 2, actor="ana")
    assert [one.id for one in store.list_deleted()] == [new]
    assert not (store.home() / ".lixeira" / old).exists()


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    built([talk(1)], tmp_path / "w")
    folder = store.folder_of("bia", 1)
    (folder / "origins.jsonl").unlink()
    with (folder / "left_out.jsonl").open("a") as file:
        file.write("x")
    assert store.changed_files("bia", 1) == ("left_out.jsonl", "origins.jsonl")


def test_a_damaged_manifest_hides_one_version_only(tmp_path: Path) -> None:
    for number in range(2):
        built([talk(number)], tmp_path / str(number))
    (store.folder_of("bia", 1) / "manifest.json").write_text("{")
    assert [one.version for one in store.list_sets()] == [2]
    with pytest.raises(StorageError, match="manifesto"):
        store.get("bia", 1)


def test_a_full_disk_is_said_and_publishes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("src.finetuning.building.os.fsync", full)
        with pytest.raises(StorageError, match="Nenhuma versão foi criada"):
            built([talk(1)], tmp_path / "w")
    assert store.list_sets() == []
    assert built([talk(1)], tmp_path / "w").version == 1  # the same job, once there is room


def test_a_file_system_that_takes_no_more_is_said_and_publishes_nothing(tmp_path: Path) -> None:
    code = """
        import resource, sys
        from pathlib import Path
        from src.errors import StorageError
        from src.finetuning import store
        from tests.unit.finetuning.talks import built, talk
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))  # no file grows beyond
        try:
            built([talk(n) for n in range(400)], Path(sys.argv[1]))
        except StorageError as error:
            print(error, len(store.list_sets()))
    """
    said, _nothing = python(code, str(tmp_path / "w")).communicate(timeout=300)
    assert "Confira se o disco tem espaço" in said
    assert said.strip().endswith("0")


def python(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        cwd=PROJECT_ROOT,
        env=os.environ | {"PYTHONPATH": str(PROJECT_ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


KILLED = """
    import sys, time
    from pathlib import Path
    from tests.unit.finetuning.talks import built, talk
    def pause(done, total, step):
        if done / total >= float(sys.argv[2]):
            print("there", flush=True)
            time.sleep(60)
    built([talk(n) for n in range(500)], Path(sys.argv[1]), tell=pause)
"""


@pytest.mark.parametrize("moment", [0.001, 0.3, 0.84, 0.9, 0.95, 0.97, 1.0])
def test_a_killed_build_leaves_no_half_set_and_a_restart_finishes_it(
    tmp_path: Path, moment: float
) -> None:
    work = tmp_path / "job"
    process = python(KILLED, str(work), str(moment))
    assert process.stdout is not None
    assert process.stdout.readline() == "there\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert store.list_sets() == []
    resumed = built([talk(n) for n in range(500)], work)
    fresh = built([talk(n) for n in range(500)], tmp_path / "fresh")
    assert (resumed.version, fresh.version) == (1, 2)
    assert resumed.hashes == fresh.hashes
    assert resumed.source == fresh.source


def test_a_restart_does_not_redact_again_what_is_done(tmp_path: Path) -> None:
    work = tmp_path / "job"
    process = python(KILLED, str(work), "0.3")
    assert process.stdout is not None
    process.stdout.readline()
    process.kill()
    process.wait()
    prepared = work / "prepared.jsonl"
    done = prepared.read_bytes().count(b"\n")
    assert 0 < done < 500
    with prepared.open("ab") as file:
        file.write(b'{"id": "half a li')
    calls = 0

    def counting(texts: Any, known: Any) -> Any:
        nonlocal calls
        calls += 1
        return redact(texts, known)

    found = built([], work, redact=counting)  # the selection stands; nothing is read again
    assert sum(found.examples.values()) == 500
    assert calls == (500 - done) + 500  # and once more each by the examination


def test_cancelling_publishes_nothing(tmp_path: Path) -> None:
    def cancel(done: int, total: int, _step: object) -> None:
        if done > total / 2:
            raise JobCancelled

    with pytest.raises(JobCancelled):
        built([talk(n) for n in range(900)], tmp_path / "w", tell=cancel)
    assert store.list_sets() == []


def test_progress_only_rises_and_reaches_its_end(tmp_path: Path) -> None:
    seen: list[float] = []
    built([talk(n) for n in range(900)], tmp_path / "w", tell=lambda a, b, _: seen.append(a / b))
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert len(set(seen)) > 10


def test_two_builds_that_end_at_once_get_two_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def slow(self: Path, target: Path) -> Path:
        if self.name == "set" and target.name == "v1":
            shutil.copytree(self, target)  # another one was faster by a hair
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", slow)
    assert built([talk(1)], tmp_path / "w", Recipe()).version == 2
