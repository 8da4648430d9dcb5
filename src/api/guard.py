"""What stands before every route: a limit per client address, and an answer to what goes wrong."""

from __future__ import annotations

import ipaddress
import math
import time
from http import HTTPStatus

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from src.api import problems
from src.messages import N_
from src.messages import Message as Words

EVENT_PATHS = ("/api/interactions/", "/api/feedback", "/api/webhooks/")
"""What comes from a site's visitors, or speaks for them."""

LIMITED_PATHS = ("/api/", "/health/detailed")
"""Whatever asks for a key, so that keys cannot be tried out at will."""

HOME_NETWORK_BITS = 64
"""Of an IPv6 address: what a provider gives to one home."""

LOCAL_ORIGINS = r"http://(localhost|127\.0\.0\.1)(:\d+)?"
PREFLIGHT_SECONDS = 7200


class Guard:
    """Middleware that limits requests and turns unforeseen errors into problems.

    Parameters
    ----------
    app : ASGI application
        What it stands before.
    events, reads : int
        Requests a minute from one address, with events or feedback and of any other kind; 0 for no
        limit. What tells nothing that could be tried out (health checks, scripts) is not limited.
    """

    def __init__(self, app: ASGIApp, events: int, reads: int) -> None:
        self.app = app
        self._events = RateLimitItemPerMinute(events, namespace="events") if events else None
        self._reads = RateLimitItemPerMinute(reads, namespace="reads") if reads else None
        if events or reads:
            self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        wait = self._seconds_to_wait(scope)
        if wait:
            await problems.answer(Request(scope), _too_many(wait))(scope, receive, send)
            return
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except ClientDisconnect:
            return  # nobody is left to be answered
        except Exception as error:
            if started:
                raise  # the connection is cut, so that half an answer is not taken for a whole one
            await problems.unexpected(Request(scope), error)(scope, receive, send)

    def _seconds_to_wait(self, scope: Scope) -> int:
        """Count this request; return 0, or after how many seconds there is room for another."""
        path: str = scope["path"]
        if not path.startswith(LIMITED_PATHS):
            return 0
        item = self._events if path.startswith(EVENT_PATHS) else self._reads
        if item is None:
            return 0
        who = _network(scope["client"][0] if scope.get("client") else "")
        if self._limiter.hit(item, who):
            return 0
        free_at = self._limiter.get_window_stats(item, who).reset_time
        return max(1, math.ceil(free_at - time.time()))


def _network(address: str) -> str:
    """Return the address, or of an IPv6 address the network that one client has to itself."""
    if ":" not in address:
        return address
    try:
        host = ipaddress.IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    if host.ipv4_mapped:
        return str(host.ipv4_mapped)
    return str(ipaddress.IPv6Network((host, HOME_NETWORK_BITS), strict=False))


def _too_many(wait: int) -> problems.Refusal:
    return problems.Refusal(
        HTTPStatus.TOO_MANY_REQUESTS,
        "too-many",
        Words(
            N_("Requisições demais deste endereço no último minuto. Espere {seconds} s e reenvie."),
            {"seconds": wait},
        ),
        headers={"Retry-After": str(wait)},
    )


class Cors(CORSMiddleware):
    """CORS whose refusals are problems, too."""

    def __init__(self, app: ASGIApp, origins: str | None) -> None:
        listed = [origin.strip().rstrip("/") for origin in (origins or "").split(",")]
        super().__init__(
            app,
            allow_origins=[origin for origin in listed if origin],
            allow_origin_regex=None if origins else LOCAL_ORIGINS,
            allow_methods=["GET", "POST"],
            allow_headers=["X-API-Key", "Content-Type"],
            expose_headers=["Retry-After", "Content-Disposition"],
            max_age=PREFLIGHT_SECONDS,
        )

    def preflight_response(self, request_headers: Headers) -> Response:
        """Answer the browser's question whether a page may send a request."""
        allowed = super().preflight_response(request_headers)
        if allowed.status_code == HTTPStatus.OK:
            return allowed
        headers = {
            name: value
            for name, value in allowed.headers.items()
            if name not in ("content-length", "content-type")
        }
        detail = Words(
            N_(
                "Páginas desta origem, ou este método ou cabeçalho, não são aceitos. Inclua a "
                "origem em BANCADA_CORS_ORIGINS."
            )
        )
        refusal = problems.Refusal(HTTPStatus.BAD_REQUEST, "origin", detail, headers=headers)
        return problems.answer(None, refusal)
