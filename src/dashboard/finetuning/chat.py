"""One example of a data set as the talk that it is, shown as written and never run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

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
    return "  \n".join(
        _line(line, (match.span() for match in _PLACEHOLDER.finditer(line) if mark), trim=1)
        for line in text.splitlines()
    )


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
        within = ((max(one - start, 0), min(end - start, len(line))) for one, end in places)
        lines.append(
            _line(line, [(one, end) for one, end in within if one < end and line[one:end].strip()])
        )
        start += len(ended)
    return "  \n".join(lines)


def _line(line: str, places: Iterable[tuple[int, int]], *, trim: int = 0) -> str:
    last, parts = 0, []
    for first, end in places:
        inside = _plain(line[first + trim : end - trim])
        parts += [_plain(line[last:first]), f":orange-background[{inside}]"]
        last = end
    return "".join([*parts, _plain(line[last:])])


def _plain(text: str) -> str:
    # Neither an entity nor a heading's underline; spaces at the start would make it code.
    escaped = markdown.escape(text).replace("&", "&amp;").replace("=", r"\=")
    return re.sub(r"^[ \t]+|(?<= ) ", lambda found: "\u00a0" * len(found[0]), escaped)
