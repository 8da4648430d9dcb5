"""Who looked at what was replaced in a version, and when: only then does it leave the house."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from src.errors import FinetuningError
from src.finetuning import store
from src.logs import get_logger
from src.messages import N_
from src.persistence import read_json, utc_now, write_json

FOLDER = "looked"
"""Beside the version's files, which stay as they are; it goes to the trash and back with them."""

log = get_logger(__name__)


@dataclass(frozen=True)
class Clearance:
    """Somebody said that they looked at the replacements and know what the search misses."""

    actor: str
    at: dt.datetime


def clear(name: str, version: int, *, actor: str) -> Clearance:
    """Record that somebody looked at the replacements of a version. It cannot be taken back.

    Raises
    ------
    FinetuningError
        If nobody is named: a record without a name answers for nothing.
    TrainingSetNotFound
        If there is no such version.
    """
    actor = actor.strip()
    if not actor:
        raise FinetuningError(
            N_(
                "Falta dizer quem olhou as substituições: o registro fica com a versão. Escreva o "
                "seu nome na barra lateral e marque de novo."
            )
        )
    folder = store.folder_of(name, version) / FOLDER
    folder.mkdir(exist_ok=True)
    at = utc_now()
    write_json(folder / f"{uuid.uuid4().hex}.json", {"actor": actor, "at": at.isoformat()})
    log.info("training_set_cleared", name=name, version=version, actor=actor)
    return Clearance(actor, at)


def clearances(name: str, version: int) -> tuple[Clearance, ...]:
    """Return who looked at the replacements of a version, the first one first.

    Raises
    ------
    TrainingSetNotFound
        If there is no such version.
    """
    records = map(read_json, (store.folder_of(name, version) / FOLDER).glob("*.json"))
    found = (Clearance(one["actor"], dt.datetime.fromisoformat(one["at"])) for one in records)
    return tuple(sorted(found, key=lambda one: one.at))
