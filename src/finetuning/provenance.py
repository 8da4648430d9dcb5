"""Where a version's examples come from, what was replaced in them, and what was left out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from src.finetuning import store
from src.finetuning.building import LEFT_OUT, ORIGINS, REPLACED
from src.finetuning.model import LeftOut, Place, Replaced


def chat(name: str, version: int, file: str, line: int) -> list[tuple[str, str]]:
    """Return role and text of each message of a line, from 1; empty if there is no such example.

    Raises
    ------
    TrainingSetNotFound
        If there is no such version.
    """
    record = next(islice(store.lines(name, version, file), line - 1, line), None)
    messages = record.get("messages") if isinstance(record, dict) else None
    return [(one["role"], one["content"]) for one in messages or ()]


def origins(name: str, version: int) -> Iterator[Place]:
    """Yield where each example of a version stands and what it was made of."""
    return (Place(**entry) for entry in store.lines(name, version, ORIGINS))


def replaced(
    name: str, version: int, *, kind: str | None = None, text: str = ""
) -> Iterator[Replaced]:
    """Yield what was replaced, by conversation.

    Parameters
    ----------
    kind : str, optional
        Only conversations in which this was replaced.
    text : str
        Part of a placeholder or of a conversation's identifier.
    """
    wanted = text.casefold().strip()
    for entry in store.lines(name, version, REPLACED):
        one = Replaced(entry["conversation"], tuple(map(tuple, entry["replaced"])))
        if kind is not None and all(found != kind for _turn, found, _placeholder in one.found):
            continue
        said = " ".join([one.conversation, *(placeholder for *_rest, placeholder in one.found)])
        if wanted in said.casefold():
            yield one


def left_out(
    name: str, version: int, *, reason: str | None = None, text: str = "", approved: bool = False
) -> Iterator[LeftOut]:
    """Yield the conversations that are not in a version.

    Parameters
    ----------
    reason : str, optional
        Only those that this step left out.
    text : str
        Part of a conversation's identifier.
    approved : bool
        Only those that reviewers had approved.
    """
    for entry in store.lines(name, version, LEFT_OUT):
        one = LeftOut(**entry)
        fits = reason in (None, one.reason) and text in one.conversation
        if fits and (one.approved or not approved):
            yield one
