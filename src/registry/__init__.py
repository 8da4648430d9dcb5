"""Save, sign, verify, load, list, promote and delete models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src import lazy
from src.registry.loading import get_model, load_model, version_warnings
from src.registry.model import ModelEntry
from src.registry.schema import Field

if TYPE_CHECKING:
    from src.registry.inspection import Inspection
    from src.registry.labels import CHAMPION, edit_notes, remove_alias, set_alias
    from src.registry.listing import get_models_summary, list_models, suggest_name
    from src.registry.quarantine import export_model, import_model, inspect_quarantined, trust
    from src.registry.saving import save_model
    from src.registry.trash import (
        TRASH_DAYS,
        DeletedModel,
        clear_notices,
        delete_model,
        empty_trash,
        list_deleted,
        notices,
        purge,
        restore_model,
    )

# Whoever only loads a model in a fresh process waits for nothing else.
__getattr__ = lazy.door(__name__)
