"""The file that a person sends on a screen: its field, and where the file is put."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from src import files
from src.dashboard import ui


@dataclass(frozen=True)
class Upload:
    """A field for one file.

    Attributes
    ----------
    key : str
        The beginning of its names in the session, one for each field.
    """

    key: str

    def choose(self, label: str, types: Iterable[str]) -> UploadedFile | None:
        """Draw the field and return the file in it; call it on every run, or the file is lost.

        Parameters
        ----------
        types : iterable of str
            Endings of names, without the point.
        """
        # A field is emptied by another key.
        sent = st.file_uploader(
            label, type=list(types), key=f"{self.key}_{st.session_state.get(self._round, 0)}"
        )
        if sent is None:
            st.session_state.pop(self._stored, None)
        return sent

    def stored(self, sent: UploadedFile) -> Path:
        """Return where the file is, which is put there once."""
        file_id, path = st.session_state.get(self._stored, (None, None))
        if path is None or file_id != sent.file_id or not path.exists():
            path = files.store_upload(sent, sent.name)
            st.session_state[self._stored] = (sent.file_id, path)
        return path

    def receive(self, label: str, types: Iterable[str]) -> tuple[Path, str] | None:
        """Draw the field; return where the file in it was put, and what it is called."""
        sent = self.choose(label, types)
        if sent is not None:
            with ui.errors():
                return self.stored(sent), sent.name
        return None

    @property
    def exists(self) -> bool:
        """Whether the file that is in the field has been put somewhere."""
        return self._stored in st.session_state

    def clear(self) -> None:
        """Empty the field; what was sent is somebody else's from here on."""
        st.session_state.pop(self._stored, None)
        st.session_state[self._round] = st.session_state.get(self._round, 0) + 1

    @property
    def _round(self) -> str:
        return f"{self.key}_round"

    @property
    def _stored(self) -> str:
        return f"{self.key}_stored"
