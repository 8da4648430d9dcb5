"""Deleted models, kept for a while, and what happened to a damaged index."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path

from src.errors import DuplicateModelName, ModelNotFound, RegistryError
from src.logs import get_logger
from src.messages import N_, Message
from src.persistence import utc_now
from src.registry import loading, names, store
from src.registry.records import moment

_logger = get_logger(__name__)

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


def delete_model(name: str, *, actor: str = "", folder: Path | None = None) -> None:
    """Move a model to the trash, whence :func:`restore_model` brings it back for 30 days.

    Raises
    ------
    ModelNotFound
        If there is none of that name. An alias is not enough to delete a model.
    """
    home = store.place(folder)
    with store.changing(home) as index:
        model, _line = loading.find(home, name, index)
        if model != names.clean(name):
            raise ModelNotFound(
                N_("«{alias}» é um apelido do modelo «{name}». Para apagar, use o nome dele."),
                alias=name,
                name=model,
            )
        store.discard(home, index, model, actor=actor)


def list_deleted(*, folder: Path | None = None) -> list[DeletedModel]:
    """Return what lies in the trash, last deleted first."""
    return [
        DeletedModel(
            id=identifier,
            name=line.name,
            deleted_at=moment(line.deleted_at),
            actor=line.deleted_by,
            size=line.size,
        )
        for identifier, line in store.deleted_lines(store.place(folder)).items()
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
    home = store.place(folder)
    with store.changing(home) as index:
        line = store.deleted_lines(home).get(identifier)
        if line is None:
            raise ModelNotFound(
                N_("Esse modelo não está mais na lixeira; ele já foi restaurado ou apagado de vez.")
            )
        name, models = line.name, {names.key(other) for other in index}
        if names.key(name) in models:
            raise DuplicateModelName(
                N_(
                    "Não dá para restaurar «{name}»: há outro modelo com esse nome. Apague o "
                    "outro antes; «{suggestion}» está livre para salvá-lo de novo."
                ),
                name=name,
                suggestion=names.free(name, models),
            )
        for file in (line.file, store.manifest_name(line.file)):
            if (home / file).exists():
                raise RegistryError(
                    N_(
                        "Não dá para restaurar «{name}»: já existe um arquivo {file} na pasta dos "
                        "modelos, e ele não é desse modelo. Apague-o ou mude o nome dele, e "
                        "restaure de novo."
                    ),
                    name=name,
                    file=file,
                )
        taken = store.taken_names(index)
        line.aliases = [alias for alias in line.aliases if names.key(alias) not in taken]
        index[name] = line
        store.put_back(home, index, identifier, line.file)
        _logger.info("model_restored", model=name, actor=actor)
        return name


def empty_trash(*, actor: str = "", folder: Path | None = None) -> int:
    """Remove every deleted model for good and return how many there were."""
    home = store.place(folder)
    with store.locked(home):
        with contextlib.suppress(OSError):  # on a full disk; emptying is what makes room
            store.sweep(home)
        count = len(store.deleted_lines(home))
        shutil.rmtree(home / store.TRASH, ignore_errors=True)
    _logger.info("trash_emptied", models=count, actor=actor)
    return count


def purge(*, folder: Path | None = None) -> None:
    """Remove for good what has been in the trash for longer than 30 days."""
    home = store.place(folder)
    limit = utc_now() - dt.timedelta(days=TRASH_DAYS)
    old = [item for item in list_deleted(folder=home) if item.deleted_at < limit]
    if old:
        with store.locked(home):
            for item in old:
                shutil.rmtree(home / store.TRASH / item.id, ignore_errors=True)


def notices(*, folder: Path | None = None) -> list[Message]:
    """Return what happened to the folder that someone should know."""
    return [
        Message(
            N_(
                "O índice dos modelos estava danificado e foi refeito a partir dos arquivos "
                "assinados. O índice antigo foi guardado como {file}."
            ),
            {"file": path.name},
        )
        for path in store.damaged(store.place(folder))
    ]


def clear_notices(*, folder: Path | None = None) -> None:
    """Remove the damaged indexes that were set aside, once someone has seen the notice."""
    home = store.place(folder)
    with store.locked(home):
        for path in store.damaged(home):
            path.unlink(missing_ok=True)
