"""The operational database and files written whole or not at all."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from src.persistence.atomic import read_json, write_bytes, write_json, write_pieces
from src.persistence.clock import utc_now

if TYPE_CHECKING:
    from src.persistence.engine import get_engine, metadata, prepare

__all__ = [
    "get_engine",
    "metadata",
    "prepare",
    "read_json",
    "utc_now",
    "write_bytes",
    "write_json",
    "write_pieces",
]

_ENGINE = {"get_engine", "metadata", "prepare"}


def __getattr__(name: str) -> Any:
    # SQLAlchemy takes a third of a second to import; whoever only loads a model never needs it.
    if name in _ENGINE:
        return getattr(importlib.import_module("src.persistence.engine"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
