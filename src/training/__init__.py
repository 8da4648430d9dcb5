"""A table becomes compared candidates, and the best of them pipelines ready to use."""

from typing import TYPE_CHECKING

from src import lazy
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

if TYPE_CHECKING:
    from src.training.artifacts import (
        algorithm,
        diagnostics,
        load_pipeline,
        measured,
        training_sample,
    )
    from src.training.comparison import compare_models
    from src.training.noise import tied
    from src.training.requests import start_comparison
    from src.training.single_rows import single_row_probabilities
    from src.training.store import get_comparison, list_comparisons
    from src.training.table import check_table, detect_task
    from src.training.yardstick import GOALS, RESAMPLES, Interval, Measured, Yardstick

__all__ = [
    "BASELINE",
    "DEFAULT_METRICS",
    "GOALS",
    "METRICS",
    "RESAMPLES",
    "SECONDS_COLUMN",
    "CandidateResult",
    "Comparison",
    "ComparisonRecord",
    "Diagnostics",
    "Interval",
    "Measured",
    "Metric",
    "Task",
    "TrainedCandidate",
    "Yardstick",
    "algorithm",
    "check_table",
    "compare_models",
    "detect_task",
    "diagnostics",
    "get_comparison",
    "list_comparisons",
    "load_pipeline",
    "measured",
    "single_row_probabilities",
    "start_comparison",
    "tied",
    "training_sample",
]

# PyCaret takes seconds to import, and the pages only ask for comparisons; the processes that fit
# candidates come in by this door too, and need neither the databases nor the tables' readers.
__getattr__ = lazy.door(__name__)
