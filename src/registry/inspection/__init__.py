"""What a pickle would import and call, read from its opcodes; nothing in it is run."""

from __future__ import annotations

from dataclasses import dataclass

from src.messages import Message
from src.registry import artifact
from src.registry.inspection.lists import DANGEROUS, EXPECTED, UNKNOWN, level
from src.registry.inspection.reader import read_imports

__all__ = ["Inspection", "inspect", "level"]


@dataclass(frozen=True)
class Inspection:
    """What was found in an artifact without opening it.

    Parameters
    ----------
    dangerous : tuple of str
        Imports that reach the system, the network, or run text as code.
    unknown : tuple of str
        Imports this product does not expect in a model.
    expected : tuple of str
        Classes of scikit-learn, numpy and their like.
    complete : bool
        Whether the whole file could be followed; if not, nothing can be said of the rest.
    problem : Message or None
        Why it could not.
    sha256 : str
        Of the bytes that were examined, in hexadecimal.
    """

    dangerous: tuple[str, ...]
    unknown: tuple[str, ...]
    expected: tuple[str, ...]
    complete: bool
    problem: Message | None = None
    sha256: str = ""

    @property
    def imports(self) -> tuple[str, ...]:
        """Everything it would import."""
        return tuple(sorted({*self.dangerous, *self.unknown, *self.expected}))


def inspect(data: bytes) -> Inspection:
    """Return what unpickling ``data`` (from pickle or joblib, compressed or not) would import."""
    imports, doubts = read_imports(data)
    problem = Message(doubts[0]) if doubts else None
    levels: dict[str, list[str]] = {DANGEROUS: [], UNKNOWN: [], EXPECTED: []}
    for module, name in sorted(imports):
        levels[level(module, name)].append(f"{module}.{name}")
    return Inspection(
        **{name: tuple(texts) for name, texts in levels.items()},
        complete=problem is None,
        problem=problem,
        sha256=artifact.digest(data),
    )
