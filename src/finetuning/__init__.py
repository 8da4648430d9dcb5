"""Reviewed conversations become training data; first of all: whether that is worth it."""

from src.finetuning.alternatives import Alternative
from src.finetuning.cost import Payback, monthly_cost, payback, training_cost
from src.finetuning.decision import Assumptions, Criterion, Decision, decide

__all__ = [
    "Alternative",
    "Assumptions",
    "Criterion",
    "Decision",
    "Payback",
    "decide",
    "monthly_cost",
    "payback",
    "training_cost",
]
