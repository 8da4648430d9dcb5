"""The script that a site puts into its pages."""

from __future__ import annotations

import hashlib
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import Response

SCRIPT = (Path(__file__).parents[1] / "static" / "tracker.js").read_bytes()
ETAG = f'"{hashlib.sha256(SCRIPT).hexdigest()[:32]}"'
HEADERS = {
    "Cache-Control": "public, max-age=3600",
    "ETag": ETAG,
    "Cross-Origin-Resource-Policy": "cross-origin",  # it is made for pages of other sites
    "X-Content-Type-Options": "nosniff",
}

router = APIRouter()


@router.get(
    "/tracker.js",
    summary="The tracker",
    response_class=Response,
    responses={
        200: {
            "description": "the script; docs/tracker.md says how to use it",
            "content": {
                "text/javascript": {
                    "schema": {"type": "string"},
                    "example": '(function () { "use strict"; })();',
                }
            },
        },
        304: {"description": "the browser has it already"},
    },
)
async def script(request: Request) -> Response:
    """Kept by browsers for an hour, then asked for again by its ETag."""
    given = request.headers.get("if-none-match", "")
    known = {tag.strip().removeprefix("W/") for tag in given.split(",")}
    if ETAG in known or "*" in known:
        return Response(status_code=304, headers=HEADERS)
    return Response(SCRIPT, media_type="text/javascript", headers=HEADERS)
