"""Save, sign, verify, load, list, promote and delete models."""

from src.registry.entry import ModelEntry
from src.registry.models import (
    delete_model,
    get_model,
    get_models_summary,
    list_models,
    load_model,
    save_model,
    suggest_name,
    version_warnings,
)
from src.registry.schema import Field

__all__ = [
    "Field",
    "ModelEntry",
    "delete_model",
    "get_model",
    "get_models_summary",
    "list_models",
    "load_model",
    "save_model",
    "suggest_name",
    "version_warnings",
]
