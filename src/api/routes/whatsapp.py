"""WhatsApp tells what customers think of the assistant's messages."""

from __future__ import annotations

import hmac
import itertools
import json
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Request
from pydantic import BaseModel, SecretStr
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response

from src import review
from src.api import documents
from src.api.dependencies import read_body
from src.api.problems import Refusal
from src.config import get_settings
from src.logs import get_logger
from src.messages import N_, Message

BODY_BYTES = 3 * 1024 * 1024
"""The most that Meta sends at once."""

JSON = "application/json"
_NOT_SET_UP = N_("O WhatsApp não está conectado: defina {setting} e inicie a API de novo.")
_NOT_META = Message(
    N_(
        "A notificação não tem a assinatura da Meta e não foi aceita. Confira se o segredo do "
        "aplicativo é o que está em BANCADA_WHATSAPP_APP_SECRET."
    )
)
_WRONG_TOKEN = Message(
    N_("O token de verificação não é o que está em BANCADA_WHATSAPP_VERIFY_TOKEN. Confira os dois.")
)

log = get_logger(__name__)
router = APIRouter()
_forged, _unknown = itertools.count(1), itertools.count(1)


class Notification(BaseModel):
    """What Meta sends: reactions are stored, anything else is passed over."""

    object: str
    entry: list[dict[str, Any]]


class Accepted(BaseModel):
    """How many reactions were stored or withdrawn now, and how much was passed over."""

    status: Literal["success"]
    stored: int
    ignored: int


@router.get(
    "/api/webhooks/whatsapp",
    summary="Meta asks whether this webhook is ours",
    response_class=PlainTextResponse,
    responses={
        200: {
            "description": "the challenge, as it came",
            "content": {"text/plain": {"schema": {"type": "string"}, "example": "1158201444"}},
        },
        **documents.refusals(403, 422, 429, 503),
    },
)
async def verify(
    mode: Annotated[Literal["subscribe"], Query(alias="hub.mode")],
    token: Annotated[str, Query(alias="hub.verify_token", max_length=1_000)],
    challenge: Annotated[str, Query(alias="hub.challenge", pattern=r"^[A-Za-z0-9_.-]{1,200}$")],
) -> Response:
    """Answered with the challenge if the token is the one that was set."""
    expected = _secret(get_settings().whatsapp_verify_token, "BANCADA_WHATSAPP_VERIFY_TOKEN")
    if not hmac.compare_digest(token.encode(errors="replace"), expected.encode()):
        log.warning("whatsapp_verification_refused", count=next(_unknown))
        raise Refusal(HTTPStatus.FORBIDDEN, "wrong-token", _WRONG_TOKEN)
    log.info("whatsapp_verified", mode=mode)
    return PlainTextResponse(challenge, headers={"X-Content-Type-Options": "nosniff"})


@router.post(
    "/api/webhooks/whatsapp",
    summary="Reactions to the assistant's messages on WhatsApp",
    openapi_extra=documents.body(
        Notification,
        {
            "object": "whatsapp_business_account",
            "entry": [
                {
                    "id": "102290129340398",
                    "changes": [
                        {
                            "field": "messages",
                            "value": {
                                "messaging_product": "whatsapp",
                                "messages": [
                                    {
                                        "from": "5511999990000",
                                        "id": "wamid.HBgNNTUxMTk5OTk5MDAwMA==",
                                        "timestamp": "1772366400",
                                        "type": "reaction",
                                        "reaction": {
                                            "message_id": "wamid.HBgNNTUxMTk5OTk5MTExMQ==",
                                            "emoji": "👍",
                                        },
                                    }
                                ],
                            },
                        }
                    ],
                }
            ],
        },
        JSON,
    ),
    responses={
        **documents.answers({"status": "success", "stored": 1, "ignored": 0}),
        **documents.refusals(403, 413, 415, 422, 429, 503),
    },
)
async def notify(
    request: Request,
    signature: Annotated[
        str | None,
        Header(alias="X-Hub-Signature-256", description="HMAC-SHA256 of the body's bytes, by Meta"),
    ] = None,
) -> Accepted:
    """What is no reaction is passed over with a 200, because Meta repeats what is refused."""
    secret = _secret(get_settings().whatsapp_app_secret, "BANCADA_WHATSAPP_APP_SECRET")
    text = await read_body(request, BODY_BYTES, (JSON,))
    if not review.verify_signature(text, signature, secret):
        log.warning("whatsapp_forged", count=next(_forged), signed=signature is not None)
        raise Refusal(HTTPStatus.FORBIDDEN, "wrong-signature", _NOT_META)
    told = _read(text)
    stored = await run_in_threadpool(review.accept_whatsapp, told)
    log.info("whatsapp_received", stored=stored, ignored=[str(reason) for reason in told.ignored])
    return Accepted(status="success", stored=stored, ignored=len(told.ignored))


def _read(text: bytes) -> review.Webhook:
    try:
        # Unlike orjson it takes halves of emoji, which phones do send.
        payload = json.loads(text)
    except (ValueError, RecursionError):
        return review.Webhook(ignored=(Message(N_("não é JSON")),))
    return review.parse_whatsapp(payload)


def _secret(setting: SecretStr | None, name: str) -> str:
    """Return a secret; without one nothing is taken."""
    value = setting.get_secret_value().strip() if setting else ""
    if not value:
        raise Refusal(
            HTTPStatus.SERVICE_UNAVAILABLE, "not-set-up", Message(_NOT_SET_UP, {"setting": name})
        )
    return value
