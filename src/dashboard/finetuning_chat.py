"""One example of a data set as the talk that it is, shown as written and never run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

import streamlit as st

from src import conversations, finetuning
from src.conversations import Role
from src.dashboard import markdown
from src.dashboard.i18n import _, ngettext
from src.errors import BancadaError

MOST = 60
"""Turns drawn of one talk; a talk of ten thousand would stop the browser."""

_PLACEHOLDER = re.compile(r"\[[A-Z_]+_\d+\]")

AVATARS = {
    "user": ":material/person:",
    "assistant": ":material/smart_toy:",
    "system": ":material/settings:",
}
SPEAKERS = {
    Role.CUSTOMER: "user",
    Role.ASSISTANT: "assistant",
    Role.HUMAN: "assistant",
}

Message = tuple[str, str]
"""Role and text."""


def example(name: str, version: int, file: str, line: int) -> list[Message]:
    """Return the messages of one line, from 1, of a version's file; empty if it is not there."""
    found = next(islice(finetuning.lines(name, version, file), line - 1, line), None)
    said = found.get("messages") if isinstance(found, dict) else None
    return [(one["role"], one["content"]) for one in said or ()]


def original(conversation: str) -> list[Message] | None:
    """Return a stored conversation's turns, or None if it was erased meanwhile."""
    try:
        turns = conversations.get_conversation(conversation).turns
    except BancadaError:
        return None
    return [(SPEAKERS.get(turn.role, "system"), turn.content) for turn in turns]


def draw(messages: Sequence[Message], *, mark: bool = False) -> None:
    """Draw a talk.

    Parameters
    ----------
    mark : bool
        Let placeholders of personal data stand out.
    """
    for role, text in messages[:MOST]:
        with st.chat_message(role, avatar=AVATARS.get(role)):
            if role == "system":
                st.caption(_("instruções do sistema"))
            st.markdown(shown(text, mark=mark))
    more = len(messages) - MOST
    if more > 0:
        st.caption(
            ngettext("e mais {count} mensagem", "e mais {count} mensagens", more).format(count=more)
        )


def shown(text: str, *, mark: bool = False) -> str:
    """Return a text as Markdown that shows it letter by letter, lines kept.

    Examples
    --------
    >>> shown("<b>oi</b>")
    '\\\\<b\\\\>oi\\\\</b\\\\>'
    """
    lines = []
    for line in text.splitlines():
        last, parts = 0, []
        for match in _PLACEHOLDER.finditer(line) if mark else ():
            parts += [_plain(line[last : match.start()]), f":orange-background[{match[0][1:-1]}]"]
            last = match.end()
        lines.append("".join([*parts, _plain(line[last:])]))
    return "  \n".join(lines)


def _plain(text: str) -> str:
    # Neither an entity nor a heading's underline; spaces at the start would make it code.
    escaped = markdown.escape(text).replace("&", "&amp;").replace("=", r"\=")
    return re.sub(r"^[ \t]+|(?<= ) ", lambda found: "\u00a0" * len(found[0]), escaped)
