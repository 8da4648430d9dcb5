"""A table becomes compared candidates, and the best of them pipelines ready to use."""

from typing import TYPE_CHECKING, Any

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
    "get_comparison",
    "list_comparisons",
]


def __getattr__(name: str) -> Any:
    # PyCaret takes seconds to import, and the pages only ask for comparisons.
    if name == "compare_models":
        from src.training.comparison import compare_models

        return compare_models
    raise AttributeError(name)
