"""Small files of conversations for the tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def chat(*turns: tuple[str, Any], **more: Any) -> dict[str, Any]:
    """One conversation in the chat format."""
    return {"messages": [{"role": role, "content": text} for role, text in turns], **more}


def jsonl(path: Path, *records: Any) -> Path:
    path.write_text(
        "\n".join(json.dumps(record, ensure_ascii=False) for record in records), encoding="utf-8"
    )
    return path


GREETING = chat(("user", "Oi, tem colchão king?"), ("assistant", "Temos, a partir de R$ 2.500."))
