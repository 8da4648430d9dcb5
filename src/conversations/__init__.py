"""Conversations of the assistant with its customers, and what makes them fit to be shown."""

from src.conversations.redaction import (
    Entity,
    EntityType,
    Redaction,
    RedactionSession,
    Replacement,
    Report,
    redact,
)

__all__ = [
    "Entity",
    "EntityType",
    "Redaction",
    "RedactionSession",
    "Replacement",
    "Report",
    "redact",
]
