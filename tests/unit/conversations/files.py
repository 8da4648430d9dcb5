"""Small files of conversations for the tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from src import conversations
from src.conversations import FieldMapping


def chat(*turns: tuple[str, Any], **more: Any) -> dict[str, Any]:
    """One conversation in the chat format."""
    return {"messages": [{"role": role, "content": text} for role, text in turns], **more}


def jsonl(path: Path, *records: Any) -> Path:
    path.write_text(
        "\n".join(json.dumps(record, ensure_ascii=False) for record in records), encoding="utf-8"
    )
    return path


GREETING = chat(("user", "Oi, tem colchão king?"), ("assistant", "Temos, a partir de R$ 2.500."))


def bring(path: Path, **changes: Any) -> conversations.Imported:
    """Import a file as it is proposed, but for what is said otherwise."""
    mapping = conversations.inspect_file(path).mapping
    return conversations.import_file(
        path, FieldMapping(**{**mapping.__dict__, "origin": "teste", **changes}), actor="ana"
    )


def only() -> conversations.Conversation:
    """Return the conversation that is stored, and fail if there are more."""
    page = conversations.list_conversations()
    assert page.total == 1
    return conversations.get_conversation(page.items[0].id)


def said() -> list[str]:
    """Return the texts of the conversation that is stored, in order."""
    return [turn.content for turn in only().turns]
