"""Data sets on the disk: one folder a version, published in one step.

``<data>/conjuntos/<name>/v<number>/`` holds ``train.jsonl``, ``validation.jsonl``, ``test.jsonl``
(the only files that leave the house), where each line comes from, what was left out, what was
replaced, the examination, and ``manifest.json``. None of them is ever changed; ``looked/`` beside
them says who looked at the replacements.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import re
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from src import files
from src.config import get_settings
from src.errors import FinetuningError, StorageError, TrainingSetNotFound
from src.finetuning.building import Built, records
from src.finetuning.model import Report
from src.finetuning.recipe import Recipe
from src.jsonable import Jsonable
from src.logs import get_logger
from src.messages import N_, Message
from src.persistence import read_json, utc_now, write_json
from src.persistence.atomic import sync_folder

FILES = ("train.jsonl", "validation.jsonl", "test.jsonl")
MANIFEST, REPORT = "manifest.json", "report.json"
TRASH, REPORTS = ".lixeira", ".relatorios"
KEEP_DAYS = 30
_NAME = re.compile(r"[\w][\w .-]{0,79}")
_VERSION = re.compile(r"v([1-9]\d{0,8})")
log = get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class TrainingSet(Built, Jsonable):
    """One version of a data set, as its manifest tells it.

    Attributes
    ----------
    job_id : str
        The job that built it.
    hashes : dict
        SHA-256 (hex) of each file.
    libraries : dict
        Versions that had a part in it.
    """

    name: str
    version: int
    created_at: dt.datetime
    actor: str
    job_id: str
    recipe: Recipe
    hashes: dict[str, str]
    result: str
    libraries: dict[str, str]

    @property
    def losses(self) -> list[Message]:
        """What each step left out, in words."""
        return self.recipe.losses(self.counts, self.approved)


@dataclass(frozen=True)
class DeletedSet(Jsonable):
    """A version in the trash."""

    id: str
    name: str
    version: int
    deleted_at: dt.datetime
    actor: str


def home() -> Path:
    """Return the folder of all data sets."""
    return get_settings().data_dir / "conjuntos"


def check_name(name: str) -> str:
    """Return ``name`` without space around it, if it can be a folder's name.

    Raises
    ------
    FinetuningError
        If it cannot.
    """
    name = name.strip()
    if not _NAME.fullmatch(name) or name.endswith("."):
        raise FinetuningError(
            N_(
                "«{name}» não serve como nome de conjunto. Use até 80 letras, números, espaços, "
                "hífens ou pontos, começando por letra ou número."
            ),
            name=name[:100],
        )
    return name


def publish(folder: Path, name: str, manifest: dict[str, Any]) -> TrainingSet:
    """Make a finished folder the next version of ``name``; readers see all of it or nothing.

    Parameters
    ----------
    folder : Path
        On the same disk; it is moved away.
    """
    parent = home() / name
    parent.mkdir(parents=True, exist_ok=True)
    while True:
        version = 1 + max((*_versions(name), *_discarded(name)), default=0)
        write_json(folder / MANIFEST, manifest | {"name": name, "version": version})
        sync_folder(folder)
        target = parent / f"v{version}"
        try:
            folder.rename(target)
        except OSError:
            if not target.exists():  # else somebody published at the same moment
                raise
            continue
        sync_folder(parent)
        log.info("training_set_built", name=name, version=version, actor=manifest["actor"])
        return get(name, version)


def _versions(name: str) -> list[int]:
    folder = home() / name
    found = (
        (_VERSION.fullmatch(entry.name) for entry in folder.iterdir()) if folder.is_dir() else ()
    )
    return sorted(int(match[1]) for match in found if match)


def _discarded(name: str) -> list[int]:
    return [entry.version for entry in list_deleted() if entry.name == name]


def list_sets() -> list[TrainingSet]:
    """Return every version, newest first; a folder whose manifest cannot be read is logged."""
    found = []
    for folder in sorted(home().iterdir()) if home().is_dir() else ():
        if folder.name.startswith(".") or not folder.is_dir():
            continue
        for version in _versions(folder.name):
            try:
                found.append(get(folder.name, version))
            except (TrainingSetNotFound, StorageError) as error:
                log.warning("training_set_unreadable", folder=str(folder), reason=str(error))
    found.sort(key=lambda one: (one.created_at, one.name, one.version), reverse=True)
    return found


def same_bytes(one: TrainingSet) -> TrainingSet | None:
    """Return the earliest other version, of any name, whose chats are the same byte by byte."""
    chats = [one.hashes.get(file) for file in FILES]
    return next(
        (
            other
            for other in reversed(list_sets())
            if [other.hashes.get(file) for file in FILES] == chats
            and (other.name, other.version) != (one.name, one.version)
            and other.created_at <= one.created_at
        ),
        None,
    )


def built_by(job_id: str) -> TrainingSet | None:
    """Return the version that a job has published, if it has."""
    return next((one for one in list_sets() if one.job_id == job_id), None)


def get(name: str, version: int | None = None) -> TrainingSet:
    """Return one version; without a number, the newest.

    Raises
    ------
    TrainingSetNotFound
        If there is none.
    StorageError
        If its manifest cannot be read.
    """
    path = folder_of(name, version) / MANIFEST
    try:
        return TrainingSet.from_dict(read_json(path))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StorageError(
            N_(
                "O manifesto de «{name}» não pôde ser lido ({reason}). Recupere-o da cópia de "
                "segurança ou construa o conjunto de novo."
            ),
            name=name,
            reason=str(error)[:200],
        ) from error


def folder_of(name: str, version: int | None = None) -> Path:
    """Return the folder of a version.

    Raises
    ------
    TrainingSetNotFound
        If there is none.
    """
    if _NAME.fullmatch(name):
        number = version if version is not None else max(_versions(name), default=0)
        folder = home() / name / f"v{number}"
        if (folder / MANIFEST).exists():
            return folder
    raise TrainingSetNotFound(
        N_("O conjunto «{name}» não existe mais nessa versão. Escolha outro na lista."), name=name
    )


def path(name: str, version: int, file: str) -> Path:
    """Return where one of the chat files or ``manifest.json`` is, for a download.

    Raises
    ------
    TrainingSetNotFound
        If there is no such version or file.
    """
    if file not in (*FILES, MANIFEST):
        raise TrainingSetNotFound(N_("O conjunto não tem o arquivo {file}."), file=file)
    return folder_of(name, version) / file


def lines(name: str, version: int, file: str) -> Iterator[dict[str, Any]]:
    """Yield the records of one of a version's files."""
    return records(folder_of(name, version) / file)


