"""Front doors of rooms of which a part is imported only when someone asks for it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any


def door(room: str) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of a room's ``__init__``: its ``if TYPE_CHECKING:`` block, later.

    What type checkers read there is imported when a name is first asked for, so that the names
    are written as in any other room, in an import.

    Examples
    --------
    >>> __getattr__ = door(__name__)  # doctest: +SKIP
    """

    @cache
    def modules() -> dict[str, str]:
        tree = ast.parse(Path(sys.modules[room].__file__ or "").read_bytes())
        blocks = [node.body for node in tree.body if isinstance(node, ast.If)]
        imports = [node for block in blocks for node in block if isinstance(node, ast.ImportFrom)]
        return {alias.name: node.module or "" for node in imports for alias in node.names}

    def attribute(name: str) -> Any:
        if name not in modules():
            raise AttributeError(f"module {room!r} has no attribute {name!r}", name=name)
        return getattr(import_module(modules()[name]), name)

    return attribute
