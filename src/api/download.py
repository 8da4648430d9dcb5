"""A file that is made while it is sent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator, Iterator
from enum import StrEnum
from http import HTTPStatus
from typing import Any

import anyio
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from src.api.documents import EVENT
from src.api.problems import Refusal
from src.messages import N_, Message

AT_ONCE = 3
"""Downloads that run together; each takes processor time from the events that come in."""

Pieces = Generator[bytes, None, None]

_running = 0


class FileForm(StrEnum):
    """The forms in which events are written."""

    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"
    PARQUET = "parquet"


MEDIA_TYPES = {
    FileForm.JSON: "application/json",
    FileForm.NDJSON: "application/x-ndjson",
    FileForm.CSV: "text/csv",
    FileForm.PARQUET: "application/vnd.apache.parquet",
}
_JSON = {
    "type": "object",
    "required": ["total", "interactions", "exported_at"],
    "properties": {
        "total": {"type": "integer"},
        "interactions": {"type": "array", "items": {"type": "object"}},
        "exported_at": {"type": "string", "format": "date-time"},
    },
}
_TEXT = {"type": "string"}
CONTENT: dict[str, dict[str, Any]] = {
    MEDIA_TYPES[form]: {"schema": schema, "example": example}
    for form, schema, example in (
        (
            FileForm.JSON,
            _JSON,
            {"total": 1, "interactions": [EVENT], "exported_at": "2024-11-11T12:00:00.000Z"},
        ),
        (FileForm.NDJSON, _TEXT, '{"id":"int_000001","session_id":"sess_1699999999999_abc123"}\n'),
        (FileForm.CSV, _TEXT, "id,session_id\nint_000001,sess_1699999999999_abc123\n"),
        (FileForm.PARQUET, {"type": "string", "format": "binary"}, "PAR1"),
    )
}
"""Schema and a short file of each form, for the OpenAPI document."""


class Download(StreamingResponse):
    """A response that gives back what made it, however it ends."""

    def __init__(self, first: bytes, rest: Pieces, form: FileForm, name: str) -> None:
        self._rest = rest
        super().__init__(
            _joined(first, rest),
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
            media_type=MEDIA_TYPES[form],
        )

    @classmethod
    async def begin(cls, pieces: Iterator[bytes], form: FileForm, name: str) -> Download:
        """Make the first piece, so that what fails at once is answered with a problem.

        Raises
        ------
        Refusal
            429 if too many downloads are running.
        StorageError
            If the database does not answer.
        """
        global _running
        if _running >= AT_ONCE:
            raise Refusal(
                HTTPStatus.TOO_MANY_REQUESTS,
                "too-many",
                Message(N_("Outras exportações estão em andamento. Tente de novo em instantes.")),
                headers={"Retry-After": "10"},
            )
        _running += 1
        rest = _every(pieces)
        try:
            return cls(await run_in_threadpool(next, rest, b""), rest, form, name)
        except BaseException:
            _running -= 1
            raise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file; close what reads the events even if nobody takes it to the end."""
        global _running
        try:
            await super().__call__(scope, receive, send)
        finally:
            _running -= 1
            with anyio.CancelScope(shield=True):
                await run_in_threadpool(self._rest.close)


def _every(pieces: Iterator[bytes]) -> Pieces:
    """Make pieces closable, whatever iterates over them."""
    yield from pieces


async def _joined(first: bytes, rest: Pieces) -> AsyncIterator[bytes]:
    yield first
    async for piece in iterate_in_threadpool(rest):
        yield piece
