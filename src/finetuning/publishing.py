"""One version of a data set: built, examined, and published whole or not at all."""

from __future__ import annotations

import importlib.metadata
import platform
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from src.errors import FinetuningError, StorageError
from src.finetuning import building, store
from src.finetuning.examples import Redact
from src.finetuning.model import Candidate, Place
from src.finetuning.recipe import Recipe
from src.finetuning.tokens import ENCODING
from src.finetuning.validation import examine
from src.messages import N_, Message
from src.persistence import utc_now, write_json

LIBRARIES = ("datasketch", "toktok-rs", "orjson", "presidio-analyzer")


def build(
    name: str,
    recipe: Recipe,
    *,
    candidates: Iterable[tuple[Candidate, float]],
    redact: Redact,
    work: Path,
    job_id: str,
    actor: str,
    tell: building.Tell,
) -> store.TrainingSet:
    """Build one version in ``work``, examine it, and publish it.

    Raises
    ------
    FinetuningError
        If no conversation is left; the message says which step left out how many.
    StorageError
        If the disk does not take it. Nothing is published then.
    """
    with _disk(name):
        target = work / "set"
        shutil.rmtree(target, ignore_errors=True)  # what an attempt before this one left unfinished
        target.mkdir(parents=True)
        built = building.build(
            candidates, recipe, work=work, target=target, redact=redact, tell=tell
        )
        if not sum(built.examples.values()):
            raise nothing_left(built, recipe)
        total = sum(built.examples.values())

        def tick(done: int) -> None:
            step = Message(
                N_("exemplos validados: {count} de {total}"), {"count": done, "total": total}
            )
            tell(960 + round(39 * done / total), 1000, step)

        examination = examine(
            {file: target / file for file in store.FILES},
            recipe,
            redact=redact,
            origins=(Place(**entry) for entry in building.records(target / building.ORIGINS)),
            tick=tick,
        )
        write_json(target / store.REPORT, examination.to_dict())
        manifest = vars(built) | {
            "created_at": utc_now().isoformat(),
            "actor": actor,
            "job_id": job_id,
            "recipe": recipe.to_dict(),
            "result": examination.result,
            "hashes": {file.name: store.sha256(file) for file in sorted(target.iterdir())},
            "libraries": _libraries(),
        }
        tell(1000, 1000, Message(N_("gravando a versão")))
        return store.publish(target, name, manifest)


@contextmanager
def _disk(name: str) -> Iterator[None]:
    """Say of an error of the disk what it means for a data set."""
    try:
        yield
    except OSError as error:
        raise StorageError(
            N_(
                "O conjunto «{name}» não pôde ser gravado ({reason}). Nenhuma versão foi criada. "
                "Confira se o disco tem espaço e construa de novo."
            ),
            name=name,
            reason=error.strerror or str(error),
        ) from error


def nothing_left(built: building.Built, recipe: Recipe) -> FinetuningError:
    """Return the error that says what each step left out."""
    if not built.examined:
        return FinetuningError(
            N_("Não há conversas guardadas. Importe conversas antes de construir o conjunto.")
        )
    steps = recipe.losses(built.counts, built.approved)
    said = steps[-1]
    for step in reversed(steps[:-1]):
        said = Message(N_("{one}; {more}"), {"one": step, "more": said})
    return FinetuningError(
        N_(
            "Nenhuma conversa ficou no conjunto. Saíram, das examinadas ({examined}): {losses}. "
            "Afrouxe o filtro que mais tira, ou revise e aprove mais conversas."
        ),
        examined=built.examined,
        losses=said,
    )


def _libraries() -> dict[str, str]:
    found = {name: importlib.metadata.version(name) for name in LIBRARIES}
    return found | {"python": platform.python_version(), "tokens": ENCODING}
