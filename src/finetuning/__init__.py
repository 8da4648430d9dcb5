"""Reviewed conversations become training data; first of all: whether that is worth it."""

from src.finetuning.alternatives import Alternative
from src.finetuning.checks import MINIMUM_EXAMPLES
from src.finetuning.clearance import Clearance, clear, clearances
from src.finetuning.cost import Payback, monthly_cost, payback, training_cost
from src.finetuning.decision import Assumptions, Criterion, Decision, decide
from src.finetuning.duplicates import LEAST_SIMILARITY
from src.finetuning.filter_counts import FilterCounts, Passed
from src.finetuning.filters import Filters
from src.finetuning.model import Check, Offence, Report
from src.finetuning.provenance import chat, left_out, origins, replaced
from src.finetuning.recipe import Recipe, named_in
from src.finetuning.side_by_side import Pair, SideBySide, example_of
from src.finetuning.splits import SHARES
from src.finetuning.store import (
    FILES,
    KEEP_DAYS,
    MANIFEST,
    DeletedSet,
    TrainingSet,
    changed_files,
    delete,
    get,
    list_deleted,
    list_sets,
    path,
    report,
    restore,
    same_bytes,
)
from src.finetuning.stored_counts import StoredCounts, Usage, count_stored, measure_usage
from src.finetuning.validation import validate, validate_file
from src.finetuning.work import (
    last_count,
    start_build,
    start_count,
    start_file_validation,
    start_validation,
    validation,
)
