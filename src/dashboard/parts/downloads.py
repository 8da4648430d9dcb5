"""Files to take away."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Literal

import streamlit as st

LARGEST = 256 * 2**20
"""Bytes. A download passes through the dashboard's memory; larger files are taken otherwise."""

MIMES = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".ndjson": "application/x-ndjson",
    ".parquet": "application/vnd.apache.parquet",
}


def button(
    label: str,
    content: bytes | Path | Callable[[], bytes],
    file_name: str,
    *,
    key: str,
    type: Literal["secondary", "tertiary"] = "secondary",
    disabled: bool = False,
    help: str | None = None,
) -> None:
    """Draw a button that downloads a file; what it is follows from the end of its name.

    Parameters
    ----------
    content : bytes, path or callable
        A callable is asked, and the file of a path read, once the button is pressed.
    """
    st.download_button(
        label,
        partial(content.open, "rb") if isinstance(content, Path) else content,
        file_name=file_name,
        mime=MIMES.get(Path(file_name).suffix, "application/octet-stream"),
        key=key,
        type=type,
        icon=":material/download:",
        disabled=disabled,
        help=help,
        on_click="ignore",
    )
