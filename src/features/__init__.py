"""Collected events become model-ready tables, and one case becomes a row of such a table."""
