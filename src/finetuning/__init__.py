"""Reviewed conversations become training data; first of all: whether that is worth it."""

from src.finetuning.alternatives import Alternative
from src.finetuning.cost import Payback, monthly_cost, payback, training_cost
from src.finetuning.decision import Assumptions, Criterion, Decision, decide
from src.finetuning.filters import Filters
from src.finetuning.measuring import Measured, measure
from src.finetuning.recipe import Recipe
from src.finetuning.report import Check, Offence, Report
from src.finetuning.store import (
    FILES,
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
)
from src.finetuning.validation import validate, validate_file
from src.finetuning.work import (
    builds_in_progress,
    start_build,
    start_file_validation,
    start_validation,
    validation,
)

__all__ = [
    "FILES",
    "Alternative",
    "Assumptions",
    "Check",
    "Criterion",
    "Decision",
    "DeletedSet",
    "Filters",
    "Measured",
    "Offence",
    "Payback",
    "Recipe",
    "Report",
    "TrainingSet",
    "builds_in_progress",
    "changed_files",
    "decide",
    "delete",
    "get",
    "lines",
    "list_datasets",
    "list_deleted",
    "measure",
    "monthly_cost",
    "path",
    "payback",
    "report",
    "restore",
    "start_build",
    "start_file_validation",
    "start_validation",
    "training_cost",
    "validate",
    "validate_file",
    "validation",
]
