"""What is deleted and can come back: the question, the way back right after, and the trash."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import streamlit as st

from src.dashboard import ui
from src.dashboard.i18n import _
from src.dashboard.parts.confirmation import Confirmation


class Deleted(Protocol):
    """What lies in a trash."""

    @property
    def id(self) -> str:
        """Tells it from others of the same name."""


Item = TypeVar("Item", bound=Deleted)


@dataclass(frozen=True)
class Trash(Generic[Item]):
    """The trash of a screen.

    Attributes
    ----------
    key : str
        The beginning of its names in the session.
    content : callable
        Return what lies in it, last deleted first.
    name : callable
        Return what one is called, as Markdown.
    restore : callable
        Bring one back and open it.
    """

    key: str
    content: Callable[[], Sequence[Item]]
    name: Callable[[Item], str]
    restore: Callable[[Item], None]

    def delete_button(
        self, what: str, title: str, consequences: Callable[[], None], delete: Callable[[], str]
    ) -> None:
        """Draw the button that asks before it deletes.

        Parameters
        ----------
        what : str
            Tells it from all else that this screen may delete.
        title : str
            Of the dialog, and of the button that does it.
        consequences : callable
            Draws what will happen.
        delete : callable
            Does it, and returns the identifier in the trash.
        """
        question = Confirmation(f"{self.key}_delete")

        def act() -> None:
            st.session_state[self._last] = delete()

        if st.button(_("Excluir"), key=f"{self.key}_delete", icon=":material/delete:"):
            question.ask(what)
        if question.about == what:
            question.draw(title, consequences, act)

    def undo(self) -> None:
        """Draw the way back right after a deletion."""
        last = st.session_state.get(self._last)
        if last is None:
            return
        item = next((item for item in self.content() if item.id == last), None)
        if item is None:
            st.session_state.pop(self._last)
            return
        with st.container(horizontal=True, vertical_alignment="center", key=f"{self.key}_undo_row"):
            st.info(
                _("{name} foi para a lixeira.").format(name=f"**{self.name(item)}**"),
                icon=":material/delete:",
            )
            if st.button(_("Desfazer"), key=f"{self.key}_undo", icon=":material/undo:"):
                self._restore(item)

    def draw(
        self, *, heading: Callable[[int], str], field: str, line: Callable[[Item], str], rule: str
    ) -> None:
        """Draw what was deleted, each with a way back; nothing when there is nothing.

        Parameters
        ----------
        heading : callable
            Return what so many are called.
        field : str
            The choice's label.
        line : callable
            Return one's line in the choice.
        rule : str
            How long they are kept.
        """
        by_id = {item.id: item for item in self.content()}
        if not by_id:
            return
        with st.expander(heading(len(by_id)), icon=":material/delete:", key=f"{self.key}_trash"):
            with st.container(horizontal=True, vertical_alignment="bottom"):
                identifier = st.selectbox(
                    field,
                    list(by_id),
                    format_func=lambda identifier: line(by_id[identifier]),
                    key=f"{self.key}_trash_choice",
                )
                if st.button(_("Restaurar"), key=f"{self.key}_restore", icon=":material/undo:"):
                    self._restore(by_id[identifier])
            st.caption(rule)

    def _restore(self, item: Item) -> None:
        with ui.errors():
            self.restore(item)
            st.session_state.pop(self._last, None)
            st.toast(
                _("{name} foi restaurado.").format(name=self.name(item)), icon=":material/undo:"
            )
            st.rerun()

    @property
    def _last(self) -> str:
        return f"{self.key}_deleted"
