"""Reviewed conversations become training data; first of all: whether that is worth it."""

from src.finetuning.alternatives import Alternative
from src.finetuning.clearance import Clearance, clear, clearances
from src.finetuning.comparison import Compared, Pair, compare
from src.finetuning.cost import Payback, monthly_cost, payback, training_cost
from src.finetuning.decision import Assumptions, Criterion, Decision, decide
from src.finetuning.duplicates import LEAST_SIMILARITY
from src.finetuning.filters import Filters
from src.finetuning.measuring import Measured, measure
from src.finetuning.recipe import Recipe, named_in
from src.finetuning.report import Check, Offence, Report
from src.finetuning.stock import Passed, Stock
from src.finetuning.store import (
    FILES,
    MANIFEST,
    DeletedSet,
    TrainingSet,
    changed_files,
    delete,
    get,
    lines,
    list_datasets,
    list_deleted,
    path,
    report,
    restore,
    same_bytes,
)
from src.finetuning.survey import Survey, survey
from src.finetuning.validation import validate, validate_file
from src.finetuning.work import (
    builds_in_progress,
    last_survey,
    start_build,
    start_file_validation,
    start_survey,
    start_validation,
    surveys_in_progress,
    validation,
)

__all__ = [
    "FILES",
    "LEAST_SIMILARITY",
    "MANIFEST",
    "Alternative",
    "Assumptions",
    "Check",
    "Clearance",
    "Compared",
    "Criterion",
    "Decision",
    "DeletedSet",
    "Filters",
    "Measured",
    "Offence",
    "Pair",
    "Passed",
    "Payback",
    "Recipe",
    "Report",
    "Stock",
    "Survey",
    "TrainingSet",
    "builds_in_progress",
    "changed_files",
    "clear",
    "clearances",
    "compare",
    "decide",
    "delete",
    "get",
    "last_survey",
    "lines",
    "list_datasets",
    "list_deleted",
    "measure",
    "monthly_cost",
    "named_in",
    "path",
    "payback",
    "report",
    "restore",
    "same_bytes",
    "start_build",
    "start_file_validation",
    "start_survey",
    "start_validation",
    "survey",
    "surveys_in_progress",
    "training_cost",
    "validate",
    "validate_file",
    "validation",
]
