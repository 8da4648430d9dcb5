"""Collected events become model-ready tables, and one case becomes a row of such a table."""

from src.features.building import Origin, build_table, origin, rebuild_tables, start_build
from src.features.populations import TARGETS
from src.features.row import row

INTEREST_ALIAS = "interesse"
"""The registry's alias of the model that answers ``predict-interest``."""
