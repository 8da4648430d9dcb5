"""Functions that are called again and again for as long as the process lives."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from src.errors import StorageError
from src.jobs.duties import resolve
from src.logs import get_logger

SHORTEST_SECONDS = 1.0
AFTER_ERROR_SECONDS = 60.0

log = get_logger(__name__)


def repeat(functions: Sequence[str]) -> None:
    """Call each function in a thread of its own, so that a slow one holds up nothing.

    An error is logged, and the function called again after a minute.

    Parameters
    ----------
    functions : sequence of str
        As ``periodic`` of :class:`~src.jobs.duties.Duties`.
    """
    for path in functions:
        threading.Thread(target=_call_for_ever, args=(path,), name=path, daemon=True).start()


def _call_for_ever(path: str) -> None:
    while True:
        time.sleep(_call(path))


def _call(path: str) -> float:
    """Call the function once; return how long to wait until the next call."""
    try:
        pause: float = resolve(path)()
        return max(SHORTEST_SECONDS, pause)
    except StorageError as error:
        log.warning("periodic_failed", function=path, reason=str(error))
    except Exception:
        log.exception("periodic_crashed", function=path)
    return AFTER_ERROR_SECONDS
