"""What the workers and their supervisor have to do; one module above all rooms says it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from src.errors import JobError
from src.jobs.context import JobContext
from src.messages import N_

HOUSE = "src.house:DUTIES"
"""Named, not imported: it knows the rooms, and this room knows none of them."""

Handler = Callable[[dict[str, Any], JobContext], dict[str, Any] | None]


@dataclass(frozen=True)
class Duties:
    """Which function does what; functions are ``"src.room.module:function"``.

    Parameters
    ----------
    handlers : mapping of str to str
        By the name of a job, as ``training.compare``, the function that does it. It takes
        ``(params, context)`` and returns a JSON-ready dict or None.
    prepared : sequence of str
        Names of jobs whose imports take so long that one worker does them beforehand. If their
        handler's module has a ``warm_up()``, it is called.
    periodic : sequence of str
        Functions that are called for as long as the supervisor lives, whether or not a page is
        open. Each takes nothing and returns after how many seconds it wants to be called again.
    """

    handlers: Mapping[str, str]
    prepared: Sequence[str] = ()
    periodic: Sequence[str] = ()

    def handler(self, name: str) -> Handler:
        """Return the function that does a job.

        Raises
        ------
        JobError
            If there is no job of that name.
        """
        if name not in self.handlers:
            raise JobError(
                N_(
                    "Nenhum trabalho se chama {name}. Se ele foi pedido por outra versão da "
                    "Bancada, peça de novo nesta."
                ),
                name=name,
            )
        handler: Handler = resolve(self.handlers[name])
        return handler

    def prepare(self) -> None:
        """Import what the prepared jobs need, and warm it up."""
        for name in self.prepared:
            module = importlib.import_module(self.handlers[name].partition(":")[0])
            if hasattr(module, "warm_up"):
                module.warm_up()


def resolve(path: str) -> Any:
    """Return what ``"src.room.module:name"`` names."""
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(module), name)
