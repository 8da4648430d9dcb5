"""What this room keeps in the operational database."""

from src.conversations.store import adding, erasing, finding, opinions, tables

__all__ = ["adding", "erasing", "finding", "opinions", "tables"]
