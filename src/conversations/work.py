"""Imports outside the page, as jobs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from src import jobs
from src.config import get_settings
from src.conversations.importing import OnProgress, import_file
from src.conversations.mapping import FieldMapping
from src.conversations.model import Role
from src.conversations.source_database import import_database
from src.errors import ConversationImportFailed
from src.messages import N_, Message


def start_import(path: str | Path, mapping: FieldMapping, *, actor: str, source_name: str) -> str:
    """Queue the import of a file and return the job's identifier.

    The job's result is that of ``Imported.to_dict``. The file is removed once it is imported.
    """
    return jobs.submit(
        "conversations.import",
        {"path": str(path), "mapping": mapping.to_dict(), "source_name": source_name},
        title=Message(N_("Importação das conversas de {file}"), {"file": source_name}),
        actor=actor,
    )


def start_database_import(
    *, actor: str, roles: dict[str, Role] | None = None, repair: bool = False
) -> str:
    """Queue the import from the database that ``BANCADA_CONVERSATIONS_URL`` names.

    The address is read by the job from the settings, so that its password is in no table.
    """
    return jobs.submit(
        "conversations.import_database",
        {"roles": {word: str(role) for word, role in (roles or {}).items()}, "repair": repair},
        title=Message(N_("Importação de conversas do banco do assistente"), {}),
        actor=actor,
    )


def run_file_import(params: dict[str, Any], context: jobs.JobContext) -> dict[str, Any]:
    """Import a stored upload; repeated after a crash, it goes on with what is missing."""
    path = Path(params["path"])
    done = import_file(
        path,
        FieldMapping.from_dict(params["mapping"]),
        actor=context.actor,
        name=params["source_name"],
        on_progress=_progress(context),
    )
    path.unlink(missing_ok=True)
    return done.to_dict()


def run_database_import(params: dict[str, Any], context: jobs.JobContext) -> dict[str, Any]:
    """Import what the assistant's database has gained."""
    done = import_database(
        _address(),
        actor=context.actor,
        roles={word: Role(role) for word, role in params["roles"].items()},
        repair=params["repair"],
        on_progress=_progress(context),
    )
    return done.to_dict()


def _progress(context: jobs.JobContext) -> OnProgress:
    def report(seen: int, fraction: float) -> None:
        step = Message(N_("{count} conversas lidas"), {"count": seen})
        context.share(fraction, step)

    return report


def _address() -> str:
    url = get_settings().conversations_url
    if url is None:
        raise ConversationImportFailed(
            N_(
                "Nenhum banco de origem está configurado. Defina BANCADA_CONVERSATIONS_URL e "
                "tente de novo."
            )
        )
    return url.get_secret_value()
