"""A table becomes compared candidates, and the best of them pipelines ready to use."""

from typing import TYPE_CHECKING

from src import lazy
from src.training.design import Design, Task
from src.training.metrics import DEFAULT_METRICS, METRICS, Metric, choose_metric
from src.training.model import (
    BASELINE,
    SECONDS_COLUMN,
    CandidateResult,
    Comparison,
    ComparisonRecord,
    Diagnostics,
    Interval,
    Measured,
    TrainedCandidate,
    Yardstick,
)

if TYPE_CHECKING:
    from src.training.artifacts import (
        algorithm,
        diagnostics,
        load_pipeline,
        load_yardstick,
        training_sample,
    )
    from src.training.comparison import compare_models
    from src.training.noise import tied
    from src.training.single_rows import single_row_probabilities
    from src.training.store import get_comparison, list_comparisons
    from src.training.table import check_table, detect_task
    from src.training.work import start_comparison
    from src.training.yardstick import GOALS, RESAMPLES

# PyCaret takes seconds to import, and the pages only ask for comparisons; the processes that fit
# candidates come in by this door too, and need neither the databases nor the tables' readers.
__getattr__ = lazy.door(__name__)
