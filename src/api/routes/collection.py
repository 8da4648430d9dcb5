"""Events come in, one by one or together; figures and events go out."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any, Literal, NoReturn

import orjson
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response, StreamingResponse

from src import collection
from src.api import documents
from src.api.dependencies import BeaconWriter, Events, Reader, Writer, read_body
from src.api.download import CONTENT, Download, FileForm
from src.api.periods import check_order, day_in_name, moment
from src.api.problems import Refusal, WrongField, invalid
from src.collection import TAKEN, Event, Fault, Intake
from src.errors import StorageError

TRACK_BYTES = 64 * 1024
BATCH_BYTES = 1024 * 1024
BATCH_EVENTS = 1_000
JSON, TEXT = "application/json", "text/plain"

router = APIRouter()


class Stored(BaseModel):
    """The event is stored, now or before."""

    status: Literal["success"]
    id: str


class RefusedEvent(BaseModel):
    """One event of a batch that was not stored, by its position from 0."""

    position: int
    problems: list[WrongField]


class BatchStored(BaseModel):
    """What became of the events of a batch."""

    status: Literal["success"]
    accepted: int
    duplicates: int
    rejected: list[RefusedEvent]


class Batch(BaseModel):
    """Several events; each is checked by itself."""

    model_config = ConfigDict(extra="forbid")

    events: Annotated[list[Event], Field(min_length=1, max_length=BATCH_EVENTS)]


class Stats(BaseModel):
    """The figures of the collection; impressions are not interactions."""

    total_interactions: int
    click_count: int
    view_details_count: int
    whatsapp_contact_count: int
    unique_sessions: int
    unique_cars: int
    avg_duration_seconds: float
    last_interaction: str | None
    data_collection_progress: float
    ready_for_training: bool
    min_interactions_needed: int


@router.post(
    "/api/interactions/track",
    summary="Store one event",
    dependencies=[Writer],
    openapi_extra=documents.body(Event, documents.EVENT, JSON),
    responses={
        **documents.answers({"status": "success", "id": "int_000001"}, Stored),
        **documents.refusals(401, 403, 413, 415, 422, 429, 503),
    },
)
async def track(request: Request, intake: Events) -> Response:
    """Answered when the event is safe on disk. The same event sent twice counts once.

    An id that an event of another session has is refused.
    """
    text = await _body(request, intake, TRACK_BYTES, JSON)
    event = collection.check_json(text)
    if not isinstance(event, Event):
        await _refuse(intake, event)
    if (await asyncio.wrap_future(intake.add(event))).taken:
        raise invalid("invalid-event", (TAKEN,))
    return Response(b'{"status":"success","id":"%s"}' % event.id.encode(), media_type=JSON)


@router.post(
    "/api/interactions/batch",
    summary="Store several events",
    dependencies=[BeaconWriter],
    openapi_extra=documents.body(Batch, {"events": [documents.EVENT]}, JSON, TEXT),
    responses={
        **documents.answers(
            {
                "status": "success",
                "accepted": 1,
                "duplicates": 0,
                "rejected": [{"position": 1, "problems": [{"field": "car_id", "kind": "missing"}]}],
            },
            BatchStored,
        ),
        **documents.refusals(401, 403, 413, 415, 422, 429, 503),
    },
)
async def batch(request: Request, intake: Events) -> Response:
    """Each event is stored or refused by itself; if none is valid, the batch is refused."""
    text = await _body(request, intake, BATCH_BYTES, JSON, TEXT)
    found = _events(text)
    if isinstance(found, Fault):
        await _refuse(intake, (found,))
    events: dict[int, Event] = {}
    rejected: dict[int, tuple[Fault, ...]] = {}
    for position, raw in enumerate(found):
        checked = collection.check(raw)
        if isinstance(checked, Event):
            events[position] = checked
        else:
            rejected[position] = checked
    reasons = Counter(problems[0].reason for problems in rejected.values())
    if not events:
        of_batch = [
            Fault(f"events.{position}.{problem.field}".rstrip("."), problem.kind)
            for position, problems in rejected.items()
            for problem in problems
        ]
        await _refuse(intake, of_batch, reasons)
    kept = await asyncio.wrap_future(intake.add_batch(list(events.values()), reasons))
    positions = list(events)
    rejected |= {positions[at]: (TAKEN,) for at in kept.taken}
    return Response(
        orjson.dumps(
            {
                "status": "success",
                "accepted": kept.new,
                "duplicates": len(events) - kept.new - len(kept.taken),
                "rejected": [
                    {"position": position, "problems": problems}
                    for position, problems in sorted(rejected.items())
                ],
            }
        ),
        media_type=JSON,
    )


@router.get(
    "/api/ml/stats",
    summary="The figures of the collection",
    dependencies=[Reader],
    responses={
        **documents.answers(
            {
                "total_interactions": 150,
                "click_count": 80,
                "view_details_count": 50,
                "whatsapp_contact_count": 20,
                "unique_sessions": 45,
                "unique_cars": 30,
                "avg_duration_seconds": 45.5,
                "last_interaction": "2024-11-11T10:30:00.000Z",
                "data_collection_progress": 30.0,
                "ready_for_training": False,
                "min_interactions_needed": 500,
            }
        ),
        **documents.refusals(401, 403, 429, 503),
    },
)
def stats() -> Stats:
    """Impressions are not counted as interactions. A time is in UTC."""
    return Stats(**collection.stats())


@router.get(
    "/api/ml/export-data",
    summary="Every event, as a file",
    dependencies=[Reader],
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "the file, sent piece by piece",
            "content": CONTENT,
        },
        **documents.refusals(401, 403, 422, 429, 503),
    },
)
async def export_data(
    request: Request,
    form: Annotated[FileForm, Query(alias="format")] = FileForm.JSON,
    since: Annotated[
        str | None,
        Query(description="first day, 2024-11-01, or moment with zone, 2024-11-01T12:00:00Z"),
    ] = None,
    until: Annotated[
        str | None,
        Query(description="last day, itself included, or the moment before which it ends"),
    ] = None,
) -> Response:
    """In the order in which the events occurred. Days are those of the configured zone."""
    start, end = moment(since, "since"), moment(until, "until", whole_day=True)
    check_order(start, end)
    pieces = collection.stream(form.value, since=start, until=end)
    name = "-".join(["user_interactions", *(day_in_name(day) for day in (since, until) if day)])
    return await Download.begin(pieces, form, f"{name}.{form.value}")


async def _body(request: Request, intake: Intake, limit: int, *types: str) -> bytes:
    """Return the body; one that is too large or of another type counts as a refused event."""
    try:
        return await read_body(request, limit, types)
    except Refusal as refusal:
        await _counted(intake, Counter([refusal.kind.replace("-", "_")]))
        raise


def _events(text: bytes) -> list[Any] | Fault:
    """Return the events of a batch unchecked, or what is wrong with the batch as a whole."""
    try:
        whole = orjson.loads(text)
    except orjson.JSONDecodeError:  # nesting beyond all reason, too
        return Fault("", "json_invalid")
    if not isinstance(whole, dict):
        return Fault("", "model_type")
    if "events" not in whole:
        return Fault("events", "missing")
    if len(whole) > 1:
        return Fault("", "extra_field")
    found = whole["events"]
    if not isinstance(found, list):
        return Fault("events", "list_type")
    if not found:
        return Fault("events", "too_short")
    if len(found) > BATCH_EVENTS:
        return Fault("events", "too_long")
    return found


async def _refuse(
    intake: Intake, problems: Sequence[Fault], reasons: Counter[str] | None = None
) -> NoReturn:
    await _counted(intake, reasons or Counter([problems[0].reason]))
    raise invalid("invalid-event", problems)


async def _counted(intake: Intake, reasons: Counter[str]) -> None:
    """Count what was refused; a database that is away does not change the answer."""
    with contextlib.suppress(StorageError):
        await asyncio.wrap_future(intake.refuse(reasons))
