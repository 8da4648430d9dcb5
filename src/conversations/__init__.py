"""Conversations of a sales assistant with its customers: imported once, searched, erased.

Ratings that come with them, and those that arrive later, are stored beside them; what people make
of a conversation is the business of ``src.review``.
"""

from src.conversations.contacts import contact_key
from src.conversations.facts import SILENCE
from src.conversations.importing import (
    Imported,
    Inspection,
    import_file,
    inspect_file,
    known_origins,
)
from src.conversations.mapping import ALIASES, TURN_FIELDS, FieldMapping
from src.conversations.model import (
    ANSWERING,
    Conversation,
    Customer,
    Erased,
    Feedback,
    Filters,
    Hit,
    NewConversation,
    NewFeedback,
    NewTurn,
    Outcome,
    Page,
    Place,
    Role,
    Summary,
    Turn,
)
from src.conversations.parsing import Skipped, repaired, storable
from src.conversations.redaction import (
    Entity,
    EntityType,
    Redaction,
    RedactionSession,
    redact,
)
from src.conversations.source_database import import_database
from src.conversations.store import tables
from src.conversations.store.erasure import erase_conversation, erase_customer
from src.conversations.store.feedback import add_feedback, feedback_of, remove_old_feedback
from src.conversations.store.reading import (
    beginnings,
    every,
    find_customers,
    get_conversation,
    list_conversations,
    openings,
    positions_of,
    search,
    values_of,
)
from src.conversations.store.writing import add
from src.conversations.work import start_database_import, start_import
