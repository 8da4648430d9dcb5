"""The documented shortcut to the registry: five functions and the folder they use.

``MODELS_DIR`` is the configured folder until it is assigned::

    from src.utils import model_store
    model_store.MODELS_DIR = Path("outra/pasta")
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from src import registry
from src.config import get_settings
from src.registry import ModelEntry

if TYPE_CHECKING:
    import pandas as pd

    MODELS_DIR: Path

__all__ = [
    "MODELS_DIR",
    "delete_model",
    "get_models_summary",
    "list_models",
    "load_model",
    "save_model",
]


def __getattr__(name: str) -> Any:
    if name == "MODELS_DIR":
        return get_settings().models_dir
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _folder() -> Path | None:
    return globals().get("MODELS_DIR")  # None until someone assigns it


def save_model(
    model: Any, name: str, metadata: Mapping[str, Any] | None = None, *, overwrite: bool = False
) -> ModelEntry:
    """Register a model; see :func:`src.registry.save_model`."""
    return registry.save_model(model, name, metadata, overwrite=overwrite, folder=_folder())


def load_model(name: str) -> Any:
    """Return a registered model; see :func:`src.registry.load_model`."""
    return registry.load_model(name, folder=_folder())


def list_models() -> dict[str, dict[str, Any]]:
    """Return every model, newest first; see :func:`src.registry.list_models`."""
    return registry.list_models(folder=_folder())


def get_models_summary() -> pd.DataFrame:
    """Return one row a model; see :func:`src.registry.get_models_summary`."""
    return registry.get_models_summary(folder=_folder())


def delete_model(name: str) -> None:
    """Move a model to the trash; see :func:`src.registry.delete_model`."""
    registry.delete_model(name, folder=_folder())
