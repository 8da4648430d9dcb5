"""One example of a data set as the talk that it is, shown as written and never run."""

from __future__ import annotations

import re
from collections.abc import Sequence

import streamlit as st

from src.dashboard import markdown
from src.dashboard.i18n import _, ngettext

MOST = 60
"""Turns drawn of one talk; a talk of ten thousand would stop the browser."""

_PLACEHOLDER = re.compile(r"\[[A-Z_]+_\d+\]")

AVATARS = {
    "user": ":material/person:",
    "assistant": ":material/smart_toy:",
    "system": ":material/settings:",
}
Message = tuple[str, str]
"""Role and text."""


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
        st.caption(ngettext("e mais {count} mensagem", "e mais {count} mensagens", more))


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


def highlighted(text: str, places: Sequence[tuple[int, int]]) -> str:
    """Return a text as :func:`shown` does, with some places standing out.

    Parameters
    ----------
    places : sequence of (int, int)
        First character and the first after the last, in order, none within another.

    Examples
    --------
    >>> highlighted("sou <Ana>", [(4, 9)])
    'sou :orange-background[\\\\<Ana\\\\>]'
    """
    lines, start = [], 0
    for ended in text.splitlines(keepends=True):
        line = ended.splitlines()[0]
        last, parts = 0, []
        for place in places:
            first, end = max(place[0] - start, 0), min(place[1] - start, len(line))
            if line[first:end].strip() and first < end:
                parts.append(_plain(line[last:first]))
                parts.append(f":orange-background[{_plain(line[first:end])}]")
                last = end
        lines.append("".join([*parts, _plain(line[last:])]))
        start += len(ended)
    return "  \n".join(lines)


def _plain(text: str) -> str:
    # Neither an entity nor a heading's underline; spaces at the start would make it code.
    escaped = markdown.escape(text).replace("&", "&amp;").replace("=", r"\=")
    return re.sub(r"^[ \t]+|(?<= ) ", lambda found: "\u00a0" * len(found[0]), escaped)