def report(name: str, version: int) -> Report:
    """Return the examination made when the version was built.

    Raises
    ------
    TrainingSetNotFound
        If there is no such version.
    StorageError
        If the report cannot be read.
    """
    return _report(folder_of(name, version) / REPORT)


def _report(path: Path) -> Report:
    try:
        return Report.from_dict(read_json(path))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StorageError(
            N_("O relatório de validação não pôde ser lido ({reason}). Valide de novo."),
            reason=str(error)[:200],
        ) from error


def keep_report(job_id: str, report: Report) -> None:
    """Keep a later examination for 30 days."""
    folder = home() / REPORTS
    files.remove_old(folder, KEEP_DAYS * 24 * 3600)
    write_json(folder / f"{job_id}.json", report.to_dict())


def kept_report(job_id: str) -> Report:
    """Return the examination that a job made."""
    return _report(home() / REPORTS / f"{job_id}.json")


def changed_files(name: str, version: int) -> tuple[str, ...]:
    """Return which files are no longer those that were built, by their hashes."""
    folder, hashes = folder_of(name, version), get(name, version).hashes
    return tuple(
        file
        for file, built in hashes.items()
        if not (folder / file).exists() or sha256(folder / file) != built
    )


def sha256(path: Path) -> str:
    """Return the hash of a file (hex)."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def delete(name: str, version: int, *, actor: str) -> str:
    """Move a version to the trash and return what :func:`restore` takes.

    What has been there for more than 30 days is removed for good.

    Raises
    ------
    TrainingSetNotFound
        If there is none.
    """
    folder = folder_of(name, version)
    _empty_old()
    identifier = uuid.uuid4().hex
    trash = home() / TRASH
    trash.mkdir(exist_ok=True)
    record = {"name": name, "version": version, "actor": actor, "deleted_at": utc_now().isoformat()}
    write_json(trash / f"{identifier}.json", record)
    folder.rename(trash / identifier)
    with contextlib.suppress(OSError):  # other versions are there
        folder.parent.rmdir()
    log.info("training_set_deleted", name=name, version=version, actor=actor)
    return identifier


def list_deleted() -> list[DeletedSet]:
    """Return what is in the trash, last deleted first."""
    found = []
    for file in (home() / TRASH).glob("*.json"):
        if not file.with_suffix("").is_dir():
            continue  # a deletion that was killed before it moved anything
        found.append(DeletedSet.from_dict({"id": file.stem, **read_json(file)}))
    return sorted(found, key=lambda one: one.deleted_at, reverse=True)


def restore(identifier: str, *, actor: str) -> TrainingSet:
    """Bring a version back under its name and number, which nobody else has been given.

    Raises
    ------
    TrainingSetNotFound
        If it is no longer in the trash.
    """
    entry = next((one for one in list_deleted() if one.id == identifier), None)
    if entry is None:
        raise TrainingSetNotFound(
            N_("Esse conjunto não está mais na lixeira; ele já foi restaurado ou apagado de vez.")
        )
    trash = home() / TRASH
    target = home() / entry.name / f"v{entry.version}"
    target.parent.mkdir(parents=True, exist_ok=True)
    (trash / identifier).rename(target)
    (trash / f"{identifier}.json").unlink()
    log.info("training_set_restored", name=entry.name, version=entry.version, actor=actor)
    return get(entry.name, entry.version)


def _empty_old() -> None:
    before = utc_now() - dt.timedelta(days=KEEP_DAYS)
    for entry in list_deleted():
        if entry.deleted_at < before:
            shutil.rmtree(home() / TRASH / entry.id, ignore_errors=True)
            (home() / TRASH / f"{entry.id}.json").unlink(missing_ok=True)
