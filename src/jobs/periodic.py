"""Functions that are called again and again for as long as the process lives."""

from __future__ import annotations

import importlib
import threading
import time
from collections.abc import Sequence

from src.errors import StorageError
from src.logs import get_logger

SHORTEST_SECONDS = 1.0
AFTER_ERROR_SECONDS = 60.0

log = get_logger(__name__)


def repeat(functions: Sequence[str]) -> None:
    """Call each function in a thread of its own, so that a slow one holds up nothing.

    Parameters
    ----------
    functions : sequence of str
        ``"src.room.module:function"``; each takes nothing and returns after how many seconds it
        wants to be called again. An error is logged, and the function called again after a minute.
    """
    for path in functions:
        threading.Thread(target=_call_for_ever, args=(path,), name=path, daemon=True).start()


def _call_for_ever(path: str) -> None:
    while True:
        time.sleep(_call(path))


def _call(path: str) -> float:
    """Call the function once; return how long to wait until the next call."""
    module, _, function = path.partition(":")
    try:
        pause: float = getattr(importlib.import_module(module), function)()
        return max(SHORTEST_SECONDS, pause)
    except StorageError as error:
        log.warning("periodic_failed", function=path, reason=str(error))
    except Exception:
        log.exception("periodic_crashed", function=path)
    return AFTER_ERROR_SECONDS
