"""The documented ``user_interactions.json``, read and written."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import orjson

from src import files
from src.collection import json_file, store
from src.collection.export import listed
from src.collection.model import check_all
from src.collection.moments import documented
from src.collection.recording import Recorded, Recording
from src.errors import CollectionError
from src.messages import N_
from src.persistence import utc_now, write_pieces

VERSION = "1.0"


def import_json(
    path: Path | str,
    *,
    on_progress: Callable[[int, int], None] | None = None,
    called: str | None = None,
) -> Recorded:
    """Store the events of a file; events that are there already count once.

    Memory does not grow with the file. That a file was imported does not count as a sign of life
    of the site (``Overview.last_received``).

    Parameters
    ----------
    path : path
        ``{"interactions": [...], "metadata": {...}}`` in UTF-8, with or without byte order mark,
        compressed or not.
    on_progress : callable, optional
        Called after each of some hundred events with the bytes read so far and those of the file.
    called : str, optional
        What errors call the file: an upload lies under another name than the person gave it.

    Raises
    ------
    CollectionError
        If the file is not there, is no JSON, or has no list of interactions. The message says how
        many events before a break in the middle were stored.
    StorageError
        If the database does not answer.
    """
    with files.faults_as(CollectionError), _no_search_for_cycles():
        source = files.content(Path(path), called)
        with source.open() as file:
            return _recorded(file, source, on_progress or (lambda _done, _total: None))


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    # Events hold no references in circles; searching the many that are alive takes a sixth of the
    # time of an import. Whatever else this process makes meanwhile is searched afterwards.
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _recorded(
    file: BinaryIO, source: files.Content, on_progress: Callable[[int, int], None]
) -> Recorded:
    recording = Recording(from_sender=False)
    try:
        for piece in json_file.pieces(file):
            recording.take(check_all(piece))
            on_progress(min(file.tell(), source.size), source.size)
    except json_file.NoList:
        raise CollectionError(
            N_(
                "{file} não tem a lista «interactions». Exporte de novo o "
                "user_interactions.json do site, ou confira se é esse o arquivo."
            ),
            file=source.name,
        ) from None
    except json_file.Damaged as damage:
        raise CollectionError(
            N_(
                "{file} não pôde ser lido até o fim: {reason}. Eventos novos gravados antes disso: "
                "{accepted}. Exporte o arquivo de novo e importe-o outra vez; nada será contado "
                "em dobro."
            ),
            file=source.name,
            reason=damage.reason,
            accepted=recording.finish().accepted,
        ) from None
    return recording.finish()


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
    with store.stored() as found:
        try:
            write_pieces(path, _document(found))
        except OSError as error:
            raise CollectionError(
                N_("{file} não pôde ser gravado: {reason}. Escolha outra pasta ou libere espaço."),
                file=path.name,
                reason=error.strerror or "",
            ) from error
        return found.count


def _document(found: store.Stored) -> Iterator[bytes]:
    yield b'{"interactions": [\n'
    yield from listed(found)
    now = utc_now()
    metadata = {
        "created_at": documented(found.first or now),
        "last_updated": documented(found.last or now),
        "total_count": found.count,
        "version": VERSION,
    }
    yield b'\n], "metadata": ' + orjson.dumps(metadata) + b"}\n"
