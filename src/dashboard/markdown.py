"""Texts of people's own (names, columns, values) in places that read Markdown."""

from __future__ import annotations

import re

from src.dashboard.i18n import translate
from src.errors import BancadaError
from src.messages import Message

_ANYWHERE = r"[\\`*\[\]$<>~|]|:(?=\w)|(?<!\w)_|_(?!\w)"
_IN_A_SENTENCE = re.compile(f"({_ANYWHERE})")
_ALONE = re.compile(rf"({_ANYWHERE}|[{{}}()#+\-.!:])")


def escape(text: object) -> str:
    """Return a text that Markdown shows as it is, also at the start of a line."""
    return _ALONE.sub(r"\\\1", str(text))


def said(message: Message | BancadaError) -> str:
    """Return a message in the person's language, the names in it shown as they are."""
    return _IN_A_SENTENCE.sub(r"\\\1", translate(message))
