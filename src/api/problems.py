"""What is answered when a request cannot be: problem details (RFC 9457), always of one shape."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response

from src.collection import Fault
from src.config import get_settings
from src.errors import BancadaError, StorageError
from src.logs import get_logger
from src.messages import N_, Message
from src.translations import LANGUAGES, translate

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5

log = get_logger(__name__)

MISSING_KEY = Message(N_("Falta a chave: envie-a no cabeçalho X-API-Key."))
WRONG_KEY = Message(
    N_("A chave não abre este recurso. Confira se é a chave certa e se está inteira.")
)
UNAVAILABLE = Message(
    N_("O banco de dados não respondeu e nada foi gravado. Envie de novo em alguns segundos.")
)


class WrongField(BaseModel):
    """One thing that is wrong, without what was sent."""

    field: str
    kind: str


class ProblemDetail(BaseModel):
    """Why a request was refused, for programs (``type``, ``errors``) and people (``detail``)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[WrongField] | None = None


class Refusal(HTTPException):
    """A request that is refused for a reason of ours.

    Parameters
    ----------
    status : HTTPStatus
        What it means to a program.
    kind : str
        A word for ``type``, such as ``invalid-event``.
    detail : Message
        What happened and what to do.
    errors : sequence of Fault
        What is wrong, field by field.
    headers : mapping, optional
        Such as ``Retry-After``.
    """

    def __init__(
        self,
        status: HTTPStatus,
        kind: str,
        detail: Message,
        *,
        errors: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, str(detail), headers)
        self.kind = kind
        self.message = detail
        self.errors = errors


def invalid(kind: str, errors: Sequence[Fault]) -> Refusal:
    """Return the refusal of what does not follow its schema."""
    return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, kind, INVALID, errors=errors)


def answer(request: Request | None, refusal: Refusal) -> Response:
    """Return a problem as the response to a request, in the language that it asks for.

    It is counted by its kind, for ``GET /health/detailed``.
    """
    if request is not None:
        request.app.state.problems[refusal.kind] += 1
    status = HTTPStatus(refusal.status_code)
    body: dict[str, Any] = {
        "type": f"urn:bancada:problem:{refusal.kind}",
        "title": status.phrase,
        "status": int(status),
        "detail": translate(refusal.message, language(request)),
    }
    if refusal.errors:
        body["errors"] = [{"field": one.field, "kind": one.kind} for one in refusal.errors]
    return Response(orjson.dumps(body), status, refusal.headers, MEDIA_TYPE)


def language(request: Request | None) -> str:
    """Return the language a request asks for first, or else the one that is set."""
    wanted = "" if request is None else request.headers.get("accept-language", "")
    for known in LANGUAGES:
        if wanted.lower().startswith(known[:2]):
            return known
    return get_settings().language


def unexpected(request: Request | None, error: Exception) -> Response:
    """Log an error nobody foresaw and return a problem with the code it is logged under."""
    code = secrets.token_hex(4)
    path = None if request is None else request.url.path
    log.error("request_failed", code=code, path=path, exc_info=error)
    detail = Message(
        N_(
            "Algo inesperado aconteceu. O código {code} está também no registro do servidor; "
            "informe-o a quem cuida dele."
        ),
        {"code": code},
    )
    return answer(request, Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", detail))


def install(app: FastAPI) -> None:
    """Make every error of an application a problem."""

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        if isinstance(error, Refusal):
            return answer(request, error)
        status = HTTPStatus(error.status_code)
        kind, detail = _HTTP.get(status, ("request", _REQUEST))
        headers = dict(error.headers or {})
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            headers |= _allowed(request)
        return answer(request, Refusal(status, kind, detail, headers=headers))

    @app.exception_handler(RequestValidationError)
    async def not_of_schema(request: Request, error: RequestValidationError) -> Response:
        errors = [
            Fault(".".join(str(part) for part in found["loc"][1:]), str(found["type"]))
            for found in error.errors()
        ]
        return answer(request, invalid("invalid-request", errors))

    @app.exception_handler(StorageError)
    async def unavailable(request: Request, error: StorageError) -> Response:
        # The database's own words may name hosts and users: they are for the log.
        log.warning("storage_failed", path=request.url.path, reason=str(error))
        later = {"Retry-After": str(RETRY_SECONDS)}
        status = HTTPStatus.SERVICE_UNAVAILABLE
        return answer(request, Refusal(status, "unavailable", UNAVAILABLE, headers=later))

    @app.exception_handler(BancadaError)
    async def known(request: Request, error: BancadaError) -> Response:
        refusal = Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "refused", error.message)
        return answer(request, refusal)


def _allowed(request: Request) -> dict[str, str]:
    """Return what an address can be asked: of several routes the framework names the first's."""
    methods = request.app.openapi()["paths"].get(request.scope["path"])
    return {"Allow": ", ".join(sorted(methods)).upper()} if methods else {}


INVALID = Message(N_("A requisição não segue o esquema. O campo «errors» diz o que corrigir."))
_REQUEST = Message(N_("A requisição não pôde ser atendida. Confira endereço, método e corpo."))
_HTTP = {
    HTTPStatus.NOT_FOUND: (
        "not-found",
        Message(N_("Não há nada neste endereço. Os endereços que existem estão em /openapi.json.")),
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        "method",
        Message(N_("Este endereço não aceita esse método. O cabeçalho Allow diz quais aceita.")),
    ),
}
