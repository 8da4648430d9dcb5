"""What is wrong with a file, said in a way that every room can pass on as its own error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from src.errors import BancadaError, FileUnreadable


@contextmanager
def faults_as(kind: type[BancadaError]) -> Iterator[None]:
    """Let what is wrong with a file be raised as an error of the room that reads it.

    Parameters
    ----------
    kind : type
        The room's error, such as ``ImportFailed``; it gets the same message.

    Examples
    --------
    >>> with faults_as(ImportFailed):  # doctest: +SKIP
    ...     files.open_table(path)
    """
    try:
        yield
    except FileUnreadable as error:
        raise kind(error.message.template, **error.message.params) from error
