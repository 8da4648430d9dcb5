"""Files of events outside the page, as jobs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from src import files, jobs
from src.collection.export import Form, stream
from src.collection.files import import_json
from src.collection.model import InteractionType
from src.config import get_settings
from src.errors import CollectionError
from src.messages import N_, Message
from src.persistence import write_pieces

KEEP_SECONDS = 24 * 3600
"""How long an exported file stays: it holds what people did."""

SWEEP_SECONDS = 3600

STEP_BYTES = 1_000_000
"""After how much the progress of an export is told again."""


def start_import(path: str | Path, *, source_name: str, actor: str) -> str:
    """Queue the import of a ``user_interactions.json`` and return the job's identifier.

    The job's result is ``{"accepted", "duplicates", "rejected", "reasons"}``: three counts, and
    the rejected events by reason. The file is removed once it is imported.
    """
    return jobs.submit(
        "collection.import",
        {"path": str(path), "name": source_name},
        title=Message(N_("Importação de {file}"), {"file": source_name}),
        actor=actor,
    )


def import_upload(params: dict[str, Any], context: jobs.JobContext) -> dict[str, Any]:
    """Import a stored upload; a repetition after a crash counts nothing twice."""
    step = Message(N_("lendo o arquivo"))

    def report(done: int, total: int) -> None:
        context.share(done / max(1, total), step)

    path = Path(params["path"])
    recorded = import_json(path, on_progress=report, called=params["name"])
    path.unlink(missing_ok=True)
    return {
        "accepted": recorded.accepted,
        "duplicates": recorded.duplicates,
        "rejected": recorded.refused,
        "reasons": dict(recorded.reasons),
    }


def start_export(
    form: Form,
    *,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    kinds: Collection[InteractionType] = (),
    actor: str,
) -> str:
    """Queue the writing of events to a file and return the job's identifier.

    The job's result is ``{"path", "bytes"}``. Files are removed after a day; see
    :func:`remove_old_exports`.

    Parameters
    ----------
    form : {"json", "ndjson", "csv", "parquet"}
        As for :func:`src.collection.export.stream`, as are the others.
    """
    return jobs.submit(
        "collection.export",
        {
            "form": form,
            "since": since.isoformat() if since else None,
            "until": until.isoformat() if until else None,
            "kinds": [kind.value for kind in kinds],
        },
        title=Message(N_("Exportação das interações ({form})"), {"form": form}),
        actor=actor,
    )


def export(params: dict[str, Any], context: jobs.JobContext) -> dict[str, Any]:
    """Write events to a file of the exports folder, whole or not at all."""
    path = _folder() / f"{context.job_id}.{params['form']}"
    pieces = stream(
        params["form"],
        since=_moment(params["since"]),
        until=_moment(params["until"]),
        kinds=[InteractionType(kind) for kind in params["kinds"]],
    )
    try:
        write_pieces(path, _reported(pieces, context))
    except OSError as error:
        raise CollectionError(
            N_(
                "O arquivo não pôde ser gravado ({reason}). Nada foi exportado. Libere espaço no "
                "disco e exporte de novo."
            ),
            reason=error.strerror or str(error),
        ) from error
    return {"path": str(path), "bytes": path.stat().st_size}


def _reported(pieces: Iterable[bytes], context: jobs.JobContext) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        context.check()
        yield piece
        before, size = size, size + len(piece)
        if before // STEP_BYTES != size // STEP_BYTES:
            written = {"megabytes": size // STEP_BYTES}
            context.report(0, 0, Message(N_("{megabytes} MB gravados"), written))


def _moment(written: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(written) if written else None


def remove_old_exports() -> float:
    """Remove exported files that are older than a day, and what a killed export left behind.

    Returns
    -------
    float
        After how many seconds to call it again.
    """
    files.remove_old(_folder(), KEEP_SECONDS)
    return SWEEP_SECONDS


def _folder() -> Path:
    return get_settings().data_dir / "exports"
