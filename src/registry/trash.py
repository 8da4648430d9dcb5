"""Deleted models, kept for a while, and what happened to a damaged index."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path

from src.errors import DuplicateModelName, ModelNotFound, RegistryError
from src.messages import N_, Message
from src.persistence import utc_now
from src.registry import entry, models, names, store

TRASH_DAYS = 30
"""How long a deleted model can be restored."""


@dataclass(frozen=True)
class DeletedModel:
    """A model in the trash.

    Parameters
    ----------
    id : str
        Tells it from others that had the same name.
    name : str
        What it was called.
    deleted_at : datetime
        In UTC.
    actor : str
        Who deleted it; empty for what an interrupted save left.
    size : int
        In bytes.
    """

    id: str
    name: str
    deleted_at: dt.datetime
    actor: str
    size: int


def list_deleted(*, folder: Path | None = None) -> list[DeletedModel]:
    """Return what lies in the trash, last deleted first."""
    return [
        DeletedModel(
            id=identifier,
            name=str(record.get("name", "")),
            deleted_at=entry.moment(record["deleted_at"]),
            actor=str(record.get("deleted_by", "")),
            size=int(record.get("size", 0)),
        )
        for identifier, record in store.trash(models.place(folder)).items()
    ]


def restore_model(identifier: str, *, actor: str = "", folder: Path | None = None) -> str:
    """Bring a deleted model back under its name, signed or quarantined as it was.

    Its aliases that another model has not taken meanwhile come back with it.

    Raises
    ------
    ModelNotFound
        If it is no longer in the trash.
    DuplicateModelName
        If another model has its name by now.
    RegistryError
        If somebody has put a file where its own was.
    """
    home = models.place(folder)
    with store.changing(home) as index, store.reporting(home):
        record = store.trash(home).get(identifier)
        if record is None:
            raise ModelNotFound(
                N_("Esse modelo não está mais na lixeira; ele já foi restaurado ou apagado de vez.")
            )
        name = record["name"]
        taken = {names.key(other) for other in index}
        if names.key(name) in taken:
            raise DuplicateModelName(
                N_(
                    "Não dá para restaurar «{name}»: há outro modelo com esse nome. Apague o "
                    "outro antes; «{suggestion}» está livre para salvá-lo de novo."
                ),
                name=name,
                suggestion=names.free(name, taken),
            )
        file = store.file_of(record)
        for place in (file, store.manifest_name(file)):
            if (home / place).exists():
                raise RegistryError(
                    N_(
                        "Não dá para restaurar «{name}»: já existe um arquivo {file} na pasta dos "
                        "modelos, e ele não é desse modelo. Apague-o ou mude o nome dele, e "
                        "restaure de novo."
                    ),
                    name=name,
                    file=place,
                )
        for line in index.values():
            taken |= {names.key(alias) for alias in line["aliases"]}
        aliases = [alias for alias in record["aliases"] if names.key(alias) not in taken]
        index[name] = {
            key: value
            for key, value in record.items()
            if key not in {"name", "deleted_at", "deleted_by"}
        } | {"aliases": aliases}
        store.put_back(home, index, identifier, record)
        models.log_event("model_restored", model=name, actor=actor)
        return name


def empty_trash(*, actor: str = "", folder: Path | None = None) -> int:
    """Remove every deleted model for good and return how many there were."""
    home = models.place(folder)
    with store.locked(home):
        with contextlib.suppress(OSError):  # on a full disk; emptying is what makes room
            store.sweep(home, store.open_index(home))
        count = len(store.trash(home))
        shutil.rmtree(home / store.TRASH, ignore_errors=True)
    models.log_event("trash_emptied", models=count, actor=actor)
    return count


def purge(*, folder: Path | None = None) -> None:
    """Remove for good what has been in the trash for longer than 30 days."""
    home = models.place(folder)
    limit = utc_now() - dt.timedelta(days=TRASH_DAYS)
    old = [item for item in list_deleted(folder=home) if item.deleted_at < limit]
    if old:
        with store.locked(home):
            for item in old:
                shutil.rmtree(home / store.TRASH / item.id, ignore_errors=True)


def notices(*, folder: Path | None = None) -> list[Message]:
    """Return what happened to the folder that someone should know."""
    return [store.damage_notice(path) for path in store.damaged(models.place(folder))]


def clear_notices(*, folder: Path | None = None) -> None:
    """Remove the damaged indexes that were set aside, once someone has seen the notice."""
    home = models.place(folder)
    with store.locked(home):
        for path in store.damaged(home):
            path.unlink(missing_ok=True)
