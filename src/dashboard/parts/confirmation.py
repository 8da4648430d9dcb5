"""The question before something is deleted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from src.dashboard import ui
from src.dashboard.i18n import _


@dataclass(frozen=True)
class Confirmation:
    """A dialog with two answers.

    Attributes
    ----------
    key : str
        The beginning of its names in the session.
    """

    key: str

    def ask(self, about: object) -> None:
        """Open the dialog about something."""
        st.session_state[self._about] = about

    @property
    def about(self) -> Any:
        """What is asked about; None while the dialog is closed."""
        return st.session_state.get(self._about)

    def close(self) -> None:
        """Close the dialog with nothing done."""
        st.session_state.pop(self._about, None)

    def draw(
        self,
        title: str,
        consequences: Callable[[], None],
        act: Callable[[], None],
        *,
        icon: str = ":material/delete:",
    ) -> None:
        """Draw the dialog; the page is run again after either answer.

        Parameters
        ----------
        title : str
            Also the label of the button that does it.
        consequences : callable
            Draws what will happen.
        act : callable
            Does it.
        """

        @st.dialog(title, icon=icon, on_dismiss=self.close)
        def question() -> None:
            consequences()
            with st.container(horizontal=True, horizontal_alignment="right"):
                if st.button(_("Manter"), key=f"{self.key}_keep"):
                    self.close()
                    st.rerun()
                if st.button(
                    title, key=f"{self.key}_confirm", type="primary", icon=":material/delete:"
                ):
                    with ui.errors():
                        self.close()
                        act()
                        st.rerun()

        question()

    @property
    def _about(self) -> str:
        return f"{self.key}_about"
