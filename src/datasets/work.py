"""Imports outside the page, as jobs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from src import jobs
from src.datasets.importing import LOOKING, WRITING, check_free, import_file
from src.messages import N_, Message


def start_import(
    path: str | Path, name: str, *, actor: str, source_name: str, skip_ragged: bool = False
) -> str:
    """Queue the import of a file and return the job's identifier.

    The job's result is ``{"name": ...}``, the table's name. The file is removed once it is
    imported.

    Raises
    ------
    ImportFailed
        If the name cannot be used.
    """
    name = check_free(name)
    return jobs.submit(
        "datasets.import",
        {
            "path": str(path),
            "name": name,
            "source_name": source_name,
            "skip_ragged": skip_ragged,
        },
        title=Message(N_("Importação de {file}"), {"file": source_name}),
        actor=actor,
    )


def import_upload(params: dict[str, Any], context: jobs.JobContext) -> dict[str, Any]:
    """Import a stored upload; a repetition after a crash does not import twice."""

    def report(rows: int, fraction: float) -> None:
        step = Message(N_("{rows} linhas lidas"), {"rows": rows})
        if fraction > WRITING:
            step = Message(N_("calculando o perfil de {rows} linhas"), {"rows": rows})
        elif fraction > LOOKING:
            step = Message(N_("{rows} linhas gravadas"), {"rows": rows})
        context.share(fraction, step)

    path = Path(params["path"])
    name = import_file(
        path,
        params["name"],
        actor=context.actor,
        source_name=params["source_name"],
        skip_ragged=params["skip_ragged"],
        on_progress=report,
        import_id=context.job_id,
    )
    path.unlink(missing_ok=True)
    return {"name": name}
