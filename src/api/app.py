"""The application: its routers, what stands before them, and what it keeps while it runs."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from src import access, collection
from src.api import documents, problems
from src.api.guard import Cors, Guard
from src.api.routes import alerts, health, prediction, review, scripts, whatsapp
from src.api.routes import collection as events
from src.config import PROJECT_ROOT, get_settings

DESCRIPTION = """\
Events of a site that shows cars come in, and feedback on an assistant's answers; figures and
events go out. `docs/api.md` is the guide.

Keys go in the header `X-API-Key`: the read key opens everything, the write key, which may be
public, only sends events and feedback. Errors are problem details (RFC 9457).
"""


def create_app(keys: access.Keys | None = None) -> FastAPI:
    """Return the application, ready to be served.

    The thread that stores events starts with the server and ends with it, after what is waiting
    has been stored.

    Parameters
    ----------
    keys : Keys, optional
        By default those of the settings and the data directory.

    Raises
    ------
    StorageError
        If the keys can neither be read nor made.
    """
    settings = get_settings()
    app = FastAPI(
        title="Bancada",
        version=version(),
        description=DESCRIPTION,
        lifespan=_lifespan,
        docs_url=None,  # its pages would fetch scripts from elsewhere
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.keys = keys or access.load_keys()
    app.state.problems = Counter()
    for feature in (events, alerts, prediction, review, whatsapp, scripts, health):
        app.include_router(feature.router)
    problems.install(app)
    documents.install(app, events.Batch, prediction.Case, review.Given, whatsapp.Notification)
    app.add_middleware(
        Guard, events=settings.api_events_per_minute, reads=settings.api_reads_per_minute
    )
    app.add_middleware(Cors, origins=settings.cors_origins)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.intake = collection.Intake()
    yield
    await run_in_threadpool(app.state.intake.close)


def version() -> str:
    """Return the version of the product."""
    project = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text("utf-8"))
    return str(project["project"]["version"])
