"""What this room keeps in the operational database."""

from src.review.store import quality, queue, reviewing, tables

__all__ = ["quality", "queue", "reviewing", "tables"]
