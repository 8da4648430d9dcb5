"""The documented ``user_interactions.json``, read and written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ijson

from src.collection import store
from src.collection.recording import Recorded, record_many
from src.errors import CollectionError
from src.messages import N_
from src.persistence import utc_now

VERSION = "1.0"


def import_json(
    path: Path | str, *, on_progress: Callable[[int, int], None] | None = None
) -> Recorded:
    """Store the events of a file; events that are there already count once.

    Read as a stream: memory does not grow with the file.

    Parameters
    ----------
    path : path
        ``{"interactions": [...], "metadata": {...}}``.
    on_progress : callable, optional
        Called now and then with the bytes read so far and the bytes of the file.

    Raises
    ------
    CollectionError
        If the file is not there, is no JSON, or has no list of interactions. What came before a
        break in the middle is stored.
    StorageError
        If the database does not answer.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            if not _has_interactions(file):
                raise CollectionError(
                    N_(
                        "{file} não tem a lista «interactions». Exporte de novo o "
                        "user_interactions.json do site, ou confira se é esse o arquivo."
                    ),
                    file=path.name,
                )
            file.seek(0)
            return record_many(ijson.items(file, "interactions.item", use_float=True))
    except OSError as error:
        raise CollectionError(
            N_("{file} não pôde ser lido: {reason}."), file=path.name, reason=error.strerror or ""
        ) from error
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise CollectionError(
            N_("{file} não é JSON válido ({reason}). O que veio antes do erro foi gravado."),
            file=path.name,
            reason=str(error)[:200],
        ) from error


def _has_interactions(file: Any) -> bool:
    for prefix, event, _value in ijson.parse(file):
        if prefix == "interactions":
            return bool(event == "start_array")
    return False


def export_json(path: Path | str) -> int:
    """Write every event in the documented shape and return how many there were.

    A reader finds the whole file or the one before it.

    Raises
    ------
    StorageError
        If the database does not answer.
    CollectionError
        If the file cannot be written.
    """
    path = Path(path)
    temporary = path.with_name(path.name + ".tmp")
    count = 0
    try:
        with temporary.open("w", encoding="utf-8") as file:
            for piece in _document():
                file.write(piece)
                count += piece.endswith("}")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise CollectionError(
            N_("{file} não pôde ser gravado: {reason}. Escolha outra pasta ou libere espaço."),
            file=path.name,
            reason=error.strerror or "",
        ) from error
    return count


def _document() -> Iterator[str]:
    created = last = None
    count = 0
    yield '{"interactions": ['
    for event in store.every():
        created = created or event["timestamp"]
        last = event["timestamp"]
        yield ("," if count else "") + "\n" + json.dumps(event, ensure_ascii=False)
        count += 1
    metadata = {
        "created_at": created or store.written(utc_now()),
        "last_updated": last or store.written(utc_now()),
        "total_count": count,
        "version": VERSION,
    }
    yield f'\n], "metadata": {json.dumps(metadata)}}}\n'
