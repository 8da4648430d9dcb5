"""The OpenAPI document: what routes say of themselves, and the schemas they check by hand."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from src.api.problems import MEDIA_TYPE, ProblemDetail
from src.collection import Event

REF = "#/components/schemas/{model}"

EVENT: dict[str, Any] = {
    "id": "int_000001",
    "session_id": "sess_1699999999999_abc123",
    "interaction_type": "click",
    "car_id": "car_robust_001",
    "timestamp": "2024-11-11T10:30:00.000Z",
    "user_preferences": {
        "budget_min": 30000,
        "budget_max": 60000,
        "usage": "trabalho",
        "priorities": {
            "economia": 5,
            "espaco": 3,
            "performance": 2,
            "conforto": 3,
            "seguranca": 4,
        },
    },
    "car_details": {
        "marca": "Chevrolet",
        "modelo": "Onix",
        "ano": 2017,
        "preco": 45900,
        "categoria": "Hatch",
    },
    "match_score": 0.85,
    "duration_seconds": None,
}
"""The event of the documentation."""

_RETRY = {
    "Retry-After": {
        "description": "seconds until it is worth another try",
        "schema": {"type": "integer", "minimum": 1},
    }
}
_REFUSALS: dict[int, tuple[str, str, str]] = {
    401: ("missing-key", "no key was sent", "Falta a chave: envie-a no cabeçalho X-API-Key."),
    403: ("wrong-key", "the key does not open this", "A chave não abre este recurso."),
    413: ("too-large", "the body is too large", "O corpo passa de 64 KiB."),
    415: ("unsupported-type", "the body has another type", "O tipo do corpo não é aceito."),
    422: ("invalid-event", "something is wrong with it", "O evento não segue o esquema."),
    429: ("too-many", "too many requests from this address", "Requisições demais deste endereço."),
    503: ("unavailable", "the database takes nothing now", "O banco de dados não respondeu."),
}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the responses of a route that are problems, for its ``responses``."""
    found: dict[int | str, dict[str, Any]] = {}
    for status in statuses:
        kind, description, detail = _REFUSALS[status]
        example: dict[str, Any] = {
            "type": f"urn:bancada:problem:{kind}",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
        }
        if status == HTTPStatus.UNPROCESSABLE_ENTITY:
            example["errors"] = [{"field": "match_score", "kind": "less_than_equal"}]
        found[status] = {
            "description": description,
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": REF.format(model=ProblemDetail.__name__)},
                    "example": example,
                }
            },
        }
        if status in (429, 503):
            found[status]["headers"] = _RETRY
    return found


def body(model: type[BaseModel], example: Any, *types: str) -> dict[str, Any]:
    """Return ``openapi_extra`` for a route that reads its body itself."""
    content = {"schema": {"$ref": REF.format(model=model.__name__)}, "example": example}
    return {"requestBody": {"required": True, "content": dict.fromkeys(types, content)}}


def answers(example: Any, model: type[BaseModel] | None = None) -> dict[int | str, dict[str, Any]]:
    """Return the good response of a route; one that writes its own JSON says of which model."""
    response = {"content": {"application/json": {"example": example}}}
    return {200: response if model is None else {"model": model, **response}}


def install(app: FastAPI, *models: type[BaseModel]) -> None:
    """Add the schemas of bodies that are read by hand to the application's document."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
            )
            by_hand: list[type[BaseModel]] = [Event, ProblemDetail, *models]
            _, schemas = models_json_schema(
                [(model, "validation") for model in by_hand], ref_template=REF
            )
            made["components"].setdefault("schemas", {}).update(schemas["$defs"])
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]
