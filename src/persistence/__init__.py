"""The operational database and files written whole or not at all."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from src.persistence.atomic import (
    create_secret,
    read_json,
    write_bytes,
    write_json,
    write_pieces,
)
from src.persistence.clock import utc_now

if TYPE_CHECKING:
    from src.persistence.engine import get_engine, metadata, ping, prepare, wait_at_most

__all__ = [
    "create_secret",
    "get_engine",
    "metadata",
    "ping",
    "prepare",
    "read_json",
    "utc_now",
    "wait_at_most",
    "write_bytes",
    "write_json",
    "write_pieces",
]

_ENGINE = {"get_engine", "metadata", "ping", "prepare", "wait_at_most"}


def __getattr__(name: str) -> Any:
    # SQLAlchemy takes a third of a second to import; whoever only loads a model never needs it.
    if name in _ENGINE:
        return getattr(importlib.import_module("src.persistence.engine"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
