"""The scripts that a site puts into its pages."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

STATIC = Path(__file__).parents[1] / "static"
HEADERS = {
    "Cache-Control": "public, max-age=3600",
    "Cross-Origin-Resource-Policy": "cross-origin",  # it is made for pages of other sites
    "X-Content-Type-Options": "nosniff",
}

router = APIRouter()


class Script:
    """A script that browsers keep for an hour, and then ask for again by its ETag."""

    def __init__(self, name: str) -> None:
        self.text = (STATIC / name).read_bytes()
        self.etag = f'"{hashlib.sha256(self.text).hexdigest()[:32]}"'

    async def answer(self, request: Request) -> Response:
        """Kept by browsers for an hour, then asked for again by its ETag."""
        headers = {**HEADERS, "ETag": self.etag}
        given = request.headers.get("if-none-match", "")
        known = {tag.strip().removeprefix("W/") for tag in given.split(",")}
        if self.etag in known or "*" in known:
            return Response(status_code=304, headers=headers)
        return Response(self.text, media_type="text/javascript", headers=headers)


TRACKER, FEEDBACK = Script("tracker.js"), Script("feedback.js")


def _responses(name: str) -> dict[int | str, dict[str, Any]]:
    return {
        200: {
            "description": f"the script; docs/{name}.md says how to use it",
            "content": {
                "text/javascript": {
                    "schema": {"type": "string"},
                    "example": '(function () { "use strict"; })();',
                }
            },
        },
        304: {"description": "the browser has it already"},
    }


for _script, _name, _summary in (
    (TRACKER, "tracker", "The tracker"),
    (FEEDBACK, "feedback", "The feedback buttons"),
):
    router.head(f"/{_name}.js", include_in_schema=False)(_script.answer)
    router.get(
        f"/{_name}.js",
        name=_name,
        summary=_summary,
        response_class=Response,
        responses=_responses(_name),
    )(_script.answer)
