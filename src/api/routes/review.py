"""What customers say of the assistant's answers comes in from a site."""

from __future__ import annotations

import hashlib
import uuid
from typing import Annotated, Any, Literal

import pydantic
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, RootModel, StringConstraints
from pydantic_core import PydanticCustomError
from starlette.concurrency import run_in_threadpool

from src import collection, review
from src.api import documents
from src.api.dependencies import BeaconWriter, ReadsAll, read_body
from src.api.problems import invalid
from src.collection import Fault, Moment
from src.conversations import Place
from src.logs import get_logger

BODY_BYTES = 64 * 1024
CHANNEL = "site"
JSON, TEXT = "application/json", "text/plain"

Name = Annotated[
    str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")
]
"""An identifier of the site's, on one line."""

Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,100}$")]
Comment = Annotated[str, Field(max_length=5_000)]

log = get_logger(__name__)
router = APIRouter()


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    id: Annotated[
        Token, Field(description="the sender's; the same of the same visitor counts once")
    ] = Field(default_factory=lambda: f"fb_{uuid.uuid4().hex}")
    visitor: Annotated[
        Token | None,
        Field(
            description="a secret random text for each person: a later reaction of a visitor to "
            "the same message replaces the earlier one; without it nothing is replaced"
        ),
    ] = None
    at: Annotated[Moment | None, Field(description="when it was said; by default now")] = None


class Reaction(_Given):
    """👍 or 👎 to a message."""

    kind: Literal["reaction"]
    turn: Name
    conversation: Name | None = None
    positive: bool
    comment: Comment = ""


class Withdrawn(_Given):
    """The visitor takes a reaction back."""

    kind: Literal["withdrawn"]
    turn: Name
    conversation: Name | None = None


class Rating(_Given):
    """1 to 5 stars for a conversation or a message; one of the two has to be named."""

    kind: Literal["rating"]
    turn: Name | None = None
    conversation: Name | None = None
    stars: Annotated[int, Field(ge=1, le=5)]
    comment: Comment = ""

    @pydantic.model_validator(mode="after")
    def _of_something(self) -> Rating:
        if not self.turn and not self.conversation:
            raise PydanticCustomError("nothing_named", "names neither a turn nor a conversation")
        return self


class Flag(_Given):
    """Something is wrong with a message."""

    kind: Literal["problem"]
    turn: Name
    conversation: Name | None = None
    problem: Annotated[review.Problem, Field(strict=False)]
    comment: Comment = ""


class Given(RootModel[Reaction | Withdrawn | Rating | Flag]):
    """Feedback: a reaction, its withdrawal, stars, or a problem."""

    root: Annotated[Reaction | Withdrawn | Rating | Flag, Field(discriminator="kind")]


class Kept(BaseModel):
    """The feedback has been dealt with: there is no need to send it again.

    ``placed`` says whether its message or conversation is known by now, and ``place`` why not:
    ``unknown`` and ``ambiguous`` feedback waits; ``replaced``, ``erased`` and ``too_old`` feedback
    is not kept. Both are null for the write key: identifiers cannot be tried out with what stands
    in a page.
    """

    status: Literal["success"]
    id: str
    placed: bool | None
    place: Place | None


@router.post(
    "/api/feedback",
    summary="Store what a customer says of an answer",
    dependencies=[BeaconWriter],
    openapi_extra=documents.body(
        Given,
        {
            "id": "fb_000001",
            "kind": "reaction",
            "turn": "msg_000042",
            "positive": False,
            "comment": "O preço está errado.",
            "visitor": "v_k3j5h2g4f5d6s7a8",
            "at": "2026-03-01T12:00:00.000Z",
        },
        JSON,
        TEXT,
    ),
    responses={
        **documents.answers(
            {"status": "success", "id": "fb_000001", "placed": None, "place": None}
        ),
        **documents.refusals(401, 403, 413, 415, 422, 429, 503),
    },
)
async def feedback(request: Request, reads_all: ReadsAll) -> Kept:
    """Answered when it is safe on disk; it waits if its conversation is not imported yet."""
    given = _read(await read_body(request, BODY_BYTES, (JSON, TEXT)))
    stored = await run_in_threadpool(_store, given)
    log.info("feedback_stored", kind=given.kind, new=stored.new, place=stored.place)
    return Kept(
        status="success",
        id=given.id,
        placed=stored.placed if reads_all else None,
        place=stored.place if reads_all else None,
    )


def _read(text: bytes) -> Reaction | Withdrawn | Rating | Flag:
    try:
        return Given.model_validate_json(text).root
    except pydantic.ValidationError as error:
        problems = tuple(_plain(problem) for problem in collection.faults(error))
    log.info("feedback_refused", reasons=[problem.reason for problem in problems])
    raise invalid("invalid-feedback", problems)


def _plain(problem: Fault) -> Fault:
    """Return the problem without the kind of feedback before the field's name."""
    _kind, _, field = problem.field.partition(".")
    return Fault(field, problem.kind)


def _store(given: Any) -> review.Receipt:
    # Who has the write key knows neither the secret of another visitor nor a person of the team,
    # so that nothing of theirs can be replaced, taken back, or kept out by its identifier.
    secret = given.visitor or f"id {given.id}"
    visitor = f"{CHANNEL}:{hashlib.sha256(secret.encode()).hexdigest()[:32]}"
    said = given.model_dump(exclude={"id", "visitor", "kind", "at"}, exclude_none=True)
    opinion = review.Opinion(
        given.kind, **said, source_id=f"{visitor} {given.id}", channel=CHANNEL, at=given.at
    )
    return review.add_feedback(opinion, actor=visitor)
