"""Collected events become model-ready tables, and one case becomes a row of such a table."""

from src.features.building import build_table, origin
from src.features.model import Origin
from src.features.populations import TARGETS
from src.features.row import row
from src.features.work import rebuild_tables, start_build

INTEREST_ALIAS = "interesse"
"""The registry's alias of the model that answers ``predict-interest``."""
