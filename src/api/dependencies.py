"""What routes ask for: a key that opens them, a body that is not too large, the intake."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Query, Request, Security
from fastapi.security import APIKeyHeader

from src.access import Keys
from src.api.problems import MISSING_KEY, WRONG_KEY, Refusal
from src.collection import Intake
from src.messages import N_, Message

_header = APIKeyHeader(
    name="X-API-Key",
    scheme_name="key",
    description="the read key, or for sending events and feedback also the write key",
    auto_error=False,
)
Header = Annotated[str | None, Security(_header)]


def keys(request: Request) -> Keys:
    """Return the keys of this application."""
    found: Keys = request.app.state.keys
    return found


async def intake(request: Request) -> Intake:
    """Return what stores the events of this application."""
    found: Intake = request.app.state.intake
    return found


async def reader(request: Request, key: Header) -> None:
    """Let pass who has the read key."""
    if not keys(request).may_read(_given(key)):
        raise _wrong()


async def writer(request: Request, key: Header) -> None:
    """Let pass who has one of the keys."""
    if not keys(request).may_write(_given(key)):
        raise _wrong()


async def beacon_writer(
    request: Request,
    header: Header,
    key: Annotated[
        str | None,
        Query(description="the write key, for navigator.sendBeacon, which cannot set a header"),
    ] = None,
) -> None:
    """Let pass who has one of the keys in the header, or the write key in the address."""
    if header is None and key is not None:
        if not keys(request).is_write_key(key):
            raise _wrong()
    else:
        await writer(request, header)


async def reads_all(request: Request, key: Header) -> bool:
    """Return whether the answer may tell what is stored."""
    return key is not None and keys(request).may_read(_given(key))


Reader = Depends(reader)
ReadsAll = Annotated[bool, Depends(reads_all)]
Writer = Depends(writer)
BeaconWriter = Depends(beacon_writer)


def _given(key: str | None) -> str:
    if not key:
        raise Refusal(
            HTTPStatus.UNAUTHORIZED,
            "missing-key",
            MISSING_KEY,
            headers={"WWW-Authenticate": 'ApiKey realm="bancada"'},
        )
    return key.encode("latin-1").decode(errors="replace")  # header bytes, read as UTF-8


def _wrong() -> Refusal:
    return Refusal(HTTPStatus.FORBIDDEN, "wrong-key", WRONG_KEY)


async def read_body(request: Request, limit: int, types: tuple[str, ...]) -> bytes:
    """Return the body of a request.

    Parameters
    ----------
    request : Request
        Its body may be declared or chunked; not more than ``limit`` is kept of it.
    limit : int
        The most bytes it may have.
    types : tuple of str
        Content types that are taken.

    Raises
    ------
    Refusal
        415 for another type, 413 for a larger body.
    """
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in types:
        raise Refusal(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "unsupported-type",
            Message(
                N_("O tipo do corpo não é aceito. Envie o cabeçalho Content-Type: {types}."),
                {"types": " / ".join(types)},
            ),
        )
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise _too_large(limit)
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            raise _too_large(limit)
    return bytes(body)


def _too_large(limit: int) -> Refusal:
    return Refusal(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "too-large",
        Message(
            N_("O corpo passa de {limit} KiB. Envie menos de cada vez."),
            {"limit": limit // 1024},
        ),
    )


Events = Annotated[Intake, Depends(intake)]
