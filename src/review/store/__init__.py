"""What this room keeps in the operational database."""

from src.review.store import decisions, quality, queue, tables
