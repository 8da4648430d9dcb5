"""A table becomes compared candidates, and the best of them pipelines ready to use."""

from typing import TYPE_CHECKING, Any

from src.training.artifacts import diagnostics, load_pipeline, training_sample
from src.training.model import (
    BASELINE,
    DEFAULT_METRICS,
    METRICS,
    SECONDS_COLUMN,
    CandidateResult,
    Comparison,
    ComparisonRecord,
    Diagnostics,
    Metric,
    Task,
    TrainedCandidate,
)
from src.training.noise import tied
from src.training.requests import start_comparison
from src.training.store import get_comparison, list_comparisons
from src.training.table import check_table, detect_task

if TYPE_CHECKING:
    from src.training.comparison import compare_models

__all__ = [
    "BASELINE",
    "DEFAULT_METRICS",
    "METRICS",
    "SECONDS_COLUMN",
    "CandidateResult",
    "Comparison",
    "ComparisonRecord",
    "Diagnostics",
    "Metric",
    "Task",
    "TrainedCandidate",
    "check_table",
    "compare_models",
    "detect_task",
    "diagnostics",
    "get_comparison",
    "list_comparisons",
    "load_pipeline",
    "start_comparison",
    "tied",
    "training_sample",
]


def __getattr__(name: str) -> Any:
    # PyCaret takes seconds to import, and the pages only ask for comparisons.
    if name == "compare_models":
        from src.training.comparison import compare_models

        return compare_models
    raise AttributeError(name)
