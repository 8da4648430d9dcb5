"""What this room keeps in the operational database."""

from src.conversations.store import erasure, feedback, reading, tables, writing
