"""From a model to bytes and back."""

from __future__ import annotations

import hashlib
import io
import pickle
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from joblib import numpy_pickle

from src.errors import ModelNotSerializable, RegistryError
from src.messages import N_


@dataclass(frozen=True)
class Artifact:
    """A model as bytes.

    Parameters
    ----------
    data : bytes
        What ``joblib.dump`` writes.
    sha256 : str
        Of ``data``, in hexadecimal.
    modules : frozenset of str
        Top-level names of the modules whose classes and functions it needs.
    """

    data: bytes
    sha256: str
    modules: frozenset[str]


class _Pickler(numpy_pickle.NumpyPickler):
    """joblib's pickler, noting whose classes and functions go by."""

    dispatch = numpy_pickle.NumpyPickler.dispatch.copy()

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self.modules: set[str] = set()

    def save_global(self, obj: Any, name: str | None = None) -> None:
        """Note the owner, then save the reference as usual."""
        self.modules.add((getattr(obj, "__module__", None) or "builtins").partition(".")[0])
        super().save_global(obj, name)

    dispatch[FunctionType] = save_global


def digest(data: bytes) -> str:
    """Return the SHA-256 of an artifact, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def dump(model: Any) -> Artifact:
    """Write a model to bytes, in the format of ``joblib.dump``.

    Raises
    ------
    ModelNotSerializable
        If something in the model cannot be pickled; the message names the attribute.
    """
    buffer = io.BytesIO()
    pickler = _Pickler(buffer)
    try:
        pickler.dump(model)
    except MemoryError:
        raise
    except Exception as error:
        raise ModelNotSerializable(
            N_(
                "O modelo não pode ser salvo: {where} não pode ser gravado em arquivo ({reason}). "
                "Tire essa parte do modelo, ou troque funções anônimas por funções com nome."
            ),
            where=_culprit(model) or type(model).__name__,
            reason=f"{type(error).__name__}: {error}"[:300],
        ) from error
    data = buffer.getvalue()
    return Artifact(data, digest(data), frozenset(pickler.modules))


def load(data: bytes) -> Any:
    """Unpickle a model from bytes that were verified before.

    Raises
    ------
    RegistryError
        If a library is missing or has changed too much to open it.
    """
    import joblib

    try:
        return joblib.load(io.BytesIO(data))
    except ModuleNotFoundError as error:
        raise RegistryError(
            N_(
                "O modelo precisa do módulo {module}, que não está instalado aqui. Instale-o e "
                "tente de novo."
            ),
            module=str(error.name),
        ) from error
    except MemoryError:
        raise
    except Exception as error:
        raise RegistryError(
            N_(
                "O arquivo do modelo não pôde ser aberto ({reason}). Confira se as bibliotecas "
                "daqui são as mesmas com que ele foi feito, ou treine-o de novo."
            ),
            reason=f"{type(error).__name__}: {error}"[:300],
        ) from error


def _culprit(value: Any, path: str = "", depth: int = 0) -> str | None:
    """Return the path of the innermost part that cannot be pickled."""
    if depth > 20 or _pickles(value):
        return None
    for name, part in _parts(value):
        inner = _culprit(part, path + name, depth + 1)
        if inner:
            return inner
    return path.lstrip(".") or None


def _pickles(value: Any) -> bool:
    try:
        pickle.dumps(value)
    except Exception:  # noqa: BLE001 - a model's own __reduce__ may raise anything
        return False
    return True


def _parts(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [(f"[{name!r}]", part) for name, part in value.items()]
    if isinstance(value, list | tuple | set):
        return [(f"[{index}]", part) for index, part in enumerate(value)]
    return [(f".{name}", part) for name, part in getattr(value, "__dict__", {}).items()]
