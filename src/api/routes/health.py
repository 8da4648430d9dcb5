"""Whether the process lives, whether it can do its work, and how it is."""

from __future__ import annotations

import importlib.metadata
import platform
from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel

from src import house, persistence
from src.api import documents
from src.api.dependencies import Events, Reader

PACKAGES = ("fastapi", "uvicorn", "pydantic", "sqlalchemy")

router = APIRouter()


class Alive(BaseModel):
    """It answers."""

    status: Literal["ok"]


class Database(BaseModel):
    """The operational database; its kind is not known while it does not answer."""

    kind: Literal["sqlite", "postgresql"] | None
    answers: bool


class Queue(BaseModel):
    """Events that wait to be stored, and how many may."""

    waiting: int
    capacity: int


class Disk(BaseModel):
    """Space of the data directory's disk, in bytes."""

    free_bytes: int
    total_bytes: int


class Health(BaseModel):
    """How the interface is; ``degraded`` while the database does not answer.

    ``problems`` are the requests that this process could not answer since its start, by kind.
    """

    status: Literal["ok", "degraded"]
    database: Database
    queue: Queue
    last_event: str | None
    last_received: str | None
    disk: Disk
    problems: dict[str, int]
    versions: dict[str, str]


@router.head("/health/live", include_in_schema=False)
@router.get(
    "/health/live",
    summary="The process lives",
    responses=documents.answers({"status": "ok"}),
)
async def live() -> Alive:
    """Asks nothing of the database."""
    return Alive(status="ok")


@router.head("/health/ready", include_in_schema=False)
@router.get(
    "/health/ready",
    summary="The database answers",
    responses={**documents.answers({"status": "ok"}), **documents.refusals(503)},
)
def ready() -> Alive:
    """Whether requests are worth sending here now."""
    persistence.ping()
    return Alive(status="ok")


@router.get(
    "/health/detailed",
    summary="How it is, for its operators",
    dependencies=[Reader],
    responses={
        **documents.answers(
            {
                "status": "ok",
                "database": {"kind": "sqlite", "answers": True},
                "queue": {"waiting": 0, "capacity": 20000},
                "last_event": "2024-11-11T10:30:00+00:00",
                "last_received": "2024-11-11T10:30:02+00:00",
                "disk": {"free_bytes": 80_000_000_000, "total_bytes": 250_000_000_000},
                "problems": {"missing-key": 3, "wrong-key": 1},
                "versions": {"bancada": "0.1.0", "python": "3.11.9"},
            }
        ),
        **documents.refusals(401, 403, 429),
    },
)
def detailed(request: Request, intake: Events) -> Health:
    """Answers also while the database does not."""
    signs = house.vital_signs()
    return Health(
        status="ok" if signs.database else "degraded",
        database=Database(kind=signs.database, answers=signs.database is not None),
        queue=Queue(waiting=intake.waiting, capacity=intake.capacity),
        last_event=signs.last_event and signs.last_event.isoformat(),
        last_received=signs.last_received and signs.last_received.isoformat(),
        disk=Disk(free_bytes=signs.free_bytes, total_bytes=signs.total_bytes),
        problems=dict(request.app.state.problems),
        versions={
            "bancada": request.app.version,
            "python": platform.python_version(),
            **{name: importlib.metadata.version(name) for name in PACKAGES},
        },
    )
