"""A conversation as it was written: who said what, when, and what was said about it.

What people wrote is text. It is drawn by ``st.text``, which reads neither HTML nor Markdown, and
its direction follows its own letters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import streamlit as st

from src.conversations import Feedback, Role, Turn
from src.dashboard import charts, formats, markdown
from src.dashboard.i18n import _, translate
from src.messages import N_
from src.review import PROBLEMS, Problem

ROLES: dict[Role, str] = {
    Role.CUSTOMER: N_("Cliente"),
    Role.ASSISTANT: N_("Assistente"),
    Role.HUMAN: N_("Atendente"),
    Role.SYSTEM: N_("Sistema"),
    Role.TOOL: N_("Ferramenta"),
    Role.OTHER: N_("Outro"),
}
ICONS: dict[Role, str] = {
    Role.CUSTOMER: ":material/person:",
    Role.ASSISTANT: ":material/smart_toy:",
    Role.HUMAN: ":material/support_agent:",
    Role.SYSTEM: ":material/settings:",
    Role.TOOL: ":material/build:",
    Role.OTHER: ":material/help:",
}
AT_ONCE = 30
"""Turns on one page; each is half a dozen elements."""

LONGEST = 4_000
"""Characters of a turn that are shown at once."""

_STYLE = """<style>
[class*="st-key-turno_"] [data-testid="stText"], [class*="st-key-turno_"] [data-testid="stText"] * {
  unicode-bidi: plaintext; text-align: start; overflow-wrap: anywhere;
}
[class*="st-key-turno_"] [data-testid="stChatMessage"] { padding: 0.5rem 0.75rem; }
[class*="st-key-turno_"] [data-testid="stChatMessageContent"] > [data-testid="stVerticalBlock"],
[class*="st-key-turno_"] [data-testid="stChatMessageContent"] { gap: 0.4rem; }
.st-key-turno_escolhido [data-testid="stChatMessage"] { outline: 2px solid ACCENT; }
</style>"""


def role(of: Role) -> str:
    """Name a role."""
    return _(ROLES[of])


def pages(turns: int) -> int:
    """Return how many pages a conversation of so many turns has."""
    return max(1, -(-turns // AT_ONCE))


def by_turn(said: Iterable[Feedback]) -> dict[str | None, list[Feedback]]:
    """Sort feedback by the turn that it is about; None for the conversation."""
    found: dict[str | None, list[Feedback]] = {}
    for one in said:
        found.setdefault(one.turn_id, []).append(one)
    return found


def draw(
    turns: Sequence[Turn],
    *,
    feedback: Mapping[str | None, Sequence[Feedback]],
    chosen: str | None = None,
    beside: Callable[[Turn], None] | None = None,
    below: Callable[[Turn], None] | None = None,
) -> None:
    """Draw turns one under the other.

    Parameters
    ----------
    feedback : mapping
        What was said about them, by turn.
    chosen : str, optional
        The turn that is marked.
    beside, below : callable, optional
        Draw what goes into the turn's head, and under its text.
    """
    st.html(_STYLE.replace("ACCENT", charts.colours().accent))
    if not turns:
        st.caption(_("Esta conversa não tem nenhuma mensagem."))
    for turn in turns:
        key = "turno_escolhido" if turn.id == chosen else f"turno_{turn.position}"
        with (
            st.container(key=key),
            st.chat_message(role(turn.role), avatar=ICONS[turn.role]),
        ):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(_head(turn), width="stretch")
                if beside is not None:
                    beside(turn)
            text(turn.content)
            if turn.original is not None:
                st.caption(_("Codificação reparada na importação; o original está guardado."))
            for one in feedback.get(turn.id, ()):
                st.caption(opinion(one))
            if below is not None:
                below(turn)


def text(content: str) -> None:
    """Draw what somebody wrote, as it is; the rest of a very long text is folded away."""
    if not content.strip():
        st.caption(_("(mensagem vazia)"))
        return
    st.text(content[:LONGEST])
    if len(content) > LONGEST:
        rest = len(content) - LONGEST
        with st.expander(_("Mais {count} caracteres").format(count=formats.number(rest))):
            st.text(content[LONGEST:])


def _head(turn: Turn) -> str:
    name = f"**{role(turn.role)}**"
    if turn.role is Role.OTHER and turn.sender_type:
        name += f" ({markdown.escape(turn.sender_type[:40])})"
    at = "" if turn.at is None else " · " + formats.moment(turn.at)
    number = formats.number(turn.position + 1)
    return f"{name} :gray[· {number}{at}]"


def opinion(said: Feedback) -> str:
    """Say what somebody thinks of a turn or a conversation."""
    who = role(Role(said.author)) if said.author in list(Role) else _("Alguém")
    if said.kind == "problem":
        known = said.problem in list(Problem)
        name = translate(PROBLEMS[Problem(said.problem)]) if known else said.problem
        what = ":material/flag: " + markdown.escape(name)
    elif said.kind == "reaction":
        what = "👍" if said.positive else "👎"
    else:
        what = "★" * (said.stars or 0) + "☆" * (5 - (said.stars or 0))
    comment = f" · “{markdown.escape(said.comment)}”" if said.comment else ""
    return f"{what} · {who}{comment}"
