"""The validator by name, or for any file of chats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from src.finetuning import sources, store
from src.finetuning.building import ORIGINS
from src.finetuning.examination import examine
from src.finetuning.recipe import Recipe
from src.finetuning.report import Check, Report
from src.messages import N_, Message

Tick = Callable[[int], None]


def validate(name: str, version: int, *, tick: Tick | None = None) -> Report:
    """Examine a version anew, as it is on the disk now.

    Parameters
    ----------
    tick : callable, optional
        Told how many examples were read.

    Raises
    ------
    TrainingSetNotFound
        If there is none.
    """
    found = store.get(name, version)
    changed = store.changed_files(name, version)
    known = (store.folder_of(name, version) / ORIGINS).exists()
    report = examine(
        {file: store.path(name, version, file) for file in store.FILES},
        max_tokens=found.recipe.max_tokens,
        price=found.recipe.price,
        epochs=found.recipe.epochs,
        similarity=found.recipe.similarity,
        redact=partial(sources.redact, not_personal=found.recipe.not_personal),
        origins=store.lines(name, version, ORIGINS) if known else (),
        tick=tick,
    )
    intact = Check(
        "intact",
        Message(N_("Arquivos como foram construídos")),
        "error" if changed else "ok",
        Message(N_("mudaram depois: {files}"), {"files": ", ".join(changed)})
        if changed
        else Message(N_("os arquivos são os mesmos")),
    )
    return Report((intact, *report.checks), report.offences, report.figures)


def validate_file(
    path: Path | str,
    *,
    max_tokens: int = Recipe.max_tokens,
    price: float = 0.0,
    epochs: int = 3,
    not_personal: Sequence[str] = (),
    name: str | None = None,
    tick: Tick | None = None,
) -> Report:
    """Examine any file of chats, one JSON object a line.

    Parameters
    ----------
    max_tokens : int
        Of one example; a limit of the provider's model.
    price : float
        US$ per 1,000 tokens of training, for the estimate; 0 if not known.
    epochs : int
        How often the training will see each example, 1 to 50.
    not_personal : sequence of str
        Names of the assistant and of products, see :class:`Recipe`.
    name : str, optional
        What the report calls it; by default the file's name.
    tick : callable, optional
        Told how many examples were read.

    Raises
    ------
    FinetuningError
        If the file is not there, or a figure is out of its range.
    """
    recipe = Recipe(
        max_tokens=max_tokens, price=price, epochs=epochs, not_personal=tuple(not_personal)
    )
    recipe.check()
    path = Path(path)
    return examine(
        {name or path.name: path},
        max_tokens=max_tokens,
        price=price,
        epochs=epochs,
        redact=partial(sources.redact, not_personal=recipe.not_personal),
        tick=tick,
    )
