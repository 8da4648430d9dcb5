"""Objects that the processes of one comparison hand to each other in its work folder.

Plain pickles, several times quicker than joblib's for forests of small trees. Nobody else writes
there; what users keep goes through the registry, signed.
"""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any


def write(value: Any, path: Path) -> None:
    """Write an object in one step: a reader finds all of it or nothing."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with temporary.open("wb") as file:
        pickle.dump(value, file, protocol=pickle.HIGHEST_PROTOCOL)
    temporary.replace(path)


def read(path: Path) -> Any:
    """Read what :func:`write` wrote.

    Raises
    ------
    FileNotFoundError
        If nothing was written.
    """
    with path.open("rb") as file:
        return pickle.load(file)  # noqa: S301 - written by this very comparison
