"""Assignments that load a slow library."""

from __future__ import annotations

import importlib
import sys
import time
from pathlib import Path

LIBRARY = "tests.unit.training.slow_library"


def is_loaded() -> bool:
    return LIBRARY in sys.modules


def load_afresh(told: Path) -> None:
    sys.modules.pop(LIBRARY, None)
    try:
        importlib.import_module(LIBRARY)
        time.sleep(600)
    finally:
        told.write_text("whole" if is_loaded() else "broken")
