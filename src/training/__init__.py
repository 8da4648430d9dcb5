"""A table becomes compared candidates, and the best of them pipelines ready to use."""

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
    "get_comparison",
    "list_comparisons",
]
