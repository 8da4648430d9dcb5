"""The operational database and files written whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src import lazy
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

# SQLAlchemy takes a third of a second to import; whoever only loads a model never needs it.
__getattr__ = lazy.door(__name__)
