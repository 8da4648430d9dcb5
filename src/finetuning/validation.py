"""The validator by name, or for any file of chats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from src import files
from src.errors import FinetuningError
from src.finetuning import provenance, sources, store
from src.finetuning.building import ORIGINS
from src.finetuning.checks import checks
from src.finetuning.examination import Examination
from src.finetuning.examples import Redact
from src.finetuning.model import Check, Place, Report
from src.finetuning.recipe import Recipe
from src.messages import N_, Message

EVERY = 20
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
        found.recipe,
        redact=partial(sources.redact, not_personal=found.recipe.not_personal),
        origins=provenance.origins(name, version) if known else (),
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
        recipe,
        redact=partial(sources.redact, not_personal=recipe.not_personal),
        tick=tick,
    )


def examine(
    paths: Mapping[str, Path],
    recipe: Recipe,
    *,
    redact: Redact | None = None,
    origins: Iterable[Place] = (),
    tick: Callable[[int], None] | None = None,
) -> Report:
    """Examine the files of one set together.

    Parameters
    ----------
    paths : mapping
        Name → path, the training file first.
    recipe : Recipe
        Its limit of tokens, similarity, price and epochs count.
    redact : callable, optional
        Looks for personal data that is left; None leaves that check out.
    origins : iterable of Place
        What each line was made of, where that is known.
    tick : callable, optional
        Told how many examples were read.

    Raises
    ------
    FinetuningError
        If a file is not there or cannot be read.
    """
    examination = Examination(
        max_tokens=recipe.max_tokens, similarity=recipe.similarity, redact=redact
    )
    known = {(place.file, place.line): place for place in origins}
    done = 0
    for name, path in paths.items():
        examination.open(name)
        for number, line in _lines(path):
            if tick is not None and done % EVERY == 0:
                tick(done)
            done += 1
            examination.take(known.get((name, number), Place(name, number)), line)
    figures = examination.figures(price=recipe.price, epochs=recipe.epochs)
    return Report(checks(examination, built=bool(known)), tuple(examination.offences), figures)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    if path.exists() and not path.stat().st_size:  # a part of a version may hold no example
        return
    with files.faults_as(FinetuningError), files.content(path).open() as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
